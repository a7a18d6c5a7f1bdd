using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace LiveMigration.Tests.Api;

/// <summary>Calls of the API whose answers are looked at.</summary>
internal static class ApiCalls
{
    /// <summary>Sends a request as the admin.</summary>
    public static async Task<(HttpStatusCode Status, JsonObject? Body)> CallAsync(
        this ApiHost host, string method, string path, string version = "2.93", JsonNode? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = JsonContent.Create(body);
        }

        using var response = await host.Operator(version).SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text)!.AsObject());
    }

    /// <summary>The same with a body as text, which must be answered with this status.</summary>
    public static async Task<JsonObject?> ExpectAsync(
        this ApiHost host, HttpStatusCode status, string method, string path, string? body = null, string version = "2.93")
    {
        var (seen, answer) = await host.CallAsync(method, path, version, body is null ? null : JsonNode.Parse(body));
        Assert.True(status == seen, $"{(int)status} was expected, {(int)seen} came: {answer?.ToJsonString()}");
        return answer;
    }

    /// <summary>The text of a fault.</summary>
    public static string Message(this JsonObject? answer) => (string)answer!.Single().Value!["message"]!;
}

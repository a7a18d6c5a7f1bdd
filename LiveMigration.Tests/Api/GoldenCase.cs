using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LiveMigration.Tests.Api;

/// <summary>One recorded exchange with a real Nova.</summary>
internal sealed record GoldenCase(string Name, JsonObject Request, JsonObject Response)
{
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "Golden");

    public static IEnumerable<string> Names => Directory.EnumerateFiles(Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal);

    public int Status => (int)Response["status"]!;

    public static GoldenCase Read(string name)
    {
        var root = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, name + ".json")))!.AsObject();
        return new GoldenCase(name, root["request"]!.AsObject(), root["response"]!.AsObject());
    }

    /// <summary>The recorded request, with the recorded token replaced by ours.</summary>
    public HttpRequestMessage ToMessage(string token)
    {
        var message = new HttpRequestMessage(new HttpMethod((string)Request["method"]!), (string)Request["path"]!);
        if (Request["body"] is { } body)
        {
            var text = body.GetValueKind() == JsonValueKind.String ? (string)body! : body.ToJsonString();
            message.Content = new StringContent(text, Encoding.UTF8);
            message.Content.Headers.ContentType = null;
        }

        foreach (var (key, value) in Request["headers"]!.AsObject())
        {
            var text = (string)value! == "<token>" ? token : (string)value!;
            if (!message.Headers.TryAddWithoutValidation(key, text))
            {
                message.Content?.Headers.TryAddWithoutValidation(key, text);
            }
        }

        return message;
    }
}

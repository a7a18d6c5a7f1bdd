using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace LiveMigration.Bench.Load;

/// <summary>Many servers, made as anybody makes servers: over the API, each with a guest of its own in the simulated cluster.</summary>
internal static class ServerCrowd
{
    private const int AtOnce = 100;
    private const int PerPage = 1_000;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    /// <summary>Makes servers until there are so many, and waits until none is being made any more.</summary>
    /// <returns>The ids of all, those that could not be made among them: they are stored and shown like the others.</returns>
    public static async Task<IReadOnlyList<string>> StoreAsync(LonelyProgram program, int count, CancellationToken ct)
    {
        using var client = Client(program);
        var began = TimeProvider.System.GetTimestamp();
        IReadOnlyList<string> guests = [];
        await Wait.UntilAsync(
            async () => (guests = await IdsAsync(client, "", ct)).Count > 0, TimeSpan.FromSeconds(60), $"the simulated guests are not shown; see {program.LogFile}", ct);
        var flavor = (string)(await PostAsync(client, "/v2.1/flavors", """{"flavor": {"name": "bench", "ram": 8, "vcpus": 1, "disk": 0}}""", ct))["flavor"]!["id"]!;
        var image = (string)(await GetAsync(client, "/image/v2/images", ct))["images"]![0]!["id"]!;
        for (var missing = count - guests.Count; missing > 0; missing -= AtOnce)
        {
            var some = Math.Min(missing, AtOnce).ToString(CultureInfo.InvariantCulture);
            await PostAsync(
                client,
                "/v2.1/servers",
                $$$"""{"server": {"name": "crowd", "imageRef": "{{{image}}}", "flavorRef": "{{{flavor}}}", "networks": "none", "min_count": {{{some}}}, "max_count": {{{some}}}}}""",
                ct);

            // One lot after the other: it is not the making that is measured.
            await Wait.UntilAsync(
                async () =>
                {
                    await Task.Delay(Interval, TimeProvider.System, ct);
                    return (await IdsAsync(client, "&status=BUILD", ct)).Count == 0;
                },
                Patience,
                $"the servers were not built; see {program.LogFile}",
                ct);
        }

        var ids = await IdsAsync(client, "", ct);
        var run = (await IdsAsync(client, "&status=ACTIVE", ct)).Count;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{ids.Count} servers after {TimeProvider.System.GetElapsedTime(began).TotalSeconds:F0} s, {run} of them run"));
        return ids.Count >= count ? [.. ids.Take(count)] : throw new InvalidOperationException($"{count} servers were to be stored, but {ids.Count} are; see {program.KeepLog()}");
    }

    /// <summary>The id of a server by its name.</summary>
    public static async Task<string> FindAsync(LonelyProgram program, string name, CancellationToken ct)
    {
        using var client = Client(program);
        return (string)(await GetAsync(client, $"/v2.1/servers?name={name}", ct))["servers"]![0]!["id"]!;
    }

    private static HttpClient Client(LonelyProgram program)
    {
        var client = new HttpClient { BaseAddress = program.Address };
        client.DefaultRequestHeaders.Add("X-Auth-Token", program.AdminToken);
        client.DefaultRequestHeaders.Add("OpenStack-API-Version", "compute 2.93");
        return client;
    }

    private static async Task<IReadOnlyList<string>> IdsAsync(HttpClient client, string filter, CancellationToken ct)
    {
        var ids = new List<string>();
        while (true)
        {
            var marker = ids.Count == 0 ? "" : $"&marker={ids[^1]}";
            var page = (await GetAsync(client, $"/v2.1/servers?limit={PerPage.ToString(CultureInfo.InvariantCulture)}{filter}{marker}", ct))["servers"]!.AsArray();
            ids.AddRange(page.Select(server => (string)server!["id"]!));
            if (page.Count < PerPage)
            {
                return ids;
            }
        }
    }

    private static async Task<JsonNode> GetAsync(HttpClient client, string path, CancellationToken ct) =>
        (await client.GetFromJsonAsync<JsonNode>(new Uri(path, UriKind.Relative), ct))!;

    private static async Task<JsonNode> PostAsync(HttpClient client, string path, string body, CancellationToken ct)
    {
        using var content = JsonContent.Create(JsonNode.Parse(body));
        using var answer = await client.PostAsync(new Uri(path, UriKind.Relative), content, ct);
        var text = await answer.Content.ReadAsStringAsync(ct);
        return answer.IsSuccessStatusCode ? JsonNode.Parse(text)! : throw new InvalidOperationException($"POST {path}: {(int)answer.StatusCode} {text}");
    }
}

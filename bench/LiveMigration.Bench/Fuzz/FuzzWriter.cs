using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace LiveMigration.Bench.Fuzz;

/// <summary>
/// Writes request number so and so of a seed: the same each time, whatever came before. Operations come in turn, so
/// that none is left out.
/// </summary>
internal sealed partial class FuzzWriter(long seed, IReadOnlyList<FuzzOperation> operations)
{
    private const int RawEvery = 12;

    // What ends the world for all that come after is asked of what is there only now and then.
    private static readonly string[] Rare =
    [
        "DeleteService", "DeleteUser", "DeleteProject", "DeleteRole", "TakeProjectRole", "TakeDomainRole", "DeleteServer", "DeleteFlavor", "RevokeToken", "UpdateUser", "UpdateProject",
    ];

    /// <summary>Writes one.</summary>
    public FuzzRequest Write(long index)
    {
        var random = new Random(unchecked((int)((seed * 1_000_003) ^ (index * 7_919) ^ ((seed ^ index) >> 31))));
        if (random.Next(RawEvery) == 0)
        {
            var (what, bytes) = FuzzRaw.Write(random);
            return new FuzzRequest(index, "raw " + what, Fill(bytes, random), IsHead: false, IsRaw: true);
        }

        var operation = operations[(int)(index % operations.Count)];
        var method = random.Next(25) == 0 ? FuzzWords.Methods[random.Next(FuzzWords.Methods.Length)] : operation.Method;
        var head = new StringBuilder()
            .Append(method).Append(' ').Append(Path(operation, random)).Append(Query(random)).Append(" HTTP/1.1\r\nHost: ")
            .Append(random.Next(50) == 0 ? "evil.example:99" : "127.0.0.1").Append("\r\n");
        Token(head, random);
        Version(head, random);
        for (var times = random.Next(6) - 3; times > 0; times--)
        {
            head.Append(FuzzWords.Headers[random.Next(FuzzWords.Headers.Length)]).Append("\r\n");
        }

        var body = Body(operation, method, random);
        Content(head, body, random);
        byte[] all = [.. Encoding.Latin1.GetBytes(head.ToString()), .. body ?? []];
        return new FuzzRequest(index, operation.Name, Fill(all, random), method is "HEAD", IsRaw: false);
    }

    private static string Path(FuzzOperation operation, Random random)
    {
        var rare = Rare.Contains(operation.Name, StringComparer.Ordinal);
        var segments = operation.Path.Split('/');
        for (var at = 1; at < segments.Length; at++)
        {
            if (segments[at].StartsWith('{'))
            {
                segments[at] = random.Next(100) < (rare ? 5 : 75) ? Known(segments[at - 1], random) : FuzzWords.Segments[random.Next(FuzzWords.Segments.Length)];
            }
        }

        var path = string.Join('/', segments);
        return random.Next(60) switch
        {
            0 => path.Replace("/v2.1/", "/v2/", StringComparison.Ordinal),
            1 => path.Replace("/v2.1/", "/v2.1/@{projects}/", StringComparison.Ordinal),
            2 => path + "/",
            3 => path.Replace("/", "//", StringComparison.Ordinal),
            4 => path + "/../" + segments[^1],
            5 => path + new string('a', random.Next(1, 6000)),
            6 => "http://evil.example" + path,
            7 => path.Replace("/v2.1/", "/v2.1/abcdef/", StringComparison.Ordinal),
            _ => path,
        };
    }

    private static string Known(string place, Random random) => place switch
    {
        "metadata" => "role",
        "tags" => "blue",
        "os-extra_specs" => "hw:cpu_policy",
        "extensions" => random.Next(2) == 0 ? "os-services" : "provider",
        "domains" => "default",
        "os-services" when random.Next(3) == 0 => new[] { "enable", "disable", "disable-log-reason", "force-down" }[random.Next(4)],
        "os-hypervisors" when random.Next(4) == 0 => "@{hosts}",
        "os-quota-sets" or "os-simple-tenant-usage" or "quotas" => "@{projects}",
        "members" => "@{servers}",
        "server-groups" => "@{os-server-groups}",
        "os-interface" => "@{ports}",
        _ => $"@{{{place}}}",
    };

    private static string Query(Random random)
    {
        if (random.Next(3) > 0)
        {
            return random.Next(80) == 0 ? "?" + FuzzWords.Segments[random.Next(FuzzWords.Segments.Length)] + "&&=&=" : "";
        }

        var pairs = Enumerable.Range(0, random.Next(1, 4)).Select(_ =>
        {
            var (name, values) = FuzzWords.Parameters[random.Next(FuzzWords.Parameters.Length)];
            return random.Next(4) == 0
                ? $"{name}={FuzzWords.Segments[random.Next(FuzzWords.Segments.Length)].Replace(' ', '+')}"
                : $"{name}={values[random.Next(values.Length)].Replace(' ', '+')}";
        });
        return "?" + string.Join('&', pairs);
    }

    private static void Token(StringBuilder head, Random random)
    {
        var token = random.Next(40) switch
        {
            < 20 => "@{token-admin}",
            < 34 => "@{token-member}",
            34 => "@{token-ended}",
            35 => "forged",
            36 => "@{token-admin}x",
            37 => new string('t', random.Next(1, 5000)),
            38 => "\u00ff\u00fe",
            _ => null,
        };
        if (token is not null)
        {
            head.Append("X-Auth-Token: ").Append(token).Append("\r\n");
            if (random.Next(200) == 0)
            {
                head.Append("X-Auth-Token: @{token-admin}\r\n");
            }
        }
    }

    private static void Version(StringBuilder head, Random random)
    {
        var version = random.Next(10) switch
        {
            0 => null,
            1 => FuzzWords.Versions[random.Next(FuzzWords.Versions.Length)],
            _ => string.Create(CultureInfo.InvariantCulture, $"2.{random.Next(1, 94)}"),
        };
        if (version is not null)
        {
            head.Append(random.Next(3) == 0 ? "X-OpenStack-Nova-API-Version: " : "OpenStack-API-Version: compute ").Append(Latin(version)).Append("\r\n");
        }
    }

    private static byte[]? Body(FuzzOperation operation, string method, Random random)
    {
        if (FuzzBodies.For(operation, random) is { } body)
        {
            return random.Next(20) == 0 ? FuzzJson.Nonsense(random) : FuzzJson.Mutate(body, random);
        }

        return method is "POST" or "PUT" or "PATCH" || random.Next(50) == 0 ? FuzzJson.Nonsense(random) : null;
    }

    private static void Content(StringBuilder head, byte[]? body, Random random)
    {
        if (body is null)
        {
            head.Append("\r\n");
            return;
        }

        var type = FuzzWords.MediaTypes[random.Next(5) == 0 ? random.Next(FuzzWords.MediaTypes.Length) : 0];
        if (type.Length > 0)
        {
            head.Append("Content-Type: ").Append(type).Append("\r\n");
        }

        // The length is that of the request as it will be sent; what is filled in changes it.
        head.Append("Content-Length: ").Append(LengthMark).Append("\r\n\r\n");
    }

    /// <summary>Stands for the length of the body, which is known when the ids have been filled in.</summary>
    public const string LengthMark = "@{length}";

    /// <summary>Chooses which of the things that are there a word stands for; the world says later what that is.</summary>
    private static byte[] Fill(byte[] bytes, Random random)
    {
        if (bytes.AsSpan().IndexOf("@{"u8) < 0)
        {
            return bytes;
        }

        var text = Word().Replace(Encoding.Latin1.GetString(bytes), match => match.Groups["name"].Value switch
        {
            "length" => match.Value,
            "any" => random.Next(1_000_000).ToString(CultureInfo.InvariantCulture),
            var name => string.Create(CultureInfo.InvariantCulture, $"@{{{name}:{random.Next(1_000_000)}}}"),
        });
        return Encoding.Latin1.GetBytes(text);
    }

    // A header is written byte by byte; what has more than a byte is written as UTF-8 would be.
    private static string Latin(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    [GeneratedRegex(@"@\{(?<name>[a-z0-9_-]+)\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Word();
}

using System.Globalization;
using System.Text;

namespace LiveMigration.Bench.Fuzz;

/// <summary>Bytes that are hardly HTTP, or not at all.</summary>
internal static class FuzzRaw
{
    private const string Admin = "X-Auth-Token: @{token-admin}\r\n";
    private const string Action = "POST /v2.1/servers/@{servers}/action HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n" + Admin;
    private const string Body = "{\"os-migrateLive\": {\"host\": null, \"block_migration\": \"auto\"}}";

    /// <summary>What is wrong about it, and the bytes.</summary>
    public static (string What, byte[] Bytes) Write(Random random) => random.Next(17) switch
    {
        0 => ("bytes", Noise(random, random.Next(1, 600))),
        1 => ("request line", Latin(RequestLine(random) + "\r\nHost: a\r\n" + Admin + "\r\n")),
        2 => ("HTTP version", Latin($"GET /v2.1/servers HTTP/{random.Next(10)}.{random.Next(10)}\r\nHost: a\r\n{Admin}\r\n")),
        3 => ("no host", Latin($"GET /v2.1/servers HTTP/1.1\r\n{Admin}\r\n")),
        4 => ("two lengths", Latin($"{Action}Content-Length: 2\r\nContent-Length: {random.Next(100)}\r\n\r\n{{}}")),
        5 => ("length", Latin($"{Action}Content-Length: {Number(random)}\r\n\r\n{Body}")),
        6 => ("length and chunks", Latin($"{Action}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")),
        7 => ("chunks", Latin($"{Action}Transfer-Encoding: chunked\r\n\r\n{Chunks(random)}")),
        8 => ("transfer coding", Latin($"{Action}Transfer-Encoding: {Pick(random, "gzip", "chunked, identity", "identity", "chunked,chunked", "xchunked", "")}\r\n\r\n{Body}")),
        9 => ("header", Latin($"GET /v2.1/servers HTTP/1.1\r\nHost: a\r\n{Admin}{Header(random)}\r\n\r\n")),
        10 => ("many headers", Latin($"GET /v2.1/servers HTTP/1.1\r\nHost: a\r\n{string.Concat(Enumerable.Range(0, random.Next(50, 400)).Select(number => $"X-{number}: y\r\n"))}\r\n")),
        11 => ("long header", Latin($"GET /v2.1/servers HTTP/1.1\r\nHost: a\r\nX-A: {new string('a', random.Next(8_000, 60_000))}\r\n\r\n")),
        12 => ("long path", Latin($"GET /v2.1/servers/{new string('a', random.Next(4_000, 20_000))} HTTP/1.1\r\nHost: a\r\n{Admin}\r\n")),
        13 => ("cut off", Cut(Latin($"{Action}Content-Length: {Body.Length}\r\n\r\n{Body}"), random)),
        14 => ("too much", Latin($"{Action}Content-Length: {200_000}\r\n\r\n{new string('x', 200_000)}")),
        15 => ("flipped", Flipped(Latin($"{Action}Content-Length: {Body.Length}\r\n\r\n{Body}"), random)),
        _ => ("injection", Latin($"GET /v2.1/servers HTTP/1.1\r\nHost: a\r\nX-Auth-Token: forged{Pick(random, "\r\n", "\n", "\r", "\0", "\t", "\u000b")}X-Role: admin\r\n\r\n")),
    };

    private static string RequestLine(Random random) => Pick(
        random, "GET", "GET /", "GET  /v2.1/servers HTTP/1.1", " GET /v2.1/servers HTTP/1.1", "GET /v2.1/ser vers HTTP/1.1", "GET * HTTP/1.1", "OPTIONS * HTTP/1.1",
        "CONNECT a:1 HTTP/1.1", "GET a HTTP/1.1", "GET http:// HTTP/1.1", "GET /%zz HTTP/1.1", "GET /\u00e4 HTTP/1.1", "G\u00cbT / HTTP/1.1", "get /v2.1/servers http/1.1", "GET /v2.1/servers HTTP/1.1 x",
        "GET /v2.1/../../etc/passwd HTTP/1.1", "GET /v2.1/servers?\u0000 HTTP/1.1", "GET /v2.1/servers#x HTTP/1.1", new string('G', 9000) + " / HTTP/1.1");

    private static string Header(Random random) => Pick(
        random, "NoColon", ": empty", "Spa ce: x", "Name : x", " folded: x", "X: a\r\n b", "X: \u0000", "X: \u0001\u007f", "\u00e4: x", "X:\u00ff\u00fe", "Host: b", "Connection: close, close, x",
        "Keep-Alive: timeout=-1", "Expect: 200-ok", "Content-Length:", "Content-Length: +5", "TE: trailers", "Upgrade: \u0000", "X-Auth-Token: @{token-member}");

    private static string Chunks(Random random) => Pick(
        random, "zz\r\n", "-1\r\n", "5\r\nabc", "ffffffffffffffff\r\n", "2\r\n{}\r\n0\r\n\r\n", "2;ext=1\r\n{}\r\n0\r\nX-Role: admin\r\n\r\n", "1\r\n{}\r\n0\r\n\r\n", "0x2\r\n{}\r\n0\r\n\r\n",
        "0\r\n", "\r\n\r\n", "2\n{}\n0\n\n", "20000\r\n" + new string('x', 0x20000) + "\r\n0\r\n\r\n");

    private static string Number(Random random) => Pick(
        random, "-5", "abc", "99999999999999999999", "9999999", "1 2", "0x10", "", " ", "5,5", random.Next(200).ToString(CultureInfo.InvariantCulture));

    private static byte[] Cut(byte[] bytes, Random random) => bytes[..random.Next(1, bytes.Length)];

    private static byte[] Flipped(byte[] bytes, Random random)
    {
        for (var times = random.Next(1, 6); times > 0; times--)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        return bytes;
    }

    private static byte[] Noise(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static string Pick(Random random, params string[] words) => words[random.Next(words.Length)];

    private static byte[] Latin(string text) => Encoding.Latin1.GetBytes(text);
}

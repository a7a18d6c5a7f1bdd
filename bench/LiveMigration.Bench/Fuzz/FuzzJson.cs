using System.Text;
using System.Text.Json.Nodes;

namespace LiveMigration.Bench.Fuzz;

/// <summary>Makes of a body that is in order one that is not, here and there.</summary>
internal static class FuzzJson
{
    /// <summary>The body's bytes, as it is or changed in one to three places.</summary>
    public static byte[] Mutate(string body, Random random)
    {
        var node = JsonNode.Parse(body)!;
        var text = body;
        if (random.Next(10) >= 4)
        {
            for (var times = random.Next(1, 4); times > 0; times--)
            {
                node = Change(node, random);
            }

            text = Filled(node.ToJsonString(), random);
        }

        return random.Next(20) == 0 ? Broken(text, random) : Encoding.UTF8.GetBytes(text);
    }

    /// <summary>Something that is no body of anything.</summary>
    public static byte[] Nonsense(Random random) => random.Next(8) switch
    {
        0 => [],
        1 => "{"u8.ToArray(),
        2 => Encoding.UTF8.GetBytes(FuzzWords.Values[random.Next(FuzzWords.Values.Length)]),
        3 => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", random.Next(1, 3000)))),
        4 => Encoding.UTF8.GetBytes(new string('[', random.Next(1, 3000))),
        5 => Encoding.UTF8.GetBytes("{\"server\": \"" + new string('x', random.Next(1, 130_000)) + "\"}"),
        6 => Bytes(random, random.Next(1, 200)),
        _ => Encoding.UTF8.GetBytes("{\"server\": {\"name\": \"a\"}, \"server\": {\"name\": \"b\"}, \"\": null}"),
    };

    // A place-holder stands where a value of FuzzWords goes, so that one that JsonNode can't hold comes through as it is.
    private static string Filled(string text, Random random)
    {
        const string Mark = "\"~value~\"";
        for (var at = text.IndexOf(Mark, StringComparison.Ordinal); at >= 0; at = text.IndexOf(Mark, StringComparison.Ordinal))
        {
            var value = random.Next(30) == 0 ? "\"" + new string('a', random.Next(200, 70_000)) + "\"" : FuzzWords.Values[random.Next(FuzzWords.Values.Length)];
            text = string.Concat(text.AsSpan(0, at), value, text.AsSpan(at + Mark.Length));
        }

        return text;
    }

    private static JsonNode Change(JsonNode root, Random random)
    {
        var places = new List<JsonNode>();
        Collect(root, places);
        var place = places[random.Next(places.Count)];
        switch (place)
        {
            case JsonObject { Count: > 0 } found:
                var key = found.ElementAt(random.Next(found.Count)).Key;
                ChangeKey(found, key, random);
                return root;
            case JsonArray { Count: > 0 } list:
                list[random.Next(list.Count)] = Value();
                return root;
            case JsonArray list:
                list.Add((JsonNode)Value());
                return root;
            case JsonObject empty:
                empty["a"] = Value();
                return root;
            default:
                return root;
        }
    }

    private static void ChangeKey(JsonObject found, string key, Random random)
    {
        switch (random.Next(6))
        {
            case 0:
                found.Remove(key);
                break;
            case 1:
                found[$"{key}x"] = Value();
                break;
            case 2:
                var value = found[key];
                found.Remove(key);
                found[key.ToUpperInvariant()] = value;
                break;
            case 3:
                var inner = found[key];
                found.Remove(key);
                found[key] = new JsonArray(inner);
                break;
            default:
                found[key] = Value();
                break;
        }
    }

    private static JsonValue Value() => JsonValue.Create("~value~");

    private static void Collect(JsonNode? node, List<JsonNode> places)
    {
        switch (node)
        {
            case JsonObject found:
                places.Add(found);
                foreach (var pair in found)
                {
                    Collect(pair.Value, places);
                }

                break;
            case JsonArray list:
                places.Add(list);
                foreach (var item in list)
                {
                    Collect(item, places);
                }

                break;
        }
    }

    private static byte[] Broken(string text, Random random)
    {
        var bytes = Encoding.UTF8.GetBytes(text).ToList();
        var at = random.Next(bytes.Count + 1);
        switch (random.Next(5))
        {
            case 0:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 1:
                bytes.InsertRange(at, [0xC3, 0x28]);
                break;
            case 2:
                bytes.InsertRange(at, [0x00]);
                break;
            case 3:
                bytes.InsertRange(at, "\\ud800"u8.ToArray());
                break;
            default:
                bytes.InsertRange(at, Bytes(random, 5));
                break;
        }

        return [.. bytes];
    }

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}

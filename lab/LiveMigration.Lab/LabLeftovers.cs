namespace LiveMigration.Lab;

/// <summary>What is there that should not be, once all moves have ended. Every line names one thing.</summary>
public static class LabLeftovers
{
    private const string Marks = "livemigration.dev/xmlns/mark";
    private static readonly string[] _pools = ["local", "shared"];

    /// <summary>Looks on both hosts and in their folders.</summary>
    /// <param name="guests">The guests that there are, and where each is.</param>
    public static async Task<IReadOnlyList<string>> OfMovesAsync(
        LabCluster lab, IReadOnlyDictionary<string, LabHost> guests, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lab);
        ArgumentNullException.ThrowIfNull(guests);
        var found = new List<string>();
        foreach (var host in lab.Hosts)
        {
            var expected = guests.Where(guest => guest.Value == host).Select(guest => guest.Key).ToList();
            var domains = await LinesAsync(lab, host, ["list", "--all", "--name"], cancellationToken);
            found.AddRange(domains.Except(expected, StringComparer.Ordinal).Select(name => $"domain {name} on {host.Name}"));
            foreach (var name in domains)
            {
                found.AddRange(await MarksOfAsync(lab, host, name, cancellationToken));
            }

            var pools = await LinesAsync(lab, host, ["pool-list", "--all", "--name"], cancellationToken);
            found.AddRange(pools.Except(_pools, StringComparer.Ordinal).Select(name => $"pool {name} on {host.Name}"));
        }

        return
        [
            .. found,
            .. FilesBesides(lab.Description.SharedDir, [".lab", .. guests.Keys.Select(guest => guest + ".qcow2")]),
            .. lab.Hosts.SelectMany(host => FilesBesides(host.LocalDir, OwnFiles(guests, host))),
        ];
    }

    // What nobody writes may stay where a guest has been; its disk may not.
    private static IEnumerable<string> OwnFiles(IReadOnlyDictionary<string, LabHost> guests, LabHost host) => guests.SelectMany(
        guest => guest.Value == host
            ? new[] { guest.Key + ".qcow2", guest.Key + "-base.qcow2", guest.Key + ".iso" }
            : [guest.Key + "-base.qcow2", guest.Key + ".iso"]);

    private static IEnumerable<string> FilesBesides(string folder, IEnumerable<string> expected) => Directory
        .EnumerateFileSystemEntries(folder)
        .Where(file => !expected.Contains(Path.GetFileName(file), StringComparer.Ordinal))
        .Select(file => $"file {file}");

    /// <summary>Looks for what has outlived the lab itself.</summary>
    public static async Task<IReadOnlyList<string>> OfLabAsync(LabDescription lab, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var names = await Shell.DemandAsync("ip", ["netns", "list"], cancellationToken);
        var links = await Shell.DemandAsync("ip", ["-o", "link", "show"], cancellationToken);
        return
        [
            .. lab.Hosts.Select(host => host.Netns).Append($"{lab.Switch}-s")
                .Where(netns => names.Split('\n').Any(line => line.Split(' ')[0] == netns))
                .Select(netns => $"namespace {netns}"),
            .. lab.Hosts.Select(host => host.Link).Append(lab.Switch)
                .Where(link => links.Contains($" {link}:", StringComparison.Ordinal) || links.Contains($" {link}@", StringComparison.Ordinal))
                .Select(link => $"link {link}"),
            .. Directory.Exists(lab.Folder) ? [$"folder {lab.Folder}"] : Array.Empty<string>(),
        ];
    }

    private static async Task<IEnumerable<string>> MarksOfAsync(
        LabCluster lab, LabHost host, string name, CancellationToken cancellationToken)
    {
        var marked = new List<string>();
        foreach (var form in new[] { Array.Empty<string>(), ["--inactive"] })
        {
            var xml = await LinesAsync(lab, host, ["dumpxml", name, .. form], cancellationToken);
            if (xml.Any(line => line.Contains(Marks, StringComparison.Ordinal)))
            {
                marked.Add($"mark in {name} on {host.Name} {string.Concat(form)}".TrimEnd());
            }
        }

        return marked;
    }

    private static async Task<IReadOnlyList<string>> LinesAsync(
        LabCluster lab, LabHost host, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var answer = await lab.EnterAsync(host, ["virsh", "-q", "-c", "qemu:///system", .. arguments], cancellationToken);
        return answer.Succeeded
            ? [.. answer.Output.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)]
            : throw new InvalidOperationException($"virsh {string.Join(' ', arguments)} on {host.Name}: {answer.Error.Trim()}");
    }
}

using LiveMigration.Core.Drivers;
using LiveMigration.Core.Model;
using LiveMigration.Core.Settings;
using LiveMigration.Hypervisor.Simulated;

namespace LiveMigration.Simulation;

/// <summary>Makes a history of a seed: some are calm, in some only the controller dies, in most all goes wrong at once.</summary>
internal static class ScriptWriter
{
    private const int Requests = 40;
    private const string Shared = "/srv/shared";
    private const string Local = "/srv/local";

    /// <summary>All folders that hosts have.</summary>
    public static readonly IReadOnlyList<string> Folders = [Shared, Local];

    /// <param name="seed">The history's number.</param>
    public static Script Write(long seed)
    {
        var random = new Random(unchecked((int)(seed ^ (seed >> 32) ^ 0x5eed)));
        var hosts = Enumerable.Range(0, random.Next(2, 5)).Select(number => ((char)('a' + number)).ToString()).ToList();
        var guests = Enumerable.Range(1, random.Next(2, 7)).Select(number => new Guid(number, 0x6c6d, 0, [0, 0, 0, 0, 0, 0, 0, 1])).ToList();
        var cloud = WriteCloud(random, hosts, guests);
        var span = TimeSpan.FromSeconds(Requests * random.Next(1, 6));
        var settings = WriteSettings(random);
        List<ScriptEvent> events = [.. WriteRequests(random, hosts, guests, span)];
        var mood = random.Next(5);
        if (mood is 1 or 3 or 4)
        {
            events.AddRange(WriteCrashes(random, span));
        }

        if (mood is 2 or 3 or 4)
        {
            events.AddRange(WriteTroubles(random, hosts, guests, span, deadly: mood == 4));
        }

        events.AddRange(WriteWhims(random, guests, span));
        if (mood is 3 or 4)
        {
            events.AddRange(WriteOutages(random, span));
        }

        return new Script(seed, cloud, settings, [.. events.OrderBy(one => one.At)]);
    }

    private static SimulatedCloudOptions WriteCloud(Random random, List<string> hosts, List<Guid> guests)
    {
        var volumes = new List<SimulatedVolume>();
        return new SimulatedCloudOptions
        {
            Hosts = [.. hosts.Select(name => new SimulatedHostOptions(name)
            {
                Folders = [new SimulatedFolder(Shared, "nfs"), new SimulatedFolder(Local, $"disk of {name}")],
                MemoryMiB = random.Next(4) == 0 ? 4096 : 65_536,
                QemuStart = TimeSpan.FromMilliseconds(random.Next(50, 1500)),
                Rules = [new SimulatedRule("clean", "no spoofing")],
            })],
            DefaultLink = new SimulatedLinkOptions("*", "*")
            {
                BandwidthMiBps = Pick(random, 50, 200, 1000),
                Latency = TimeSpan.FromMilliseconds(random.Next(0, 20)),
            },
            Guests = [.. guests.Select((guest, index) => WriteGuest(random, hosts, guest, index + 1, volumes))],
            Volumes = volumes,
        };
    }

    private static SimulatedGuestOptions WriteGuest(
        Random random, List<string> hosts, Guid uuid, int number, List<SimulatedVolume> volumes)
    {
        var host = hosts[random.Next(hosts.Count)];
        var guest = new SimulatedGuestOptions(uuid, host, $"guest-{number}")
        {
            MemoryMiB = Pick(random, 128, 256, 512, 1024),
            DirtyMiBps = Pick(random, 0, 4, 40, 400),
            WorkingSetMiB = Pick(random, 8, 32, 128),
            Disks = [Disk(Shared, number)],
        };
        switch (random.Next(4))
        {
            case 0:
                guest = guest with { Disks = [Disk(Local, number)] };
                break;
            case 1:
                var volume = new Volume("192.0.2.50:3260", $"iqn.2026-01.org.example:disk-{number}");
                volumes.Add(new SimulatedVolume(volume, [host]));
                guest = guest with { Disks = [Disk(volume)] };
                break;
            default:
                break;
        }

        return random.Next(2) == 0
            ? guest
            : guest with
            {
                Interfaces =
                [
                    new GuestInterface($"52:54:00:00:00:{number:x2}", "bridge", "br0") { Rule = random.Next(2) == 0 ? "clean" : null },
                ],
            };
    }

    private static GuestDisk Disk(string folder, int number) => new(
        "vda", "file", $"{folder}/disk-{number}.qcow2", "qcow2", ReadOnly: false, Shareable: false, "disk", 64 << 20, 1 << 20);

    private static GuestDisk Disk(Volume volume) => new(
        "vda", "network", Path: null, "raw", ReadOnly: false, Shareable: false, "disk", 0, 0)
    {
        Network = new NetworkSource("iscsi", $"{volume.Target}/1", volume.Portal.Split(':')[0], Port: null),
    };

    private static LiveMigrationSettings WriteSettings(Random random) => new()
    {
        PermitPostCopy = random.Next(2) == 0,
        PermitAutoConverge = random.Next(2) == 0,
        CompletionTimeoutSecondsPerGiB = Pick(random, 0, 5, 60, 800),
        TimeoutAction = random.Next(2) == 0 ? TransferWords.Abort : TransferWords.ForceComplete,
        StalledTimeoutSeconds = Pick(random, 0, 3, 60),
        MaxConcurrentPerSource = Pick(random, 1, 2, 10),
        MaxConcurrentPerDestination = Pick(random, 1, 2, 10),
        MigrateMaxRetries = Pick(random, -1, 0, 1),
        FirstDowntimeMs = Pick(random, 0, 20, 300),
        SweepIntervalSeconds = 20,
        MonitorIntervalMs = Pick(random, 500, 5_000),
    };

    private static IEnumerable<ScriptEvent> WriteRequests(Random random, List<string> hosts, List<Guid> guests, TimeSpan span)
    {
        for (var number = 0; number < Requests; number++)
        {
            var at = Within(random, span);
            var guest = guests[random.Next(guests.Count)];
            yield return new ScriptEvent.Migrate(
                at,
                guest,
                random.Next(2) == 0 ? null : hosts[random.Next(hosts.Count)],
                BlockMigration.Auto,
                random.Next(4) == 0 ? new TransferOverrides { PermitPostCopy = true, PermitAutoConverge = false } : null);
            var later = at + TimeSpan.FromMilliseconds(random.Next(1, 5_000));
            switch (random.Next(6))
            {
                case 0:
                    yield return new ScriptEvent.Abort(later, guest);
                    break;
                case 1:
                    yield return new ScriptEvent.Force(later, guest);
                    break;
                case 2:
                    yield return new ScriptEvent.Pause(later, guest, Spell(random));
                    break;
                default:
                    break;
            }
        }
    }

    private static IEnumerable<ScriptEvent> WriteCrashes(Random random, TimeSpan span) =>
        Enumerable.Range(0, random.Next(1, 9)).Select(ScriptEvent (_) =>
            new ScriptEvent.Crash(Within(random, span), random.Next(1, 60), Spell(random)));

    private static IEnumerable<ScriptEvent> WriteOutages(Random random, TimeSpan span) =>
        Enumerable.Range(0, random.Next(0, 4)).Select(ScriptEvent (_) => new ScriptEvent.StateFails(
            Within(random, span), random.Next(2) == 0 ? StateTrouble.Full : StateTrouble.Unreadable, Spell(random)));

    /// <summary>Beside all that, tenants switch and delete their guests, operators reset their states, somebody sets the controller's clock.</summary>
    private static IEnumerable<ScriptEvent> WriteWhims(Random random, List<Guid> guests, TimeSpan span)
    {
        var mood = random.Next(4);
        var wishes = mood is 0 or 2 ? WriteWishes(random, guests, span) : [];
        var jumps = mood is 1 or 2
            ? Enumerable.Range(0, random.Next(1, 4)).Select(_ => new ScriptEvent.ClockJump(
                Within(random, span), TimeSpan.FromSeconds(random.Next(-7_200, 7_200))))
            : [];
        return [.. wishes, .. jumps];
    }

    /// <summary>What tenants and operators want beside moves.</summary>
    private static IEnumerable<ScriptEvent> WriteWishes(Random random, List<Guid> guests, TimeSpan span)
    {
        var actions = Enum.GetValues<PowerAction>();
        for (var number = random.Next(1, 12); number > 0; number--)
        {
            var (at, guest) = (Within(random, span), guests[random.Next(guests.Count)]);
            yield return random.Next(10) switch
            {
                0 => new ScriptEvent.Delete(at, guest),
                1 => new ScriptEvent.Reset(at, guest, random.Next(2) == 0),
                _ => new ScriptEvent.Power(at, guest, actions[random.Next(actions.Length)]),
            };
        }
    }

    private static IEnumerable<ScriptEvent> WriteTroubles(
        Random random, List<string> hosts, List<Guid> guests, TimeSpan span, bool deadly)
    {
        for (var number = random.Next(1, 16); number > 0; number--)
        {
            var at = Within(random, span);
            var host = hosts[random.Next(hosts.Count)];
            var other = hosts[random.Next(hosts.Count)];
            var operations = Enum.GetValues<SimulatedOperation>();
            var operation = operations[random.Next(operations.Length)];
            yield return random.Next(deadly ? 12 : 10) switch
            {
                0 => new ScriptEvent.KillLibvirtd(at, host, Spell(random)),
                1 => new ScriptEvent.CutControl(at, host, Spell(random)),
                2 or 3 when other != host => new ScriptEvent.CutLink(at, host, other, Spell(random)),
                4 when other != host => new ScriptEvent.BreakStreams(at, host, other),
                5 => new ScriptEvent.Slow(at, host, TimeSpan.FromMilliseconds(random.Next(10, 4_000)), Spell(random)),
                6 => new ScriptEvent.Refuse(at, host, operation),
                7 => new ScriptEvent.FillDisk(at, host),
                8 => new ScriptEvent.CutStorage(at, Spell(random)),
                10 => new ScriptEvent.GuestEnds(at, guests[random.Next(guests.Count)]),
                11 => new ScriptEvent.HostDies(at, host, Spell(random)),
                _ => new ScriptEvent.LoseReply(at, host, operation),
            };
        }
    }

    /// <summary>Mostly short, sometimes longer than any time-out.</summary>
    private static TimeSpan Spell(Random random) => TimeSpan.FromMilliseconds(random.Next(4) switch
    {
        0 => random.Next(1, 200),
        1 => random.Next(200, 3_000),
        2 => random.Next(3_000, 20_000),
        _ => random.Next(20_000, 90_000),
    });

    private static TimeSpan Within(Random random, TimeSpan span) =>
        TimeSpan.FromSeconds(2) + TimeSpan.FromMilliseconds(random.Next((int)span.TotalMilliseconds));

    private static T Pick<T>(Random random, params T[] choices) => choices[random.Next(choices.Length)];
}

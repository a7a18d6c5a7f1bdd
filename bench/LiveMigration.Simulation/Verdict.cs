using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using LiveMigration.Hypervisor.Simulated;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Simulation;

/// <summary>Judges a history by the invariants of docs/reliability.md.</summary>
internal sealed class Verdict(Script script, SimulatedCloud cloud, Func<ControlPlaneDbContext> open)
{
    private readonly Dictionary<int, Guid> _accepted = [];
    private readonly Dictionary<Guid, int> _latest = [];
    private readonly HashSet<Guid> _excused = [];
    private readonly List<string> _violations = [];

    /// <summary>A client was told that its migration is accepted.</summary>
    public void NoteAccepted(Guid guest, int migration) => (_accepted[migration], _latest[guest]) = (guest, migration);

    /// <summary>The migration of a guest that was accepted last.</summary>
    public int? LatestOf(Guid guest) => _latest.TryGetValue(guest, out var migration) ? migration : null;

    /// <summary>The guest was killed by somebody else: that it runs nowhere is nobody's fault.</summary>
    public void Excuse(Guid guest) => _excused.Add(guest);

    /// <summary>Something went wrong that the controller did not expect.</summary>
    public void Note(IEnumerable<string> surprises) => _violations.AddRange(surprises.Select(one => $"unexpected: {one}"));

    /// <summary>Whether all that was begun has ended and nothing is left to be tidied.</summary>
    public async Task<bool> IsAtRestAsync()
    {
        await using var db = open();
        return !await db.Migrations.AnyAsync(row => row.FinishedAt == null || row.LeaseOwner != null)
            && !await db.PendingCleanups.AnyAsync()
            && !await db.ProbedFolders.AnyAsync()
            && !await db.PowerTasks.AnyAsync()
            && !await db.Instances.AnyAsync(row => row.TaskState != null);
    }

    /// <summary>What has not ended, also what a client asked for that never got an answer.</summary>
    public async Task<IReadOnlyList<(Guid Guest, int Migration)>> FindUnfinishedAsync()
    {
        await using var db = open();
        var unfinished = await db.Migrations.AsNoTracking().Where(row => row.FinishedAt == null).OrderBy(row => row.Id).ToListAsync();
        return [.. unfinished.Select(row => (row.InstanceUuid, row.Id))];
    }

    public async Task<Outcome> FindAsync(IEnumerable<string> surprises)
    {
        Note(surprises);
        await using var db = open();
        var migrations = await db.Migrations.AsNoTracking().OrderBy(row => row.Id).ToListAsync();
        var instances = await db.Instances.AsNoTracking().ToDictionaryAsync(row => row.Uuid);
        RunsOnce();
        Ended(migrations);
        await NothingIsHeldAsync(db);
        foreach (var guest in script.Cloud.Guests)
        {
            IsWhereItIsRecorded(guest, instances);
            NothingIsLeft(guest, instances.GetValueOrDefault(guest.Uuid));
        }

        foreach (var migration in migrations.Where(row => row.Status != MigrationStatus.Completed))
        {
            StayedAtTheSource(migration);
        }

        return new Outcome(migrations.Count, _violations, Digest(migrations));
    }

    /// <summary>I1, I2: the ledger of the cloud holds every instant.</summary>
    private void RunsOnce()
    {
        var excused = script.Cloud.Guests.Where(guest => _excused.Contains(guest.Uuid)).Select(guest => $"guest {guest.Name} runs nowhere").ToList();
        _violations.AddRange(cloud.Audit()
            .Where(line => !excused.Exists(excuse => line.StartsWith(excuse, StringComparison.Ordinal)))
            .Select(line => $"I1/I2: {line}"));
    }

    /// <summary>I3, I7: what was accepted is there, and has ended.</summary>
    private void Ended(List<Migration> migrations)
    {
        foreach (var migration in migrations.Where(row => !row.Status.IsTerminal() || row.LeaseOwner is not null))
        {
            _violations.Add($"I3: migration {migration.Id} is {migration.Status} for ever: {migration.Reason}");
        }

        foreach (var id in _accepted.Keys.Except(migrations.Select(row => row.Id)))
        {
            _violations.Add($"I7: migration {id} was accepted and is not there");
        }
    }

    /// <summary>I3, I5: in the records.</summary>
    private async Task NothingIsHeldAsync(ControlPlaneDbContext db)
    {
        _violations.AddRange((await db.Instances.AsNoTracking().Where(row => row.TaskState != null).ToListAsync())
            .Select(row => $"I3: {row.DisplayName} is {row.TaskState} for ever"));
        _violations.AddRange((await db.Claims.AsNoTracking().ToListAsync()).Select(row => $"I5: a claim of migration {row.MigrationId}"));
        _violations.AddRange((await db.DiskClaims.AsNoTracking().ToListAsync()).Select(row => $"I5: a disk claim of migration {row.MigrationId}"));
        _violations.AddRange((await db.ProbedFolders.AsNoTracking().ToListAsync())
            .Select(row => $"I5: migration {row.MigrationId} may have a probe in {row.Folder} at {row.Host}"));
        _violations.AddRange(cloud.Hosts.SelectMany(host => ScriptWriter.Folders.SelectMany(folder => cloud.FilesOn(host, folder)
            .Where(file => file.StartsWith(".livemigration-", StringComparison.Ordinal))
            .Select(file => $"I5: {folder}/{file} on {host}"))));
        _violations.AddRange((await db.PendingCleanups.AsNoTracking().ToListAsync())
            .Select(row => $"I5: a clean-up of migration {row.MigrationId} at {row.Host}: {row.Reason}"));
    }

    /// <summary>I2, I4.</summary>
    private void IsWhereItIsRecorded(SimulatedGuestOptions guest, Dictionary<Guid, Instance> instances)
    {
        var known = cloud.Hosts.Where(host => cloud.Knows(host, guest.Uuid)).ToList();
        var runs = cloud.WhereRuns(guest.Uuid);
        if (!instances.TryGetValue(guest.Uuid, out var instance))
        {
            _violations.Add($"I4: {guest.Name} is not recorded");
            return;
        }

        if (instance.VmState == VmState.Deleted)
        {
            _violations.AddRange(known.Select(host => $"I5: {guest.Name} was deleted and is known to {host}"));
            return;
        }

        if (known.Count != 1)
        {
            _violations.Add($"I5: {guest.Name} is known to {(known.Count == 0 ? "nobody" : string.Join(" and ", known))}");
        }
        else if (known[0] != instance.Host)
        {
            _violations.Add($"I4: {guest.Name} is recorded on {instance.Host} and is on {known[0]}");
        }

        if (runs.Count == 0 && !_excused.Contains(guest.Uuid))
        {
            _violations.Add($"I2: {guest.Name} runs nowhere");
        }
    }

    /// <summary>I5: on the hosts.</summary>
    private void NothingIsLeft(SimulatedGuestOptions guest, Instance? instance)
    {
        foreach (var host in cloud.Hosts)
        {
            if (cloud.MarkOn(host, guest.Uuid) is { } mark)
            {
                _violations.Add($"I5: {guest.Name} carries the mark of {mark.Migration} on {host}");
            }

            foreach (var path in cloud.ImagesOn(host).Where(path => path.Contains(".livemigration-", StringComparison.Ordinal)))
            {
                _violations.Add($"I5: {path} on {host}");
            }

            // It was adopted: where it was removed, its disks stay.
            var home = instance?.VmState == VmState.Deleted ? instance.Host == host : cloud.Knows(host, guest.Uuid);
            foreach (var disk in guest.Disks.Where(disk => disk.Path?.StartsWith("/srv/local", StringComparison.Ordinal) == true))
            {
                if (cloud.ImagesOn(host).Contains(disk.Path!, StringComparer.Ordinal) != home)
                {
                    _violations.Add($"I5: the disk of {guest.Name} is {(home ? "no longer" : "still")} on {host}");
                }
            }
        }

        if (instance?.VmState == VmState.Deleted)
        {
            // Its volume's access is its operator's as well.
            return;
        }

        foreach (var volume in script.Cloud.Volumes.Select(one => one.Volume).Where(volume => Uses(guest, volume)))
        {
            var expected = cloud.Hosts.Where(host => cloud.Knows(host, guest.Uuid));
            if (!cloud.AccessTo(volume).Order(StringComparer.Ordinal).SequenceEqual(expected.Order(StringComparer.Ordinal), StringComparer.Ordinal))
            {
                _violations.Add($"I5: the volume of {guest.Name} lets in {string.Join(", ", cloud.AccessTo(volume))}");
            }
        }
    }

    private static bool Uses(SimulatedGuestOptions guest, Volume volume) =>
        guest.Disks.Any(disk => disk.Network?.Name.StartsWith(volume.Target + "/", StringComparison.Ordinal) == true);

    /// <summary>I8.</summary>
    private void StayedAtTheSource(Migration migration)
    {
        if (script.Events.OfType<ScriptEvent.ClockJump>().Any())
        {
            // The records' times tell nothing of the ledger's.
            return;
        }

        var (began, ended) = (Since(migration.CreatedAt), Since(migration.FinishedAt ?? migration.CreatedAt));
        var ran = cloud.RunLedger.FirstOrDefault(entry => entry.Guest == migration.InstanceUuid && entry.Runs
            && entry.Host == migration.DestCompute && entry.At >= began && entry.At <= ended);
        if (ran is not null && !_excused.Contains(migration.InstanceUuid))
        {
            _violations.Add($"I8: migration {migration.Id} ended as {migration.Status} ({migration.Reason}), but the guest ran on {ran.Host}");
        }
    }

    private static TimeSpan Since(DateTime when) => when - new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private string Digest(List<Migration> migrations)
    {
        var text = new StringBuilder();
        foreach (var entry in cloud.History)
        {
            text.Append(CultureInfo.InvariantCulture, $"{entry}\n");
        }

        foreach (var migration in migrations)
        {
            text.Append(CultureInfo.InvariantCulture, $"{migration.Id} {migration.Uuid} {migration.Status} {migration.Epoch} {migration.FinishedAt:O} {migration.Reason}\n");
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}

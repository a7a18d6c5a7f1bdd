using System.Text.Json;
using LiveMigration.Core.Drivers;
using LiveMigration.Core.Model;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LiveMigration.Core.Inventory;

/// <summary>The records of the hosts: one for each of the configuration, kept as the hosts say.</summary>
internal sealed class HostRecords(
    IDbContextFactory<ControlPlaneDbContext> contexts, IComputeDriver driver, IIdSource ids, TimeProvider time)
{
    /// <summary>Makes the records fit the configuration; a host that is no longer in it keeps its record, out of use.</summary>
    public async Task FitConfigurationAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var known = await db.ComputeNodes.ToListAsync(ct);
        foreach (var host in driver.Hosts.Where(host => known.TrueForAll(node => node.Host != host)))
        {
            db.ComputeNodes.Add(new ComputeNode
            {
                ServiceUuid = ids.NewGuid(),
                Uuid = ids.NewGuid(),
                Host = host,
                HypervisorHostname = host,
                CreatedAt = Now(),
            });
        }

        foreach (var node in known)
        {
            node.Configured = driver.Hosts.Contains(node.Host, StringComparer.Ordinal);
            // One that stays keeps what was known: a move that was under way must not fail because we were away.
            node.Connected = node.Connected && node.Configured;
            node.ConnectionError = node.Configured ? node.ConnectionError : null;
        }

        await db.SaveChangesAsync(ct);
    }

    public async Task NoteLinkAsync(string host, HostLink link, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        await db.ComputeNodes.Where(node => node.Host == host).ExecuteUpdateAsync(
            set => set.SetProperty(node => node.Connected, link.Open).SetProperty(node => node.ConnectionError, link.Error), ct);
    }

    public async Task NoteFactsAsync(string host, HostFacts facts, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var now = Now();
        var cpu = CpuJson(facts.Cpu);
        var booted = now - facts.Uptime;
        await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE compute_nodes SET
                Connected = 1,
                ConnectionError = NULL,
                LastSeenAt = {now},
                UpdatedAt = {now},
                HypervisorHostname = {facts.Hostname},
                HypervisorType = {facts.HypervisorType},
                HypervisorVersion = {facts.HypervisorVersion},
                HostIp = {facts.HostIp},
                MemoryMiB = {facts.MemoryMiB},
                Vcpus = {facts.Vcpus},
                LocalGiB = {facts.LocalGiB},
                FreeDiskGiB = {facts.FreeDiskGiB},
                BootedAt = {booted},
                CpuInfoJson = {cpu}
            WHERE Host = {host}
            """,
            ct);
    }

    private static string CpuJson(HostCpu cpu) => JsonSerializer.Serialize(new
    {
        arch = cpu.Arch,
        model = cpu.Model,
        vendor = cpu.Vendor,
        topology = new { cells = cpu.Cells, sockets = cpu.Sockets, cores = cpu.Cores, threads = cpu.Threads },
        features = cpu.Features,
    });

    private DateTime Now() => time.GetUtcNow().UtcDateTime;
}

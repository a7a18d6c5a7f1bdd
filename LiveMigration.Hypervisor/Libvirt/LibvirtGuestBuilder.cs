using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Hypervisor.Native;

namespace LiveMigration.Hypervisor.Libvirt;

/// <summary>Makes and removes guests over libvirt: files by its storage calls and streams, guests by its definitions.</summary>
public sealed class LibvirtGuestBuilder(LibvirtDriver driver) : IGuestBuilder
{
    private const int BlockBytes = 256 * 1024;

    /// <inheritdoc/>
    public async Task WriteFileAsync(string host, NewGuestFile file, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (await driver.ConnectionOf(host).CallAsync(connection => DiskUsers.Find(connection, file.Path), ct) is { } user)
            throw new HypervisorRefused(host, $"{file.Path} is used by guest {user}");
        _ = await driver.FoldersOf(host).UseLongAsync(
            Path.GetDirectoryName(file.Path)!,
            (connection, pool) =>
            {
                Write(connection, pool, file);
                return true;
            },
            ct);
    }

    /// <inheritdoc/>
    public Task DefineAsync(string host, GuestPlan plan, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return driver.ConnectionOf(host).CallAsync(
            connection =>
            {
                if (GuestReader.Find(connection, host, plan.Uuid) is not (null or { State: GuestState.Off }))
                    return true;
                var capabilities = GuestXml.Parse(connection.GetDomainCapabilities(plan.Emulator, plan.VirtType));
                connection.DefineDomain(NewGuestXml.Write(plan, capabilities)).Dispose();
                return true;
            },
            ct);
    }

    /// <inheritdoc/>
    // Starting takes as long as QEMU does, longer than an answer may take.
    public Task StartAsync(string host, Guid guest, CancellationToken ct) => driver.ConnectionOf(host).LongCallAsync(
        $"libvirt-{host}-start",
        connection =>
        {
            using var domain = connection.LookupDomain(guest);
            if (!domain.IsActive)
                domain.Create();
            return true;
        },
        ct,
        guest);

    /// <inheritdoc/>
    public Task RemoveAsync(string host, Guid guest, CancellationToken ct) => driver.ConnectionOf(host).LongCallAsync(
        $"libvirt-{host}-remove",
        connection =>
        {
            GuestRemoval.Remove(connection, host, guest);
            return true;
        },
        ct);

    private static void Write(LibvirtConnection connection, LibvirtPool pool, NewGuestFile file)
    {
        var name = Path.GetFileName(file.Path);
        pool.DeleteVolume(name);
        pool.CreateVolume(VolumeXml.Raw(name, file.Source.Bytes));
        using (var source = file.Source.Open())
        {
            var buffer = new byte[BlockBytes];
            VolumeStream.Write(connection, pool, name, () => source.Read(buffer) is var count and > 0 ? buffer[..count] : null);
        }

        // Only a look at the written file tells libvirt what format it has.
        pool.Refresh();
        if (file.DiskBytes is { } bytes && VolumeXml.Capacity(pool.FindVolumeXml(name) ?? "<volume/>") < bytes)
            pool.ResizeVolume(name, bytes);
    }
}

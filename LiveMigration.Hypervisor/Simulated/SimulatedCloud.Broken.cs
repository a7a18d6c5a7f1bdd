using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;

namespace LiveMigration.Hypervisor.Simulated;

/// <content>The end of a guest whose post-copy broke for good.</content>
public sealed partial class SimulatedCloud
{
    internal void KeepDefinition(CloudHost keeper, GuestCopy broken, DestinationChanges changes)
    {
        if (!keeper.Guests.TryGetValue(broken.Guest.Uuid, out var copy))
        {
            copy = _state.Add(keeper, broken.Guest, GuestState.Off);
            copy.Mark = broken.Mark;
            copy.DefineAs(broken, changes);
        }

        copy.Persistent = true;
    }

    internal void EndBrokenGuest(CloudHost host, Guid guest, MigrationMark mark)
    {
        if (!host.Guests.TryGetValue(guest, out var copy) || copy.State is GuestState.Off or GuestState.Crashed) return;
        RefuseForeign(host, copy, mark);
        if (copy.State != GuestState.PostCopyFailed)
            throw new HypervisorRefused(host.Name, $"guest {guest} is {copy.State}, no post-copy that broke");
        // Both halves are there: resuming it would have saved the guest.
        if (copy.Transfer is not null) _state.Note(host.Name, guest, "ended although it could be resumed");
        KillQemu(host.Name, guest);
    }

    private static void RefuseForeign(CloudHost host, GuestCopy copy, MigrationMark mark)
    {
        if (copy.Mark?.Migration != mark.Migration)
            throw new HypervisorRefused(host.Name, $"guest {copy.Guest.Uuid} does not carry the mark of migration {mark.Migration}");
        if (copy.Mark.Epoch > mark.Epoch)
        {
            throw new HypervisorRefused(
                host.Name, $"guest {copy.Guest.Uuid} carries the mark of epoch {copy.Mark.Epoch}, which is newer than {mark.Epoch}");
        }
    }
}

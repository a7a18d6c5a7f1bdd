using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;

namespace LiveMigration.Hypervisor.Simulated;

/// <content>The switch of guests.</content>
public sealed partial class SimulatedCloud
{
    private readonly HashSet<Guid> _deaf = [];

    /// <summary>The guest no longer listens to its power button, as one that hangs.</summary>
    public void IgnorePowerButton(Guid guest) => Within(() => _deaf.Add(guest));

    internal void Start(CloudHost host, Guid guest)
    {
        var copy = IdleCopyOf(host, guest);
        if (copy.State is GuestState.Off or GuestState.Suspended or GuestState.Crashed)
            _state.SetState(copy, GuestState.Running, RunCause.Asked);
    }

    internal void ShutDown(CloudHost host, Guid guest)
    {
        var copy = IdleCopyOf(host, guest);
        if (copy.Runs && !_deaf.Contains(guest))
            SwitchOff(copy);
    }

    internal void PowerOff(CloudHost host, Guid guest)
    {
        var copy = IdleCopyOf(host, guest);
        if (!copy.Persistent)
            throw new HypervisorRefused(host.Name, $"guest {guest} is not defined on {host.Name}, only running: switched off it would be gone");
        if (copy.State is not (GuestState.Off or GuestState.Suspended))
            SwitchOff(copy);
    }

    internal void Restart(CloudHost host, Guid guest)
    {
        var copy = IdleCopyOf(host, guest);
        if (copy.State is not (GuestState.Running or GuestState.Paused)) throw new HypervisorRefused(host.Name, DomainNotRunning);
        _state.Note(host.Name, guest, "restarted");
    }

    internal void Save(CloudHost host, Guid guest)
    {
        var copy = IdleCopyOf(host, guest);
        if (copy.State == GuestState.Suspended) return;
        if (copy.State is not (GuestState.Running or GuestState.Paused)) throw new HypervisorRefused(host.Name, DomainNotRunning);
        if (!copy.Persistent) throw new HypervisorRefused(host.Name, $"{Invalid}: cannot do managed save for transient domain");
        _state.SetState(copy, GuestState.Suspended, RunCause.Asked);
    }

    private void SwitchOff(GuestCopy copy)
    {
        if (copy.Persistent) _state.SetState(copy, GuestState.Off, RunCause.Asked);
        else _state.Remove(copy, RunCause.Asked);
    }
}

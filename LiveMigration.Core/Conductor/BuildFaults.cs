using LiveMigration.Core.Model;

namespace LiveMigration.Core.Conductor;

/// <summary>How a failed build shows in the instance.</summary>
internal static class BuildFaults
{
    public static void Note(Instance instance, string reason, DateTime now)
    {
        instance.VmState = VmState.Error;
        instance.PowerState = PowerState.NoState;
        instance.FaultCode = 500;
        instance.FaultMessage = reason.Length > 2000 ? reason[..2000] : reason;
        instance.FaultAt = now;
        instance.UpdatedAt = now;
    }
}

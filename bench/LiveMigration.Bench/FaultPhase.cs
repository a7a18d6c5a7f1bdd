namespace LiveMigration.Bench;

/// <summary>When in a move a fault comes.</summary>
internal enum FaultPhase
{
    /// <summary>The move is being checked; nothing has been touched.</summary>
    Checks,

    /// <summary>The guest is marked; the destination is about to be made ready.</summary>
    Prepare,

    /// <summary>Memory flows, the guest runs at the source.</summary>
    PreCopy,

    /// <summary>The guest has switched over and libvirt's call has returned; the controller has not looked yet.</summary>
    SwitchOver,

    /// <summary>The guest runs at the destination while a part of its memory is still at the source.</summary>
    PostCopy,

    /// <summary>The controller knows that the guest has moved; nothing is tidied yet.</summary>
    Post,
}

/// <summary>How a phase is met.</summary>
internal static class FaultPhases
{
    /// <summary>As reports call it.</summary>
    public static string NameOf(FaultPhase phase) => phase switch
    {
        FaultPhase.PreCopy => "pre-copy",
        FaultPhase.SwitchOver => "switch-over",
        FaultPhase.PostCopy => "post-copy",
        _ => $"{phase}".ToLowerInvariant(),
    };

    /// <summary>The failpoint at which the controller is held while the fault is made; null where a slow copy gives time enough.</summary>
    public static string? HoldOf(FaultPhase phase) => phase switch
    {
        FaultPhase.Checks => "driver:CreateStorageProbe:before",
        FaultPhase.Prepare => "driver:SetMark:after",
        FaultPhase.SwitchOver => "driver:Transfer:after",
        FaultPhase.Post => "journal:live-migration.StepDone:after",
        _ => null,
    };
}

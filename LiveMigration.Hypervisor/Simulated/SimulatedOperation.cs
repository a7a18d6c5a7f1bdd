using LiveMigration.Core.Drivers;

namespace LiveMigration.Hypervisor.Simulated;

/// <summary>The calls of the ports that can be made to fail or to lose their reply.</summary>
public enum SimulatedOperation
{
    /// <summary><see cref="IComputeDriver.GetHostFactsAsync"/>.</summary>
    GetHostFacts,

    /// <summary><see cref="IComputeDriver.ListGuestsAsync"/>.</summary>
    ListGuests,

    /// <summary><see cref="IComputeDriver.FindGuestAsync"/>.</summary>
    FindGuest,

    /// <summary><see cref="IComputeDriver.DescribeGuestAsync"/>.</summary>
    DescribeGuest,

    /// <summary><see cref="IComputeDriver.CompareCpuAsync"/>.</summary>
    CompareCpu,

    /// <summary><see cref="IComputeDriver.CreateStorageProbeAsync"/>.</summary>
    CreateStorageProbe,

    /// <summary><see cref="IComputeDriver.SeesStorageProbeAsync"/>.</summary>
    SeesStorageProbe,

    /// <summary><see cref="IComputeDriver.RemoveStorageProbeAsync"/>.</summary>
    RemoveStorageProbe,

    /// <summary><see cref="IComputeDriver.SetMarkAsync"/>.</summary>
    SetMark,

    /// <summary><see cref="IComputeDriver.ClearMarkAsync"/>.</summary>
    ClearMark,

    /// <summary><see cref="IComputeDriver.TransferAsync"/>; its reply comes when the transfer has ended.</summary>
    Transfer,

    /// <summary><see cref="IComputeDriver.GetJobAsync"/>.</summary>
    GetJob,

    /// <summary><see cref="IComputeDriver.GetCompletedJobAsync"/>.</summary>
    GetCompletedJob,

    /// <summary><see cref="IComputeDriver.SetMaxDowntimeAsync"/>.</summary>
    SetMaxDowntime,

    /// <summary><see cref="IComputeDriver.SetBandwidthAsync"/>.</summary>
    SetBandwidth,

    /// <summary><see cref="IComputeDriver.AbortJobAsync"/>.</summary>
    AbortJob,

    /// <summary><see cref="IComputeDriver.StartPostCopyAsync"/>.</summary>
    StartPostCopy,

    /// <summary><see cref="IComputeDriver.SuspendAsync"/>.</summary>
    Suspend,

    /// <summary><see cref="IComputeDriver.ResumeAsync"/>.</summary>
    Resume,

    /// <summary><see cref="IComputeDriver.RemoveLeftoverAsync"/>.</summary>
    RemoveLeftover,

    /// <summary>The writing half of <see cref="IComputeDriver.KeepDefinitionAsync"/>.</summary>
    KeepDefinition,

    /// <summary><see cref="IComputeDriver.EndBrokenGuestAsync"/>.</summary>
    EndBrokenGuest,

    /// <summary><see cref="IHostBindings.ReadAsync"/>.</summary>
    ReadBindings,

    /// <summary><see cref="IHostBindings.OfferAsync"/>.</summary>
    OfferOfHost,
    /// <summary><see cref="IDiskImages.FindSpaceAsync"/>.</summary>
    FindSpace,

    /// <summary><see cref="IDiskImages.FindAsync"/>.</summary>
    FindImage,

    /// <summary><see cref="IDiskImages.ListAsync"/>.</summary>
    ListImages,

    /// <summary><see cref="IDiskImages.CreateAsync"/>.</summary>
    CreateImage,

    /// <summary><see cref="IDiskImages.RemoveAsync"/>.</summary>
    RemoveImage,

    /// <summary>The reading half of <see cref="IDiskImages.CopyAsync"/>, and <see cref="IDiskImages.HashAsync"/>.</summary>
    ReadImage,

    /// <summary>The writing half of <see cref="IDiskImages.CopyAsync"/>.</summary>
    WriteImage,

    /// <summary><see cref="IGuestBuilder.WriteFileAsync"/>.</summary>
    WriteFile,

    /// <summary><see cref="IGuestBuilder.DefineAsync"/>.</summary>
    DefineGuest,

    /// <summary><see cref="IGuestBuilder.StartAsync"/>.</summary>
    StartGuest,

    /// <summary><see cref="IGuestBuilder.RemoveAsync"/>.</summary>
    RemoveGuest,

    /// <summary><see cref="INetworkService.LookAsync"/>.</summary>
    LookAtNetworks,

    /// <summary><see cref="INetworkService.EnsureRuleAsync"/>.</summary>
    EnsureRule,

    /// <summary><see cref="INetworkService.RemoveUnusedRulesAsync"/>.</summary>
    RemoveUnusedRules,

    /// <summary><see cref="INetworkService.FindUnpluggedAsync"/>.</summary>
    FindUnplugged,

    /// <summary><see cref="IGuestPower.StartAsync"/>.</summary>
    PowerOnGuest,

    /// <summary><see cref="IGuestPower.ShutDownAsync"/>.</summary>
    ShutDownGuest,

    /// <summary><see cref="IGuestPower.PowerOffAsync"/>.</summary>
    PowerOffGuest,

    /// <summary><see cref="IGuestPower.RebootAsync"/>.</summary>
    RebootGuest,

    /// <summary><see cref="IGuestPower.ResetAsync"/>.</summary>
    ResetGuest,

    /// <summary><see cref="IGuestPower.SaveAsync"/>.</summary>
    SaveGuest,

    /// <summary><see cref="IGuestDiagnostics.ReadAsync"/>.</summary>
    ReadCounters,

    /// <summary><see cref="IHostSeals.FindAsync"/>.</summary>
    FindSeal,

    /// <summary><see cref="IHostSeals.PlaceAsync"/>.</summary>
    PlaceSeal,

    /// <summary><see cref="IHostSeals.RemoveAsync"/>.</summary>
    RemoveSeal,
}

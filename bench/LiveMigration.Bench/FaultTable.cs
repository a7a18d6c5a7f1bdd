using System.Text;

namespace LiveMigration.Bench;

/// <summary>One fault in one phase, and what is to come of it.</summary>
internal sealed record FaultCase(FaultPhase Phase, Fault Fault, FaultOutcome Expected)
{
    /// <summary>As reports call it.</summary>
    public string Name => $"{FaultPhases.NameOf(Phase)}: {Fault.Name}";
}

/// <summary>What is expected of every fault in every phase. Written down before it was tried; docs/fault-matrix.md is made from it.</summary>
internal static class FaultTable
{
    private const FaultOutcome Completes = FaultOutcome.Completes;
    private const FaultOutcome Back = FaultOutcome.TakenBack;
    private const FaultOutcome WaitsCompletes = FaultOutcome.WaitsThenCompletes;
    private const FaultOutcome WaitsBack = FaultOutcome.WaitsThenTakenBack;
    private const FaultOutcome Dies = FaultOutcome.Dies;

    private static readonly IReadOnlyList<Row> Rows =
    [
        // checks, prepare, pre-copy, switch-over, post-copy, post; null: there is nothing that could be hit
        new(new(FaultKind.KillSourceLibvirtd), Back, WaitsBack, WaitsBack, Completes, WaitsCompletes, Completes),
        new(new(FaultKind.KillDestinationLibvirtd), Back, Back, Back, WaitsCompletes, WaitsCompletes, WaitsCompletes),
        new(new(FaultKind.KillDestinationQemu), null, null, Back, Dies, Dies, Dies),
        new(new(FaultKind.KillSourceQemu), Dies, Dies, Dies, null, Dies, null),
        new(new(FaultKind.CutControllerSource, 2), Completes, Completes, Completes, Completes, Completes, Completes),
        new(new(FaultKind.CutControllerSource, 30), Back, Back, Completes, Completes, Completes, Completes),
        new(new(FaultKind.CutControllerSource), Back, WaitsBack, Completes, Completes, Completes, Completes),
        new(new(FaultKind.CutControllerDestination, 2), Completes, Completes, Completes, Completes, Completes, Completes),
        new(new(FaultKind.CutControllerDestination, 30), Back, Back, Completes, Completes, Completes, Completes),
        new(new(FaultKind.CutControllerDestination), Back, Back, WaitsCompletes, WaitsCompletes, WaitsCompletes, WaitsCompletes),
        new(new(FaultKind.CutHosts, 2), Completes, Completes, Completes, Completes, Completes, Completes),
        new(new(FaultKind.CutHosts, 30), Back, Back, Back, Completes, Completes, Completes),
        new(new(FaultKind.CutHosts), Back, Back, Back, Completes, WaitsCompletes, Completes),
        new(new(FaultKind.FillDestination), Back, Back, Back, null, null, null),
        new(new(FaultKind.HangSourceSshd), Completes, Completes, Completes, Completes, Completes, Completes),
        new(new(FaultKind.HangDestinationSshd), Back, Back, Completes, Completes, Completes, Completes),
    ];

    /// <summary>All of them, phase by phase.</summary>
    public static IReadOnlyList<FaultCase> All { get; } =
    [
        .. from phase in Enum.GetValues<FaultPhase>()
           from row in Rows
           where row[phase] is not null
           select new FaultCase(phase, row.Fault, row[phase]!.Value),
    ];

    /// <summary>The document.</summary>
    public static string Render()
    {
        var phases = Enum.GetValues<FaultPhase>();
        var text = new StringBuilder("""
            # What is expected of a move that meets a fault

            Rendered from `FaultTable` by a test; do not edit. `bench/fault-matrix` compares it with what happens between two real hypervisors.

            * **completes**, **taken back**: while the fault lasts, or soon after one that passes. Taken back means that the guest has never left the source.
            * **waits, then …**: the migration says what it waits for; once all is well again it goes on by itself.
            * **dies**: the guest's QEMU is gone and its memory with it. The server is no longer shown as `ACTIVE` within 15 s, and the migration ends.
            * –: there is nothing that could be hit, or nothing is written any more.

            When each phase is met:

            | phase | how |
            |---|---|

            """);
        foreach (var phase in phases)
        {
            text.Append("| ").Append(FaultPhases.NameOf(phase)).Append(" | ").Append(How(phase)).Append(" |\n");
        }

        text.Append("\n| fault |").Append(string.Concat(phases.Select(phase => $" {FaultPhases.NameOf(phase)} |")));
        text.Append("\n|---|").Append(string.Concat(phases.Select(_ => "---|"))).Append('\n');
        foreach (var row in Rows)
        {
            text.Append("| ").Append(row.Fault.Name).Append(" |");
            text.Append(string.Concat(phases.Select(phase => $" {(row[phase] is { } outcome ? WordsOf(outcome) : "–")} |"))).Append('\n');
        }

        return text.Append("""

            A killed daemon and a fault "for good" last until the outcome, or the wait, has been seen; then all is mended. `sshd` is hung by SIGSTOP: sessions that are open go on, new ones hang. The disk is filled for a guest whose disk is copied.

            """).ToString();
    }

    /// <summary>An outcome as reports call it.</summary>
    public static string WordsOf(FaultOutcome outcome) => outcome switch
    {
        FaultOutcome.TakenBack => "taken back",
        FaultOutcome.WaitsThenCompletes => "waits, then completes",
        FaultOutcome.WaitsThenTakenBack => "waits, then taken back",
        _ => $"{outcome}".ToLowerInvariant(),
    };

    private static string How(FaultPhase phase) => phase switch
    {
        FaultPhase.PreCopy => "slow copy; memory (or, for a full disk, disk) has begun to flow",
        FaultPhase.PostCopy => "slow copy, forced to complete; 24 MiB have arrived since the switch",
        _ => $"the controller is held at its failpoint `{FaultPhases.HoldOf(phase)}` while the fault is made",
    };

    private sealed record Row(
        Fault Fault,
        FaultOutcome? Checks,
        FaultOutcome? Prepare,
        FaultOutcome? PreCopy,
        FaultOutcome? SwitchOver,
        FaultOutcome? PostCopy,
        FaultOutcome? Post)
    {
        public FaultOutcome? this[FaultPhase phase] => phase switch
        {
            FaultPhase.Checks => Checks,
            FaultPhase.Prepare => Prepare,
            FaultPhase.PreCopy => PreCopy,
            FaultPhase.SwitchOver => SwitchOver,
            FaultPhase.PostCopy => PostCopy,
            _ => Post,
        };
    }
}

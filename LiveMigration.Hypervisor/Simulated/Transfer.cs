using LiveMigration.Core.Drivers;

namespace LiveMigration.Hypervisor.Simulated;

/// <summary>
/// One transfer: where it is and how much there is still to send. Between two events everything in it is linear in
/// time, so <see cref="Settle"/> may be called at any instant.
/// </summary>
internal sealed class Transfer(GuestCopy source, CloudHost destination, CloudLink link, TransferRequest request)
{
    /// <summary>QEMU's own default of the permitted downtime.</summary>
    private static readonly TimeSpan DefaultDowntime = TimeSpan.FromMilliseconds(300);

    // A page; below it there is nothing left that another pass could make smaller.
    private const double Negligible = 4096;
    private TimeSpan _settledAt;
    private double _passBytes;
    private int _badPasses;

    public GuestCopy Source { get; } = source;

    public CloudHost Destination { get; } = destination;

    public CloudLink Link { get; } = link;

    public TransferRequest Request { get; private set; } = request;

    public CloudGuest Guest => Source.Guest;

    /// <summary>The copy at the destination, once there is one.</summary>
    public GuestCopy? Incoming { get; set; }

    /// <summary>Null on success. Completed with a value even on failure: nobody may be left to observe it.</summary>
    public TaskCompletionSource<Exception?> Reply { get; private set; } = NewReply();

    public TransferPhase Phase { get; set; }

    public bool IsParked { get; set; }

    public TimeSpan BeganAt { get; init; }

    /// <summary>libvirt decides at the beginning whether the guest is to run at the destination.</summary>
    public bool StaysPaused { get; } = source.State == GuestState.Paused;

    /// <summary>What the guest was doing when the hand-over stopped it.</summary>
    public GuestState BeforeHandover { get; set; }

    public TimeSpan StoppedAt { get; set; }

    public TimeSpan? Downtime { get; set; }

    public TimeSpan MaxDowntime { get; set; } = request.InitialDowntime ?? DefaultDowntime;

    public long BandwidthMiBps { get; set; } = request.BandwidthMiBps;

    public bool IsPostCopy { get; set; }

    public double Rate { get; set; }

    /// <summary>Bytes still to send of what the current phase sends.</summary>
    public double Remaining { get; set; }

    public double Dirtied { get; set; }

    public double Sent { get; private set; }

    public IEnumerable<GuestDisk> CopiedDisks =>
        Guest.Options.Disks.Where(d => Request.CopyDisks.Contains(d.Target, StringComparer.Ordinal));

    public double DiskTotal { get; } =
        source.Guest.Options.Disks.Where(d => request.CopyDisks.Contains(d.Target, StringComparer.Ordinal)).Sum(d => d.AllocationBytes);

    public double DiskSent { get; private set; }

    public int Iteration { get; private set; }

    public int ThrottlePercent { get; private set; }

    /// <summary>Counts plans: an event planned under an older number is void.</summary>
    public int Plan { get; set; }

    public bool NeedsPlan { get; set; } = true;

    public bool IsOver => Phase is TransferPhase.Ended or TransferPhase.Broken;

    public bool HasEnded => Phase == TransferPhase.Ended;

    /// <summary>Post-copy hands the processors over first, and memory only once they run.</summary>
    public bool Streams => !IsParked && (Phase is TransferPhase.DiskCopy or TransferPhase.MemoryCopy or TransferPhase.PostCopy
        || (Phase == TransferPhase.Handover && !IsPostCopy));

    public double DirtyRate => Source.State != GuestState.Running
        ? 0
        : Guest.DirtyRate * (100 - ThrottlePercent) / 100;

    /// <summary>True while a failure leaves the guest at the source.</summary>
    public bool CanBeTakenBack => Phase < TransferPhase.Handover || (Phase == TransferPhase.Handover && !IsPostCopy);

    /// <summary>Brings the counters to an instant.</summary>
    public void Settle(TimeSpan now)
    {
        var seconds = (now - _settledAt).TotalSeconds;
        _settledAt = now;
        if (seconds <= 0) return;
        if (Phase is TransferPhase.MemoryCopy or TransferPhase.BeforeHandover)
            Dirtied = Math.Min(Guest.WorkingSetBytes, Dirtied + (DirtyRate * seconds));
        if (!Streams) return;

        var sent = Math.Min(Remaining, Rate * seconds);
        Remaining -= sent;
        if (Phase == TransferPhase.DiskCopy) DiskSent += sent;
        else Sent += sent;
    }

    /// <summary>A second call takes the transfer up: it gets a reply of its own.</summary>
    public void Reopen(TransferRequest how) => (Request, Reply) = (how, NewReply());

    /// <summary>Begins the next pass: everything at first, then what was dirtied meanwhile.</summary>
    public void BeginPass()
    {
        // As libvirt does it: what was set before the first byte is forgotten.
        if (Iteration == 0) BandwidthMiBps = Request.BandwidthMiBps;
        if (Iteration > 0 && Request.AutoConverge) Throttle();
        Remaining = _passBytes = Iteration == 0 ? Guest.MemoryBytes : LeftForNextPass();
        Iteration++;
        Dirtied = 0;
    }

    /// <summary>Whether what was dirtied can be sent within the permitted downtime.</summary>
    public bool FitsIntoDowntime(double rate) =>
        !Guest.NeverConverges && rate > 0 && (Dirtied <= Negligible || Dirtied / rate <= MaxDowntime.TotalSeconds);

    public JobStatistics Statistics(TimeSpan now, JobState state)
    {
        var hasBegun = Iteration > 0;
        return new JobStatistics(state)
        {
            Elapsed = now - BeganAt,
            Downtime = state == JobState.Completed ? Downtime : null,
            MemoryTotal = hasBegun ? (long)Guest.MemoryBytes : 0,
            MemoryProcessed = (long)Sent,
            MemoryRemaining = hasBegun && state == JobState.Active ? (long)Remaining : 0,
            DiskTotal = (long)DiskTotal,
            DiskProcessed = (long)DiskSent,
            DiskRemaining = (long)Math.Max(0, DiskTotal - DiskSent),
            Iteration = Iteration,
            MemoryBytesPerSecond = hasBegun ? (long)Rate : 0,
            DirtyBytesPerSecond = Iteration > 1 ? (long)DirtyRate : 0,
        };
    }

    // QEMU throttles when twice more than half of what a pass sent was dirtied meanwhile: 20 %, then 10 % more each time.
    private void Throttle()
    {
        if (Dirtied <= _passBytes / 2 || ++_badPasses < 2) return;
        _badPasses = 0;
        ThrottlePercent = ThrottlePercent == 0 ? 20 : Math.Min(99, ThrottlePercent + 10);
    }

    private static TaskCompletionSource<Exception?> NewReply() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private double LeftForNextPass() =>
        Guest.NeverConverges ? Math.Max(Guest.WorkingSetBytes, Guest.MemoryBytes / 4) : Dirtied;
}

using LiveMigration.Core.Drivers;
using LiveMigration.Core.Settings;

namespace LiveMigration.Tests.Support;

/// <content>A second controller on the same hosts, with a state file of its own.</content>
internal sealed partial class ControlPlane
{
    private static int _controllers;
    private readonly bool _ownsCloud = true;

    private ControlPlane(ControlPlane first)
    {
        (Time, Cloud, _ownsCloud) = (first.Time, first.Cloud, false);
        (_settings, _notifications, _sinks) = (first._settings, new NotificationSettings(), []);
    }

    /// <summary>Where a loss of the records is noted.</summary>
    public string LossFile => Path.Combine(_folder, "records-lost");

    /// <summary>Who the controller is to its hosts; the same at each of its starts.</summary>
    public ControllerHome Home { get; private init; } = NewHome();

    /// <summary>Whose hosts it takes over when it is started (again).</summary>
    public ControllerSettings TakeOver { get; set; } = new();

    /// <summary>Somebody starts another controller on the hosts of this one.</summary>
    /// <param name="takeOver">Whose hosts it takes over; null for nobody's.</param>
    /// <param name="copied">True if its state folder, and so its id, is a copy of this one's.</param>
    public async Task<ControlPlane> StartSecondAsync(ControllerSettings? takeOver = null, bool copied = false)
    {
        var second = new ControlPlane(this) { Home = copied ? Home : NewHome(), TakeOver = takeOver ?? new ControllerSettings() };
        await second.BootAsync(death: null);
        return second;
    }

    private static ControllerHome NewHome()
    {
        var number = Interlocked.Increment(ref _controllers);
        return new ControllerHome(new Guid(number, 0x7365, 0, [0, 0, 0, 0, 0, 0, 0, 2]), $"machine-{number}:/state");
    }
}

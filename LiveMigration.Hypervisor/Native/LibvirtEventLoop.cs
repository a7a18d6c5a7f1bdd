namespace LiveMigration.Hypervisor.Native;

/// <summary>
/// libvirt's own event loop on a thread of its own. Events, keep-alive and close callbacks all depend on it; a
/// connection opened before it is registered would never see one of them.
/// </summary>
internal static class LibvirtEventLoop
{
    private static readonly TimeSpan PauseAfterError = TimeSpan.FromMilliseconds(100);

    internal static void Start()
    {
        _ = LibvirtException.Check(LibvirtNative.virEventRegisterDefaultImpl());
        new Thread(Run) { IsBackground = true, Name = "libvirt-events" }.Start();
    }

    private static void Run()
    {
        using var never = new ManualResetEventSlim();
        while (true)
        {
            // A loop that fails at once must not burn a core.
            if (LibvirtNative.virEventRunDefaultImpl() < 0)
                _ = never.Wait(PauseAfterError);
        }
    }
}

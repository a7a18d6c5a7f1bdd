using LiveMigration.Core.Errors;
using Xunit;

namespace LiveMigration.Tests.Lab;

/// <summary>Waiting for what real machines do in their own time.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <summary>Waits until the condition holds; a host that can't be asked just now does not yet fulfil it.</summary>
    public static async Task HoldsAsync(Func<Task<bool>> condition, string what)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await HoldsNowAsync(condition))
        {
            if (TimeProvider.System.GetElapsedTime(began) > Patience) Assert.Fail($"never: {what}");
            await Task.Delay(Interval, TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<bool> HoldsNowAsync(Func<Task<bool>> condition)
    {
        try
        {
            return await condition();
        }
        catch (HypervisorUnavailable)
        {
            return false;
        }
    }
}

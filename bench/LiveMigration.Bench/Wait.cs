namespace LiveMigration.Bench;

/// <summary>Waiting for a condition.</summary>
internal static class Wait
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <exception cref="TimeoutException">It never held.</exception>
    public static async Task UntilAsync(Func<Task<bool>> condition, TimeSpan patience, string otherwise, CancellationToken ct)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(began) > patience)
            {
                throw new TimeoutException(otherwise);
            }

            await Task.Delay(Interval, TimeProvider.System, ct);
        }
    }
}

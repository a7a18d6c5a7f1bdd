namespace LiveMigration.Bench;

internal static class ShuttleCommand
{
    public static Task<int> RunAsync(Options options, CancellationToken ct) => throw new UsageException("not yet");
}

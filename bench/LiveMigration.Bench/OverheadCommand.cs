namespace LiveMigration.Bench;

internal static class OverheadCommand
{
    public static Task<int> RunAsync(Options options, CancellationToken ct) => throw new UsageException("not yet");
}

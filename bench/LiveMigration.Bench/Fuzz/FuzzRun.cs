using System.Net.Sockets;
using LiveMigration.Bench.Load;

namespace LiveMigration.Bench.Fuzz;

/// <summary>Sends requests over a few connections at once, and looks at the answers.</summary>
internal static class FuzzRun
{
    /// <summary>The longest that an answer may take.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(1);

    private const int Connections = 4;
    private const int LookAroundEvery = 2_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Runs.</summary>
    /// <param name="address">The program.</param>
    /// <param name="adminToken">The admin's fixed token.</param>
    /// <param name="seed">What the requests are made of.</param>
    /// <param name="first">The first request's number.</param>
    /// <param name="count">How many.</param>
    /// <param name="told">Is told from time to time how far it is.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="SocketException">The program has stopped to listen.</exception>
    public static async Task<FuzzTally> RunAsync(
        Uri address, string adminToken, long seed, long first, long count, Action<FuzzTally> told, CancellationToken ct)
    {
        using var world = await FuzzWorld.OpenAsync(address, adminToken, ct);
        var writer = new FuzzWriter(seed, [.. FuzzOperation.ReadAll(await world.ReadDocumentAsync(ct)), .. FuzzOperation.Pages]);
        var tally = new FuzzTally();
        var next = first - 1;
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(WorkAsync, ct)));
        return tally;

        async Task WorkAsync()
        {
            Wire? wire = null;
            try
            {
                for (var index = Interlocked.Increment(ref next); index < first + count; index = Interlocked.Increment(ref next))
                {
                    if (index % LookAroundEvery == 0 && index > first)
                    {
                        await world.RefreshAsync(ct);
                        told(tally);
                    }

                    wire = await SendAsync(address, world, writer.Write(index), tally, wire, ct);
                }
            }
            finally
            {
                wire?.Dispose();
            }
        }
    }

    private static async Task<Wire?> SendAsync(
        Uri address, FuzzWorld world, FuzzRequest request, FuzzTally tally, Wire? wire, CancellationToken ct)
    {
        if (request.IsRaw || wire is not { IsOpen: true })
        {
            wire?.Dispose();
            wire = await Wire.ConnectAsync(address, ct);
        }

        var bytes = world.Resolve(request);
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, ct);
        var began = TimeProvider.System.GetTimestamp();
        WireAnswer answer;
        try
        {
            answer = await wire.AskAsync(bytes, request.IsHead, request.IsRaw, either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            answer = new WireAnswer(0, "no answer"u8.ToArray());
        }

        tally.Add(request, bytes, answer, TimeProvider.System.GetElapsedTime(began), Bound);
        if (answer.Status > 0 && wire.IsOpen && !request.IsRaw)
        {
            return wire;
        }

        wire.Dispose();
        return null;
    }
}

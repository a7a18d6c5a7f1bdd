using Xunit;

namespace LiveMigration.Tests.Api;

/// <summary>A running program with two migrations under way, for all tests of a class.</summary>
public sealed class MovingHost : IAsyncLifetime
{
    internal ApiHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Host = await ApiHost.StartAsync(Scene.Moving);

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}

/// <summary>A running program where nothing moves, for all tests of a class.</summary>
public sealed class QuietHost : IAsyncLifetime
{
    internal ApiHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Host = await ApiHost.StartAsync(Scene.Quiet);

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}

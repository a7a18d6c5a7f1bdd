using System.Text.Json.Nodes;
using LiveMigration.Core.Persistence;
using Xunit;

namespace LiveMigration.Tests.Api;

/// <summary>Replays what a real Nova said to a user who is no admin.</summary>
public sealed class MemberConformanceTests(MemberHost member) : IClassFixture<MemberHost>
{
    public static TheoryData<string> Cases =>
    [
        .. GoldenCase.Names.Where(name => name.Contains("nonadmin", StringComparison.Ordinal) || name is "srv-show-404-other-project"),
    ];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Answers_as_recorded(string name)
    {
        var golden = GoldenCase.Read(name);
        using var request = golden.ToMessage(member.Demo.Token);
        using var response = await member.Host.Anybody().SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(golden.Status == (int)response.StatusCode, $"{golden.Status} was recorded, {(int)response.StatusCode} came: {text}");
        GoldenConformanceTests.CompareHeaders(golden, response);
        if (golden.Status >= 400)
        {
            Assert.Equal(golden.Response["body"]!.ToJsonString(), JsonNode.Parse(text)!.ToJsonString());
        }
        else
        {
            GoldenConformanceTests.CompareShape(golden.Response["body"], JsonNode.Parse(text), "$");
        }
    }
}

/// <summary>The cloud of the recordings with a second project, and a member of it who owns one server.</summary>
public sealed class MemberHost : IAsyncLifetime
{
    public const string Own = "2e40eea0-9d64-4aa3-9129-456ca3467600";

    internal ApiHost Host { get; private set; } = null!;

    internal Person Demo { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Host = await ApiHost.StartAsync(SeedAsync);
        Demo = await People.AddAsync(Host, "demo", "demo", "member");
        await using var db = await Host.OpenDatabaseAsync();
        var own = await db.Instances.FindAsync([Guid.Parse(Own)], TestContext.Current.CancellationToken);
        own!.ProjectId = Demo.Project;
        own.UserId = Demo.Id;
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    private static async Task SeedAsync(ControlPlaneDbContext db)
    {
        await Scene.Moving(db);
        db.InstanceActions.Add(Scene.Action(Own, "req-8925d118-aa01-46d4-9f37-b9fe49a024fc", "unlock"));
    }
}

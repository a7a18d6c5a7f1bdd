using Xunit;

namespace LiveMigration.Tests.Architecture;

/// <summary>Who may know whom (docs/architecture.md). Each rule is shown to bite on a planted violation.</summary>
public sealed class ArchitectureTests
{
    private const string Ours = @"^LiveMigration\.(Api|Core|Hypervisor)\.";

    private static readonly Dictionary<string, Arrow> Rules = new(StringComparer.Ordinal)
    {
        ["Core knows neither Api nor Hypervisor"] = new(@"^LiveMigration\.Core\.", @"^LiveMigration\.(Api|Hypervisor)\."),
        ["Core knows neither Hangfire nor ASP.NET"] = new(@"^LiveMigration\.Core\.", @"^(Hangfire|Microsoft\.AspNetCore)\."),
        ["Hypervisor knows nothing of Api"] = new(@"^LiveMigration\.Hypervisor\.", @"^LiveMigration\.Api\."),
        ["Hypervisor knows nothing of the conductor, the scheduler, the compute module, sagas or persistence"] =
            new(@"^LiveMigration\.Hypervisor\.", @"^LiveMigration\.Core\.(Conductor|Scheduler|Compute|Sagas|Persistence)\."),
        ["Only Api's wiring knows Hypervisor"] =
            new(@"^LiveMigration\.Api\.", @"^LiveMigration\.Hypervisor\.", Except: @"^LiveMigration\.Api\.Wiring\."),
        ["Only Api/Jobs knows Hangfire"] = new(Ours, @"^Hangfire\.", Except: @"^LiveMigration\.Api\.Jobs\."),
        ["Api does not reach into the flow"] = new(@"^LiveMigration\.Api\.", @"^LiveMigration\.Core\.(Scheduler|Compute)\."),
        ["The scheduler knows neither the conductor nor the compute module"] =
            new(@"^LiveMigration\.Core\.Scheduler\.", @"^LiveMigration\.Core\.(Conductor|Compute)\."),
        ["The compute module knows neither the conductor nor the scheduler"] =
            new(@"^LiveMigration\.Core\.Compute\.", @"^LiveMigration\.Core\.(Conductor|Scheduler)\."),
        ["The saga engine knows nothing of ours but the kinds of errors, nor EF or MediatR"] = new(
            @"^LiveMigration\.Core\.Sagas\.",
            @"^(LiveMigration\.(Api|Hypervisor|Core\.(?!(Sagas|Errors)\.))|Microsoft\.EntityFrameworkCore\.|MediatR\.)"),
        ["Model knows nothing of the flow, the ports or persistence"] = new(
            @"^LiveMigration\.Core\.Model\.", @"^LiveMigration\.Core\.(Conductor|Scheduler|Compute|Drivers|Persistence|Inventory)\."),
        ["The ports know nothing of the flow or persistence"] = new(
            @"^LiveMigration\.Core\.Drivers\.", @"^LiveMigration\.Core\.(Conductor|Scheduler|Compute|Persistence|Inventory)\."),
        ["The flow does not know that it is told of"] = new(
            @"^LiveMigration\.Core\.(Conductor|Scheduler|Compute|Sagas|Model|Drivers)\.", @"^LiveMigration\.Core\.Notifications\."),
        ["Only Api/Notifications knows RabbitMQ"] = new(Ours, @"^RabbitMQ\.", Except: @"^LiveMigration\.Api\.Notifications\."),
        ["XML of domains stays in Hypervisor/Libvirt"] =
            new(Ours, @"^System\.Xml\.", Except: @"^LiveMigration\.Hypervisor\.Libvirt\."),
        ["P/Invoke stays in Hypervisor/Native"] = new(
            Ours,
            @"^System\.Runtime\.InteropServices\.(DllImportAttribute|LibraryImportAttribute|NativeLibrary|SafeHandle)$",
            Except: @"^LiveMigration\.Hypervisor\.Native\."),
    };

    public static TheoryData<string> Names => [.. Rules.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_product_keeps_the_rule(string rule) => Assert.Empty(Rules[rule].ViolationsOfProduct());

    [Theory]
    [MemberData(nameof(Names))]
    public void The_rule_fails_on_what_was_planted(string rule) => Assert.NotEmpty(Rules[rule].ViolationsOfPlanted());
}

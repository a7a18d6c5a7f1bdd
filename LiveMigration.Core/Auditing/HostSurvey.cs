using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;

namespace LiveMigration.Core.Auditing;

/// <summary>What one host says of one guest.</summary>
/// <param name="Host">The host.</param>
/// <param name="Guest">The guest there; null when it has none, or said nothing.</param>
/// <param name="Silence">Why it said nothing; null when it answered.</param>
internal sealed record HostAnswer(string Host, GuestObservation? Guest, string? Silence);

/// <summary>What all hosts have said of all their guests.</summary>
/// <param name="Guests">The guests of each host that answered.</param>
/// <param name="Silent">The hosts that did not, with the reason.</param>
internal sealed record CloudAnswer(
    IReadOnlyDictionary<string, Dictionary<Guid, GuestObservation>> Guests, IReadOnlyDictionary<string, string> Silent)
{
    /// <summary>The same for one guest, host by host.</summary>
    public IReadOnlyList<HostAnswer> Of(Guid guest) =>
    [
        .. Guests.Select(host => new HostAnswer(host.Key, host.Value.GetValueOrDefault(guest), Silence: null)),
        .. Silent.Select(host => new HostAnswer(host.Key, Guest: null, host.Value)),
    ];
}

/// <summary>Asks hosts what is on them. A host that refuses to tell has said nothing, as one that does not answer.</summary>
internal sealed class HostSurvey(IComputeDriver driver)
{
    /// <summary>All hosts, of all their guests.</summary>
    public async Task<CloudAnswer> AskAsync(CancellationToken ct)
    {
        var answers = await Task.WhenAll(driver.Hosts.Select(host => ListAsync(host, ct)));
        return new CloudAnswer(
            answers.Where(answer => answer.Guests is not null)
                .ToDictionary(answer => answer.Host, answer => answer.Guests!.ToDictionary(guest => guest.Uuid), StringComparer.Ordinal),
            answers.Where(answer => answer.Guests is null)
                .ToDictionary(answer => answer.Host, answer => answer.Silence!, StringComparer.Ordinal));
    }

    /// <summary>All hosts at once, of one guest.</summary>
    public async Task<IReadOnlyList<HostAnswer>> AskAsync(Guid guest, CancellationToken ct) =>
        await Task.WhenAll(driver.Hosts.Select(host => FindAsync(host, guest, ct)));

    private async Task<(string Host, IReadOnlyList<GuestObservation>? Guests, string? Silence)> ListAsync(string host, CancellationToken ct)
    {
        try
        {
            return (host, await driver.ListGuestsAsync(host, ct), null);
        }
        catch (ControlPlaneException silent)
        {
            return (host, null, silent.Message);
        }
    }

    private async Task<HostAnswer> FindAsync(string host, Guid guest, CancellationToken ct)
    {
        try
        {
            return new HostAnswer(host, await driver.FindGuestAsync(host, guest, ct), Silence: null);
        }
        catch (ControlPlaneException silent)
        {
            return new HostAnswer(host, Guest: null, silent.Message);
        }
    }
}

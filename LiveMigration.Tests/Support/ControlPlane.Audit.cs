using LiveMigration.Core.Alerts;
using LiveMigration.Core.Auditing;
using LiveMigration.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LiveMigration.Tests.Support;

/// <content>The auditor. It runs only in tests that ask for it.</content>
internal sealed partial class ControlPlane
{
    /// <summary>What is wrong now.</summary>
    public IReadOnlyList<Alert> Alerts => _services!.GetRequiredService<AlertBook>().List();

    /// <summary>Compares everything, once.</summary>
    public Task AuditAsync() => WaitAsync(SweepAsync());

    /// <summary>Keeps the auditor running, as the program does.</summary>
    public void KeepAuditing() => _queue.Track(_services!.GetRequiredService<Auditor>().RunAsync(_life.Token));

    /// <summary>Writes into the records behind everybody's back.</summary>
    public async Task TamperAsync(Func<ControlPlaneDbContext, Task> change)
    {
        await using var db = await _services!.GetRequiredService<IDbContextFactory<ControlPlaneDbContext>>().CreateDbContextAsync();
        await change(db);
        await db.SaveChangesAsync();
    }

    private Task<bool> SweepAsync() => _services!.GetRequiredService<Auditor>().SweepAsync(_life.Token);
}

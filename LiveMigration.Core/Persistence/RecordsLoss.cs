using LiveMigration.Core.Drivers;

namespace LiveMigration.Core.Persistence;

/// <summary>
/// The note that records were lost. It stands in a file beside the database, and stays until the operator has read it and
/// removes it: the loss itself can't be seen any more once the records have gone on.
/// </summary>
public sealed class RecordsLoss(ControllerHome? home = null)
{
    /// <summary>The file; null when there is nowhere to keep it.</summary>
    public string? File { get; } = home?.LossFile;

    /// <summary>Notes it, unless it is noted already.</summary>
    public async Task NoteAsync(string what, CancellationToken ct)
    {
        if (File is not null && !System.IO.File.Exists(File))
        {
            await System.IO.File.WriteAllTextAsync(File, what + "\n", ct);
        }
    }

    /// <summary>What was noted; null when nothing is.</summary>
    public async Task<string?> ReadAsync(CancellationToken ct) =>
        File is not null && System.IO.File.Exists(File) ? (await System.IO.File.ReadAllTextAsync(File, ct)).Trim() : null;
}

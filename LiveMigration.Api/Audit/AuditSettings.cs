namespace LiveMigration.Api.Audit;

/// <summary>Where decisions are kept.</summary>
/// <param name="File">The file.</param>
/// <param name="MaxBytes">How large it grows before it is put aside.</param>
/// <param name="Files">How many there are, with those put aside.</param>
internal sealed record AuditSettings(string File, long MaxBytes, int Files);

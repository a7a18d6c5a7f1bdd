namespace LiveMigration.Core.Sagas;

/// <summary>Thrown while a pivot that goes on without us is watched, when the outside can't be asked: wait and ask again.</summary>
/// <param name="reason">Who does not answer.</param>
/// <param name="inner">What was tried.</param>
public sealed class OutsideSilent(string reason, Exception? inner = null) : Exception(reason, inner);

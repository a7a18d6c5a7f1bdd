namespace LiveMigration.Simulation;

/// <summary>Leaves away what is not needed for a history to fail: halves first, then ever smaller parts, then single events.</summary>
internal static class Shrinker
{
    public static async Task<(Script Script, Outcome Outcome)> ShrinkAsync(Script script, Func<Script, Task<Outcome>> play)
    {
        var outcome = await play(script);
        for (var part = Math.Max(1, script.Events.Count / 2); part >= 1;)
        {
            var smaller = await TryWithoutAsync(script, outcome, part, play);
            if (smaller is { } found)
            {
                (script, outcome) = found;
            }
            else if (part == 1)
            {
                break;
            }

            part = smaller is null ? part / 2 : Math.Clamp(part, 1, Math.Max(1, script.Events.Count / 2));
        }

        return (script, outcome);
    }

    private static async Task<(Script Script, Outcome Outcome)?> TryWithoutAsync(
        Script script, Outcome outcome, int part, Func<Script, Task<Outcome>> play)
    {
        for (var from = 0; from < script.Events.Count; from += part)
        {
            var shorter = script with { Events = [.. script.Events.Take(from), .. script.Events.Skip(from + part)] };
            var found = await play(shorter);
            if (found.Violations.Count > 0 && Kind(found.Violations[0]) == Kind(outcome.Violations[0]))
            {
                return (shorter, found);
            }
        }

        return null;
    }

    private static string Kind(string violation) => violation.Split(':')[0];
}

using System.Globalization;
using System.Text.RegularExpressions;
using LiveMigration.Core.Errors;

namespace LiveMigration.Core.Failpoints;

/// <summary>What is to happen at failpoints in this run of the program. Meant for benches; no production controller has one.</summary>
/// <param name="Point">The armed point with its pass, <c>driver:SetMark:before</c> or <c>images:Remove:after#2</c>; null for none.</param>
/// <param name="GateFile">Null: the process kills itself at the point. Else it waits there until this file exists.</param>
/// <param name="TraceFile">Every point passed is appended to this file; null for no trace.</param>
public sealed partial record FailpointPlan(string? Point, string? GateFile, string? TraceFile)
{
    /// <summary>The variable that names the armed point, with <c>hold:</c> before it to wait there instead of dying.</summary>
    public const string PointVariable = "LIVEMIGRATION_FAILPOINT";

    /// <summary>The variable that names the file whose appearance ends a wait.</summary>
    public const string GateVariable = "LIVEMIGRATION_FAILPOINT_GATE";

    /// <summary>The variable that names the file to which passed points go.</summary>
    public const string TraceVariable = "LIVEMIGRATION_FAILPOINTS_TRACE";

    private const string Hold = "hold:";

    /// <summary>Reads the variables.</summary>
    /// <param name="variable">From a variable's name to its value; null or empty when it is not set.</param>
    /// <returns>Null when nothing is armed and nothing is traced.</returns>
    /// <exception cref="InvalidSettings">What is there can't be meant.</exception>
    public static FailpointPlan? Read(Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        var (asked, gate, trace) = (Value(PointVariable), Value(GateVariable), Value(TraceVariable));
        if (asked is null)
        {
            return trace is null ? null : new FailpointPlan(null, null, trace);
        }

        var holds = asked.StartsWith(Hold, StringComparison.Ordinal);
        var point = holds ? asked[Hold.Length..] : asked;
        if (!Form().IsMatch(point))
        {
            throw new InvalidSettings(
                $"{PointVariable} is '{asked}', which is no failpoint; one looks like driver:SetMark:before or hold:images:Remove:after#2.");
        }

        if (holds != gate is not null)
        {
            throw new InvalidSettings(
                $"{PointVariable} is '{asked}' and {GateVariable} is '{gate}'; hold: needs the file that ends it, and nothing else does.");
        }

        return new FailpointPlan(point, gate, trace);

        string? Value(string name) => variable(name) is { Length: > 0 } text ? text : null;
    }

    /// <summary>The name of the n-th pass of a point; the first has the point's own name.</summary>
    internal static string NameOf(string point, int pass) =>
        pass == 1 ? point : string.Create(CultureInfo.InvariantCulture, $"{point}#{pass}");

    [GeneratedRegex(@"^[a-z][a-z-]*:[A-Za-z][A-Za-z.-]*:(before|after)(#[1-9][0-9]{0,3})?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}

using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace LiveMigration.Api.Microversions;

/// <summary>A version of Nova's API, such as 2.68.</summary>
/// <param name="Major">The part before the dot.</param>
/// <param name="Minor">The part behind it.</param>
[StructLayout(LayoutKind.Auto)]
public readonly partial record struct Microversion(int Major, int Minor) : IComparable<Microversion>
{
    /// <summary>The oldest we speak, and the one of a request that names none.</summary>
    public static readonly Microversion Lowest = new(2, 1);

    /// <summary>The newest we speak: that of the Nova whose answers are recorded in our tests.</summary>
    public static readonly Microversion Highest = new(2, 93);

    /// <inheritdoc/>
    public int CompareTo(Microversion other) =>
        Major != other.Major ? Major.CompareTo(other.Major) : Minor.CompareTo(other.Minor);

    /// <summary>True from 2.<paramref name="minor"/> on.</summary>
    public bool AtLeast(int minor) => CompareTo(new Microversion(2, minor)) >= 0;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}");

    /// <summary>Reads a version; null when it is not one.</summary>
    public static Microversion? Parse(string text)
    {
        var match = Format().Match(text);
        return match.Success
            && int.TryParse(match.Groups["major"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            && int.TryParse(match.Groups["minor"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var minor)
            ? new Microversion(major, minor)
            : null;
    }

    public static bool operator <(Microversion left, Microversion right) => left.CompareTo(right) < 0;

    public static bool operator >(Microversion left, Microversion right) => left.CompareTo(right) > 0;

    public static bool operator <=(Microversion left, Microversion right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Microversion left, Microversion right) => left.CompareTo(right) >= 0;

    [GeneratedRegex(@"^(?<major>[1-9][0-9]*)\.(?<minor>[1-9][0-9]*|0)\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Format();
}

using System.Text;

namespace LiveMigration.Core.Settings;

/// <summary>What options of a transfer are called where.</summary>
public static class TransferOptionNames
{
    /// <summary>In the API: <c>bandwidth_mibps</c> for <see cref="TransferOptions.BandwidthMiBps"/>.</summary>
    public static string Request(string property)
    {
        ArgumentNullException.ThrowIfNull(property);

        // Units are one word each: MiBps and GiB, not mi_bps and gi_b.
        var words = property.Replace("MiBps", "Mibps", StringComparison.Ordinal).Replace("GiB", "Gib", StringComparison.Ordinal);
        var name = new StringBuilder();
        foreach (var letter in words)
        {
            if (char.IsUpper(letter) && name.Length > 0) name.Append('_');
            name.Append(char.ToLowerInvariant(letter));
        }

        return name.ToString();
    }

    /// <summary>In the settings of all hosts.</summary>
    public static string Setting(string property) => $"{LiveMigrationSettings.Section}:{property}";
}

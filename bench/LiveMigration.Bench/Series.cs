namespace LiveMigration.Bench;

/// <summary>Figures of one kind.</summary>
internal sealed class Series
{
    private readonly List<double> _values = [];

    public double Median => At(0.5);

    /// <summary>How many there are.</summary>
    public int Count => _values.Count;

    public double P99 => At(0.99);

    public double Least => _values.Min();

    public double Most => _values.Max();

    public void Add(double value) => _values.Add(value);

    // Between two neighbours where there is no middle one.
    private double At(double share)
    {
        var sorted = _values.Order().ToList();
        var place = share * (sorted.Count - 1);
        var below = sorted[(int)Math.Floor(place)];
        return below + ((sorted[(int)Math.Ceiling(place)] - below) * (place - Math.Floor(place)));
    }
}

using System.Globalization;
using System.Text;

namespace LiveMigration.Bench.Fuzz;

/// <summary>What came of the requests so far.</summary>
internal sealed class FuzzTally
{
    private const int MostTold = 30;
    private readonly Lock _lock = new();
    private readonly SortedDictionary<int, long> _statuses = [];
    private readonly HashSet<string> _kinds = new(StringComparer.Ordinal);

    /// <summary>Requests sent.</summary>
    public long Requests { get; private set; }

    /// <summary>Answers of 500 and above, but for those of <see cref="VersionsRefused"/>.</summary>
    public long FiveHundreds { get; private set; }

    /// <summary>
    /// 505 to a request that is of no HTTP/1: what HTTP itself demands of a server, and given by it before anything of
    /// ours is asked.
    /// </summary>
    public long VersionsRefused { get; private set; }

    /// <summary>The longest wait for an answer.</summary>
    public TimeSpan Slowest { get; private set; }

    /// <summary>Requests whose answers are held against the program, with the answers; of very many the first.</summary>
    public List<string> Told { get; } = [];

    /// <summary>What the requests were meant for.</summary>
    public IReadOnlySet<string> Kinds => _kinds;

    /// <summary>How often each status came.</summary>
    public string Statuses => string.Join(' ', _statuses.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key}:{pair.Value}")));

    /// <summary>Counts one.</summary>
    public void Add(FuzzRequest request, byte[] sent, Load.WireAnswer answer, TimeSpan took, TimeSpan bound)
    {
        lock (_lock)
        {
            Requests++;
            _kinds.Add(request.Kind);
            _statuses[answer.Status] = _statuses.GetValueOrDefault(answer.Status) + 1;
            var isVersion = answer.Status == 505 && request.IsRaw;
            VersionsRefused += isVersion ? 1 : 0;
            FiveHundreds += answer.Status >= 500 && !isVersion ? 1 : 0;
            Slowest = took > Slowest ? took : Slowest;
            if (((answer.Status >= 500 && !isVersion) || took > bound) && Told.Count < MostTold)
            {
                Told.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{request.Index} {request.Kind}: {answer.Status} after {took.TotalMilliseconds:F0} ms\n{Shown(sent)}\n-> {Shown(answer.Body)}\n"));
            }
        }
    }

    private static string Shown(byte[] bytes)
    {
        const int Most = 1_500;
        var text = Encoding.Latin1.GetString(bytes, 0, Math.Min(bytes.Length, Most));
        return new string([.. text.Select(character => char.IsControl(character) && character is not '\n' ? '.' : character)]);
    }
}

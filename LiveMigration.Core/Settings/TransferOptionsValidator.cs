using System.Linq.Expressions;
using FluentValidation;

namespace LiveMigration.Core.Settings;

/// <summary>The bounds of every option of a transfer. Each message names the option, its value and what is allowed.</summary>
public sealed class TransferOptionsValidator : AbstractValidator<TransferOptions>
{
    private readonly Func<string, string> _name;

    /// <summary>The rules.</summary>
    /// <param name="name">From the property's name to the name that whoever reads the messages knows it by.</param>
    public TransferOptionsValidator(Func<string, string> name)
    {
        _name = name;
        Bound(options => options.DowntimeMs, 100, 3_600_000, "ms");
        Bound(options => options.FirstDowntimeMs, 0, 10_000, "ms, 0 to begin with the steps");
        Bound(options => options.DowntimeSteps, 3, 1000, "steps");
        Bound(options => options.DowntimeDelaySecondsPerGiB, 3, 86_400, "s for each GiB");
        Bound(options => options.CompletionTimeoutSecondsPerGiB, 0, 86_400, "s for each GiB, 0 for never");
        Bound(options => options.StalledTimeoutSeconds, 0, 86_400, "s, 0 for never");
        Bound(options => options.AutoConvergeInitialPercent, 0, 99, "%, 0 for QEMU's choice");
        Bound(options => options.AutoConvergeIncrementPercent, 0, 99, "%, 0 for QEMU's choice");
        Bound(options => options.ParallelConnections, 1, 255, "connections");
        Bound(options => options.BandwidthMiBps, 0, 1_000_000, "MiB/s, 0 for no bound");
        Bound(options => options.PostCopyBandwidthMiBps, 0, 1_000_000, "MiB/s, 0 for no bound");
        OneOf(options => options.TimeoutAction, TransferWords.TimeoutActions);
        OneOf(options => options.Compression, TransferWords.Compressions);
    }

    private static string Property<T>(Expression<Func<TransferOptions, T>> option) => ((MemberExpression)option.Body).Member.Name;

    private string Message<T>(Expression<Func<TransferOptions, T>> option, string allowed) =>
        $"{_name(Property(option))} is '{{PropertyValue}}'; allowed: {allowed}.";

    private void Bound<T>(Expression<Func<TransferOptions, T>> option, T from, T to, string unit)
        where T : struct, IComparable<T>, IComparable =>
        RuleFor(option).InclusiveBetween(from, to).WithMessage(Message(option, $"{from} to {to} {unit}"));

    private void OneOf(Expression<Func<TransferOptions, string>> option, IReadOnlyList<string> words) =>
        RuleFor(option).Must(words.Contains).WithMessage(Message(option, $"{string.Join(", ", words.SkipLast(1))} or {words[^1]}"));
}

using LiveMigration.Core.Errors;

namespace LiveMigration.Core.Settings;

/// <summary>Finds what is in force for a move: the request over the source host over the settings.</summary>
public sealed class TransferDefaults(LiveMigrationSettings settings, HostTransferOverrides hosts)
{
    /// <summary>What holds for moves out of a host when a request wants nothing.</summary>
    public TransferOptions Of(string source) => ((TransferOptions)settings).With(hosts.Of(source));

    /// <summary>What holds for one move, checked.</summary>
    /// <param name="source">The host that the guest is to leave.</param>
    /// <param name="qemu">Its QEMU's version: 1,000,000 × major + 1,000 × minor + release; 0 = not known.</param>
    /// <param name="requested">What the request wants; null = nothing.</param>
    /// <param name="copiesDisks">True when disks are certain to be copied.</param>
    /// <exception cref="InvalidTransferOptions">Out of bounds, or contradicting.</exception>
    public TransferOptions Resolve(string source, int qemu, TransferOverrides? requested, bool copiesDisks)
    {
        var options = Of(source).With(requested);
        var asked = requested ?? new TransferOverrides();
        if (asked.PermitAutoConverge == true && options.PermitPostCopy)
        {
            throw new InvalidTransferOptions(
                "permit_auto_converge and permit_post_copy exclude each other. Ask with permit_post_copy false, or without permit_auto_converge.");
        }

        var faults = new TransferOptionsValidator(TransferOptionNames.Request).Validate(options);
        var fault = faults.IsValid
            ? TransferContradictions.Among(options, TransferOptionNames.Request)
                ?? TransferContradictions.WithHypervisor(options, qemu, TransferOptionNames.Request)
                ?? (copiesDisks ? TransferContradictions.WithDiskCopy(options, TransferOptionNames.Request) : null)
            : faults.Errors[0].ErrorMessage;

        // With post-copy at hand a guest is not slowed down besides, as in Nova; what is stored says so.
        return fault is null
            ? options with { PermitAutoConverge = options.PermitAutoConverge && !options.PermitPostCopy }
            : throw new InvalidTransferOptions(fault);
    }
}

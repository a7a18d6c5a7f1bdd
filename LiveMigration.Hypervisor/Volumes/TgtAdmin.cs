using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using LiveMigration.Core.Errors;
using LiveMigration.Hypervisor.Libvirt;

namespace LiveMigration.Hypervisor.Volumes;

/// <summary>
/// Runs <c>tgtadm</c> at one storage server. ssh hands its words to a shell over there: only numbers and IP addresses that
/// were parsed before are among them, never a word from a guest's definition.
/// </summary>
internal sealed class TgtAdmin(string portal, VolumeOptions options, string? ssh, TimeProvider time)
{
    // ssh's own failures, and the shell's when it can't find or run a program.
    private static readonly int[] NotTgtadm = [126, 127, 255];

    // tgtadm's way to say that tgtd is not there: ENOTCONN.
    private const int NoDaemon = 107;

    internal async Task<IReadOnlyList<TgtTarget>> ShowAsync(CancellationToken ct) =>
        TgtTarget.ReadAll(await RunAsync(["--op", "show", "--mode", "target"], ct));

    internal Task BindAsync(int tid, IPAddress initiator, CancellationToken ct) =>
        RunAsync(["--op", "bind", "--mode", "target", "--tid", Text(tid), "--initiator-address", initiator.ToString()], ct);

    internal Task UnbindAsync(int tid, IPAddress initiator, CancellationToken ct) =>
        RunAsync(["--op", "unbind", "--mode", "target", "--tid", Text(tid), "--initiator-address", initiator.ToString()], ct);

    internal Task CloseAsync(int tid, TgtSession session, CancellationToken ct) => RunAsync(
        ["--op", "delete", "--mode", "conn", "--tid", Text(tid), "--sid", Text(session.Sid), "--cid", Text(session.Cid)], ct);

    private async Task<string> RunAsync(IReadOnlyList<string> words, CancellationToken ct)
    {
        using var process = new Process { StartInfo = StartInfo(words) };
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(options.TimeoutSeconds), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            process.Start();
            process.StandardInput.Close();

            // Whoever has read them must close them: the process would leave both pipes to the garbage collector.
            using var saying = process.StandardOutput;
            using var complaining = process.StandardError;
            var output = saying.ReadToEndAsync(either.Token);
            var error = complaining.ReadToEndAsync(either.Token);
            await Task.WhenAll(output, error, process.WaitForExitAsync(either.Token));
            return process.ExitCode switch
            {
                0 => await output,
                var code when NotTgtadm.Contains(code) || code == NoDaemon => throw new VolumeServiceUnavailable(portal, Reason(await error, code)),
                var code => throw new VolumeServiceRefused(portal, Reason(await error, code)),
            };
        }
        catch (Win32Exception missing)
        {
            throw new VolumeServiceUnavailable(portal, $"{process.StartInfo.FileName} can't be started: {missing.Message}", missing);
        }
        catch (OperationCanceledException cancelled)
        {
            process.Kill(entireProcessTree: true);
            ct.ThrowIfCancellationRequested();
            throw new VolumeServiceUnavailable(portal, $"tgtadm has not ended within {options.TimeoutSeconds} s", cancelled);
        }
    }

    private ProcessStartInfo StartInfo(IReadOnlyList<string> words)
    {
        string[] tgtadm = ["tgtadm", "--lld", "iscsi", "--control-port", Text(options.ControlPort), .. words];
        string[] all = options.Ssh is null ? tgtadm : [ssh!, .. SshWords(Address.TryParse(options.Ssh)!), "--", .. tgtadm];
        return new ProcessStartInfo(all[0], all[1..])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
    }

    private static IEnumerable<string> SshWords(Address server) =>
    [
        .. server.User is { } user ? ["-l", user] : Array.Empty<string>(),
        .. server.Port is { } port ? ["-p", Text(port)] : Array.Empty<string>(),
        server.Host,
    ];

    private static string Reason(string error, int code) =>
        error.Trim() is { Length: > 0 } text ? text : string.Create(CultureInfo.InvariantCulture, $"exit code {code}");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

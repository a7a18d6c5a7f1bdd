using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace LiveMigration.Bench.Load;

/// <summary>
/// One connection, to which bytes are written as they are: no client library puts them right, and none costs the
/// processor time that is to be measured elsewhere.
/// </summary>
internal sealed class Wire : IDisposable
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(150);

    private readonly Socket _socket;
    private byte[] _buffer = new byte[16 * 1024];
    private int _from;
    private int _to;

    private Wire(Socket socket) => _socket = socket;

    /// <summary>False once the other side has said that it closes, or has.</summary>
    public bool IsOpen { get; private set; } = true;

    /// <summary>Connects.</summary>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    public static async Task<Wire> ConnectAsync(Uri address, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(address);
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address.Host, address.Port, ct);
            return new Wire(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends a request and reads the answer.</summary>
    /// <param name="request">All of its bytes.</param>
    /// <param name="isHead">True when the answer has no body whatever its headers say.</param>
    /// <param name="mayEndThere">
    /// True for what may be no request: when no answer has come after a moment, it is told that nothing more will come, so that
    /// nobody waits for the rest. Not at once: a server takes that for hanging up, and gives no answer to what is one.
    /// </param>
    /// <param name="ct">Gives up.</param>
    /// <returns>The status and the body; the status is 0 when the connection was closed without an answer.</returns>
    public async Task<WireAnswer> AskAsync(ReadOnlyMemory<byte> request, bool isHead, bool mayEndThere, CancellationToken ct)
    {
        try
        {
            await SendAsync(request, ct);
        }
        catch (SocketException)
        {
            // It may have answered and closed before it had read all; that answer is what counts.
        }

        try
        {
            var answer = ReadAnswerAsync(isHead, ct);
            if (mayEndThere && await Task.WhenAny(answer, Task.Delay(Moment, TimeProvider.System, ct)) != answer)
            {
                _socket.Shutdown(SocketShutdown.Send);
            }

            return await answer;
        }
        catch (SocketException)
        {
            IsOpen = false;
            return new WireAnswer(0, []);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await _socket.SendAsync(bytes, SocketFlags.None, ct)..];
        }
    }

    private async Task<WireAnswer> ReadAnswerAsync(bool isHead, CancellationToken ct)
    {
        while (true)
        {
            if (await ReadHeadAsync(ct) is not { } head)
            {
                IsOpen = false;
                return new WireAnswer(0, []);
            }

            if (head.Status == 100)
            {
                continue;
            }

            if (head.Closes)
            {
                IsOpen = false;
            }

            var body = isHead || head.Status is 204 or 304 ? []
                : head.IsChunked ? await ReadChunksAsync(ct)
                : await ReadBytesAsync(head.Length, ct);
            return new WireAnswer(head.Status, body);
        }
    }

    private async Task<AnswerHead?> ReadHeadAsync(CancellationToken ct)
    {
        var searched = 0;
        while (true)
        {
            var end = _buffer.AsSpan(_from + searched, _to - _from - searched).IndexOf("\r\n\r\n"u8);
            if (end >= 0)
            {
                var text = Encoding.Latin1.GetString(_buffer, _from, searched + end);
                _from += searched + end + 4;
                return AnswerHead.Read(text);
            }

            searched = Math.Max(0, _to - _from - 3);
            if (!await FillAsync(ct))
            {
                return null;
            }
        }
    }

    private async Task<byte[]> ReadChunksAsync(CancellationToken ct)
    {
        using var body = new MemoryStream();
        while (true)
        {
            var line = await ReadLineAsync(ct);
            if (!int.TryParse(line.Split(';')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var length))
            {
                IsOpen = false;
                return body.ToArray();
            }

            await body.WriteAsync(await ReadBytesAsync(length, ct), ct);
            await ReadLineAsync(ct);
            if (length == 0)
            {
                return body.ToArray();
            }
        }
    }

    private async Task<string> ReadLineAsync(CancellationToken ct)
    {
        while (true)
        {
            var end = _buffer.AsSpan(_from, _to - _from).IndexOf("\r\n"u8);
            if (end >= 0)
            {
                var line = Encoding.Latin1.GetString(_buffer, _from, end);
                _from += end + 2;
                return line;
            }

            if (!await FillAsync(ct))
            {
                return "";
            }
        }
    }

    private async Task<byte[]> ReadBytesAsync(int count, CancellationToken ct)
    {
        var bytes = new byte[count];
        var read = 0;
        while (read < count)
        {
            if (_from == _to && !await FillAsync(ct))
            {
                IsOpen = false;
                return bytes[..read];
            }

            var some = Math.Min(count - read, _to - _from);
            _buffer.AsSpan(_from, some).CopyTo(bytes.AsSpan(read));
            (_from, read) = (_from + some, read + some);
        }

        return bytes;
    }

    private async Task<bool> FillAsync(CancellationToken ct)
    {
        if (_from > 0)
        {
            _buffer.AsSpan(_from, _to - _from).CopyTo(_buffer);
            (_from, _to) = (0, _to - _from);
        }

        if (_to == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var count = await _socket.ReceiveAsync(_buffer.AsMemory(_to), SocketFlags.None, ct);
        _to += count;
        IsOpen &= count > 0;
        return count > 0;
    }

    /// <summary>The first part of an answer, as far as it is needed to find its end.</summary>
    private sealed record AnswerHead(int Status, int Length, bool IsChunked, bool Closes)
    {
        public static AnswerHead Read(string text)
        {
            var lines = text.Split("\r\n");
            var words = lines[0].Split(' ');
            var status = words.Length > 1 && int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
            var (length, chunked, closes) = (0, false, words[0] is "HTTP/1.0");
            foreach (var line in lines.Skip(1))
            {
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                var (name, value) = colon < 0 ? (line, "") : (line[..colon], line[(colon + 1)..].Trim());
                if (name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
                {
                    _ = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out length);
                }

                chunked |= name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase) && value.Equals("chunked", StringComparison.OrdinalIgnoreCase);
                closes |= name.Equals("Connection", StringComparison.OrdinalIgnoreCase) && value.Equals("close", StringComparison.OrdinalIgnoreCase);
            }

            return new AnswerHead(status, length, chunked, closes);
        }
    }
}

/// <summary>What came back.</summary>
/// <param name="Status">The status; 0 when the connection was closed without one.</param>
/// <param name="Body">The body.</param>
internal sealed record WireAnswer(int Status, byte[] Body);

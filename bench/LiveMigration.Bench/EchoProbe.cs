using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace LiveMigration.Bench;

/// <summary>Pings a guest every 5 ms and notes when answers come. On threads of its own: a busy pool would look like a silent guest.</summary>
internal sealed class EchoProbe : IDisposable
{
    private const int EchoReply = 0;
    private const int IpHeader = 20;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Icmp) { ReceiveTimeout = 200 };
    private readonly ushort _id = (ushort)Environment.ProcessId;
    private readonly IPEndPoint _guest;
    private readonly ManualResetEventSlim _stop = new();
    private readonly List<TimeSpan> _answers = [];
    private readonly long _began = TimeProvider.System.GetTimestamp();
    private readonly Thread _sender;
    private readonly Thread _receiver;

    public EchoProbe(IPAddress guest)
    {
        _guest = new IPEndPoint(guest, 0);
        _sender = Run(Send);
        _receiver = Run(Receive);
    }

    /// <summary>Since the probe began.</summary>
    public TimeSpan Now => TimeProvider.System.GetElapsedTime(_began);

    /// <summary>How many have come so far.</summary>
    public int Answers
    {
        get
        {
            lock (_answers)
            {
                return _answers.Count;
            }
        }
    }

    /// <summary>The longest time between two answers that overlaps the span; one that has not ended yet counts until now.</summary>
    public TimeSpan LongestSilence(TimeSpan from, TimeSpan to)
    {
        lock (_answers)
        {
            var longest = TimeSpan.Zero;
            var before = from;
            foreach (var answer in _answers.Append(Now))
            {
                if (answer > from && before < to && answer - before > longest)
                {
                    longest = answer - before;
                }

                before = answer > from ? answer : from;
            }

            return longest;
        }
    }

    public void Dispose()
    {
        _stop.Set();
        _sender.Join();
        _receiver.Join();
        _socket.Dispose();
        _stop.Dispose();
    }

    private static Thread Run(ThreadStart work)
    {
        var thread = new Thread(work) { IsBackground = true, Priority = ThreadPriority.AboveNormal };
        thread.Start();
        return thread;
    }

    private void Send()
    {
        var packet = new byte[16];
        for (ushort number = 0; !_stop.Wait(Interval); number++)
        {
            WriteRequest(packet, number);
            try
            {
                _socket.SendTo(packet, _guest);
            }
            catch (SocketException)
            {
                // Nobody answers the address just now: that is the silence to be measured.
            }
        }
    }

    private void Receive()
    {
        var packet = new byte[256];
        while (!_stop.IsSet)
        {
            try
            {
                EndPoint from = new IPEndPoint(IPAddress.Any, 0);
                var length = _socket.ReceiveFrom(packet, ref from);
                if (((IPEndPoint)from).Address.Equals(_guest.Address) && IsOurs(packet.AsSpan(0, length)))
                {
                    lock (_answers)
                    {
                        _answers.Add(Now);
                    }
                }
            }
            catch (SocketException error) when (error.SocketErrorCode is SocketError.TimedOut or SocketError.HostUnreachable)
            {
                // Silence.
            }
        }
    }

    private bool IsOurs(ReadOnlySpan<byte> packet) =>
        packet.Length >= IpHeader + 8
        && packet[IpHeader] == EchoReply
        && BinaryPrimitives.ReadUInt16BigEndian(packet[(IpHeader + 4)..]) == _id;

    private void WriteRequest(Span<byte> packet, ushort number)
    {
        packet.Clear();
        packet[0] = 8;
        BinaryPrimitives.WriteUInt16BigEndian(packet[4..], _id);
        BinaryPrimitives.WriteUInt16BigEndian(packet[6..], number);
        var sum = 0;
        for (var i = 0; i < packet.Length; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(packet[i..]);
        }

        sum = (sum & 0xFFFF) + (sum >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)~(sum + (sum >> 16)));
    }
}

using System.Collections.Concurrent;
using System.Reflection;

namespace LiveMigration.Simulation;

/// <summary>A port as one controller process holds it: what a dead process asks reaches nobody, what it is told it never hears.</summary>
/// <typeparam name="TPort">The port's interface.</typeparam>
public class MortalPort<TPort> : DispatchProxy
    where TPort : class
{
    private static readonly ConcurrentDictionary<MethodInfo, MethodInfo?> Awaiting = new();
    private TPort? _real;
    private Fate? _fate;

    internal static TPort Of(TPort real, Fate fate)
    {
        var port = Create<TPort, MortalPort<TPort>>();
        var self = (MortalPort<TPort>)(object)port;
        (self._real, self._fate) = (real, fate);
        return port;
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        ArgumentNullException.ThrowIfNull(targetMethod);
        var awaiting = Awaiting.GetOrAdd(targetMethod, static method =>
            method.ReturnType.IsGenericType && method.ReturnType.GetGenericTypeDefinition() == typeof(Task<>)
                ? typeof(MortalPort<TPort>).GetMethod(nameof(AskAsync), BindingFlags.NonPublic | BindingFlags.Instance)!
                    .MakeGenericMethod(method.ReturnType.GenericTypeArguments)
                : null);
        return (awaiting, targetMethod.ReturnType) switch
        {
            ({ } typed, _) => typed.Invoke(this, BindingFlags.DoNotWrapExceptions, null, [targetMethod, args], null),
            (null, var type) when type == typeof(Task) => DoAsync(targetMethod, args),
            _ => Call(targetMethod, args),
        };
    }

    private object? Call(MethodInfo method, object?[]? args) => method.Invoke(_real, BindingFlags.DoNotWrapExceptions, null, args, null);

    private async Task<TAnswer> AskAsync<TAnswer>(MethodInfo method, object?[]? args)
    {
        _fate!.Step($"before {method.Name}");
        try
        {
            return await (Task<TAnswer>)Call(method, args)!;
        }
        finally
        {
            _fate.Step($"after {method.Name}");
        }
    }

    private async Task DoAsync(MethodInfo method, object?[]? args)
    {
        _fate!.Step($"before {method.Name}");
        try
        {
            await (Task)Call(method, args)!;
        }
        finally
        {
            _fate.Step($"after {method.Name}");
        }
    }
}

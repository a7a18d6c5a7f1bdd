using System.Collections.Concurrent;
using System.Reflection;
using LiveMigration.Core.Drivers;

namespace LiveMigration.Core.Failpoints;

/// <summary>A port with a failpoint before and after each call that <see cref="ChangesOutsideAttribute"/> marks.</summary>
/// <typeparam name="TPort">The port's interface.</typeparam>
public class FailpointPort<TPort> : DispatchProxy
    where TPort : class
{
    private const string Suffix = "Async";
    private static readonly ConcurrentDictionary<MethodInfo, MethodInfo?> Awaiting = new();
    private TPort? _real;
    private string _name = "";
    private FailpointTrack? _track;

    internal static TPort Of(TPort real, string name, FailpointTrack track)
    {
        var port = Create<TPort, FailpointPort<TPort>>();
        var self = (FailpointPort<TPort>)(object)port;
        (self._real, self._name, self._track) = (real, name, track);
        return port;
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        ArgumentNullException.ThrowIfNull(targetMethod);
        return Awaiting.GetOrAdd(targetMethod, FindAwaiting) is { } awaiting
            ? awaiting.Invoke(this, BindingFlags.DoNotWrapExceptions, null, [targetMethod, args], null)
            : Call(targetMethod, args);
    }

    private static MethodInfo? FindAwaiting(MethodInfo method)
    {
        if (!method.IsDefined(typeof(ChangesOutsideAttribute)))
        {
            return null;
        }

        return method.ReturnType == typeof(Task) ? Own(nameof(DoAsync))
            : method.ReturnType.IsGenericType && method.ReturnType.GetGenericTypeDefinition() == typeof(Task<>)
                ? Own(nameof(AskAsync)).MakeGenericMethod(method.ReturnType.GenericTypeArguments)
            : throw new InvalidOperationException($"{typeof(TPort).Name}.{method.Name} changes something, but is not asynchronous.");

        static MethodInfo Own(string name) =>
            typeof(FailpointPort<TPort>).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Instance)!;
    }

    private object? Call(MethodInfo method, object?[]? args) => method.Invoke(_real, BindingFlags.DoNotWrapExceptions, null, args, null);

    private async Task DoAsync(MethodInfo method, object?[]? args)
    {
        await PassAsync(method, "before");
        try
        {
            await (Task)Call(method, args)!;
        }
        finally
        {
            await PassAsync(method, "after");
        }
    }

    private async Task<TAnswer> AskAsync<TAnswer>(MethodInfo method, object?[]? args)
    {
        await PassAsync(method, "before");
        try
        {
            return await (Task<TAnswer>)Call(method, args)!;
        }
        finally
        {
            await PassAsync(method, "after");
        }
    }

    private Task PassAsync(MethodInfo method, string when)
    {
        var call = method.Name.EndsWith(Suffix, StringComparison.Ordinal) ? method.Name[..^Suffix.Length] : method.Name;
        return _track!.PassAsync($"{_name}:{call}:{when}");
    }
}

namespace LiveMigration.Core.Errors;

/// <summary>The instance is in a state that does not allow the request.</summary>
public sealed class InstanceInvalidState : ControlPlaneException
{
    /// <summary>Refused because of the value of one attribute.</summary>
    /// <param name="uuid">The instance.</param>
    /// <param name="method">Nova's word for the request, <c>os-migrateLive</c>.</param>
    /// <param name="attribute"><c>vm_state</c>, <c>task_state</c> or <c>power_state</c>.</param>
    /// <param name="state">Its value, in Nova's words.</param>
    public InstanceInvalidState(Guid uuid, string method, string attribute, string state)
        : base(ErrorKind.Refused, $"Cannot '{method}' instance {uuid} while it is in {attribute} {state}")
    {
    }

    /// <summary>Refused because an attribute has no value.</summary>
    public InstanceInvalidState(Guid uuid, string method)
        : base(ErrorKind.Refused, $"Instance {uuid} is in an invalid state for '{method}'")
    {
    }
}

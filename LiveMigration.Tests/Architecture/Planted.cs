// Types that break each rule of the architecture, in namespaces that mirror the product's. A rule that finds nothing
// here looks at the wrong place.
#pragma warning disable SA1403, MA0048, CA1812, CA1823, IDE0051, IDE0052, CS0169, CS0649, CA1801, CA1822, SYSLIB1054, CA2101, CA5392, CA1060, CA1852
namespace LiveMigration.Tests.Architecture.Planted.Api.Servers
{
    internal sealed class Slice
    {
        public static object Reach() => new Planted.Hypervisor.Libvirt.Driver();

        public static object Meddle() => new Planted.Core.Compute.Check();

        public static void Publish(RabbitMQ.Client.IChannel channel) => channel.ToString();

        public static void Enqueue(Hangfire.IBackgroundJobClient jobs) => jobs.ToString();
    }
}

namespace LiveMigration.Tests.Architecture.Planted.Core.Conductor
{
    internal sealed class Flow
    {
        public static object Tell() => new Notifications.Outbox();
    }
}

namespace LiveMigration.Tests.Architecture.Planted.Core.Notifications
{
    internal sealed class Outbox;
}

namespace LiveMigration.Tests.Architecture.Planted.Core.Scheduler
{
    internal sealed class Choice
    {
        public static object Ask() => new Conductor.Flow();
    }
}

namespace LiveMigration.Tests.Architecture.Planted.Core.Compute
{
    internal sealed class Check
    {
        public static object Ask() => new Scheduler.Choice();
    }
}

namespace LiveMigration.Tests.Architecture.Planted.Core.Sagas
{
    internal sealed class Engine
    {
        public static object Ask() => new Model.Row();
    }
}

namespace LiveMigration.Tests.Architecture.Planted.Core.Model
{
    internal sealed class Row
    {
        public static object Ask() => new Drivers.Port();
    }
}

namespace LiveMigration.Tests.Architecture.Planted.Core.Drivers
{
    internal sealed class Port
    {
        public static object Ask() => new Compute.Check();

        public static object Climb() => new Planted.Api.Servers.Slice();

        public static void Face(Microsoft.AspNetCore.Http.HttpContext context) => context.Abort();
    }
}

namespace LiveMigration.Tests.Architecture.Planted.Hypervisor.Libvirt
{
    internal sealed class Driver
    {
        public static object Climb() => new Planted.Api.Servers.Slice();

        public static object Meddle() => new Planted.Core.Conductor.Flow();
    }
}

namespace LiveMigration.Tests.Architecture.Planted.Hypervisor.Storage
{
    internal sealed class Connector
    {
        public static System.Xml.Linq.XElement Read() => new("domain");

        public static nint Load() => System.Runtime.InteropServices.NativeLibrary.Load("none");
    }
}

using LiveMigration.Hypervisor.Libvirt;
using Xunit;

namespace LiveMigration.Tests.Hypervisor;

public sealed class BlockPipeTests
{
    [Fact]
    public void Blocks_come_in_their_order_and_then_no_more()
    {
        var pipe = new BlockPipe();
        pipe.Write([1, 2]);
        pipe.Write([3]);
        pipe.Complete();

        Assert.Equal([1, 2], pipe.Read());
        Assert.Equal([3], pipe.Read());
        Assert.Null(pipe.Read());
    }

    [Fact]
    public async Task A_side_that_ends_lets_the_other_one_end()
    {
        var pipe = new BlockPipe();
        var waiting = Task.Factory.StartNew(
            pipe.Read, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        pipe.Abandon();

        await Assert.ThrowsAsync<BlockPipe.AbandonedException>(() => waiting);
        Assert.Throws<BlockPipe.AbandonedException>(() => pipe.Write([1]));
    }
}

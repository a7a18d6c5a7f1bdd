namespace LiveMigration.Bench.Fuzz;

/// <summary>One request, ready to be sent but for the ids and tokens that only the running program knows.</summary>
/// <param name="Index">Its place in the run; with the seed it makes the request.</param>
/// <param name="Kind">The operation it is meant for, or <c>raw</c> with what is wrong about it.</param>
/// <param name="Bytes">What is sent; <c>@{servers:17}</c> stands for one of the servers, and so on.</param>
/// <param name="IsHead">True when the answer has no body.</param>
/// <param name="IsRaw">True when it may be no HTTP at all: it is sent over a connection of its own, and ends there.</param>
internal sealed record FuzzRequest(long Index, string Kind, byte[] Bytes, bool IsHead, bool IsRaw);

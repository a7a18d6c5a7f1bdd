namespace LiveMigration.Hypervisor.Native;

/// <summary>The virErrorNumber values that are told apart.</summary>
internal static class ErrorCodes
{
    internal const int InternalError = 1;
    internal const int NoSupport = 3;
    internal const int NoConnect = 5;
    internal const int InvalidArgument = 8;
    internal const int OperationFailed = 9;
    internal const int SystemError = 38;
    internal const int Rpc = 39;
    internal const int NoDomain = 42;
    internal const int NoNetwork = 43;
    internal const int AuthenticationFailed = 45;
    internal const int NoStoragePool = 49;
    internal const int NoStorageVolume = 50;
    internal const int OperationInvalid = 55;
    internal const int NoSecret = 66;
    internal const int NoInterfaceDriver = 56;
    internal const int NoInterface = 57;
    internal const int NoFilterDriver = 60;
    internal const int NoFilter = 62;
    internal const int ConfigUnsupported = 67;
    internal const int OperationTimeout = 68;
    internal const int ArgumentUnsupported = 74;
    internal const int NoDomainMetadata = 80;
    internal const int OperationUnsupported = 84;
    internal const int StorageVolumeExists = 90;
    internal const int CpuIncompatible = 91;
    internal const int NoFilterBinding = 102;
}

/// <summary>The virErrorDomain values that are told apart.</summary>
internal static class ErrorDomains
{
    internal const int Rpc = 7;
    internal const int Remote = 13;
    internal const int Cpu = 31;
}

namespace LiveMigration.Core.Errors;

/// <summary>There is no such image to make a server of; in Nova's words.</summary>
public sealed class ImageNotFound()
    : ControlPlaneException(ErrorKind.Refused, "Can not find requested image");

using LiveMigration.Core.Drivers;
using LiveMigration.Core.Errors;
using LiveMigration.Core.Images;
using MediatR;

namespace LiveMigration.Core.Compute;

/// <summary>Makes a server's root disk of its image on its host, with the kernel and initramfs that the image names.</summary>
public static class BringImage
{
    /// <param name="Instance">The instance.</param>
    /// <param name="Host">Its host.</param>
    /// <param name="Image">The image.</param>
    /// <param name="DiskPath">Where the disk goes.</param>
    /// <param name="DiskBytes">How large it is to be.</param>
    /// <param name="KernelPath">Where the kernel goes; null for none.</param>
    /// <param name="InitramfsPath">Where the initramfs goes; null for none.</param>
    public sealed record Request(
        Guid Instance, string Host, Guid Image, string DiskPath, long DiskBytes, string? KernelPath, string? InitramfsPath) : IRequest<Response>;

    /// <summary>They are there.</summary>
    public sealed record Response;

    internal sealed class Handler(IGuestBuilder builder, ImageCatalog images) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken ct)
        {
            var image = images.Find(request.Image)
                ?? throw new BuildAbortException(request.Instance, $"image {request.Image} is gone from the folder of images");
            await builder.WriteFileAsync(
                request.Host, new NewGuestFile(request.DiskPath, new FileOfController(image.Path, image.FileBytes), request.DiskBytes), ct);
            await BringAsync(request, request.KernelPath, image.Kernel, ct);
            await BringAsync(request, request.InitramfsPath, image.Initramfs, ct);
            return new Response();
        }

        private async Task BringAsync(Request request, string? path, string? source, CancellationToken ct)
        {
            if (path is null)
            {
                return;
            }

            if (source is null || !File.Exists(source))
            {
                throw new BuildAbortException(request.Instance, $"image {request.Image} no longer has the file for {Path.GetFileName(path)}");
            }

            var file = new FileOfController(source, new FileInfo(source).Length);
            await builder.WriteFileAsync(request.Host, new NewGuestFile(path, file, DiskBytes: null), ct);
        }
    }
}

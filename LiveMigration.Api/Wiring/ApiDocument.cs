using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace LiveMigration.Api.Wiring;

/// <summary>The API's own description: made of the routes when it is first asked for, shown by a page without a CDN.</summary>
internal static class ApiDocument
{
    // Those of which examples are shown and that want a token, but for the log-in.
    private static readonly string[] Families = ["/v2.1/", "/v1/", "/identity/v3/"];

    public static IServiceCollection AddApiDocument(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "LiveMigration",
                Version = Hosting.Startup.Version,
                Description = "Moves running guests between libvirt hosts. Paths below /v2.1 are those of Nova's compute API "
                    + "2.1 to 2.93: every path exists as /v2.1/{project_id}/… too, OpenStack-API-Version chooses the version, "
                    + "X-Auth-Token carries the token.",
            };
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
            {
                ["token"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = "X-Auth-Token" },
            };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(DescribeAsync);
    });

    public static void MapApiDocument(this IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi("/openapi/{documentName}.json");
        routes.MapScalarApiReference("/docs", options => options
            .WithTitle("LiveMigration")
            .WithOpenApiRoutePattern("/openapi/v1.json")
            .DisableDefaultFonts());
    }

    private static Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        var path = "/" + context.Description.RelativePath;
        if (!Families.Any(family => path.StartsWith(family, StringComparison.Ordinal)))
        {
            return Task.CompletedTask;
        }

        if (!context.Description.ActionDescriptor.EndpointMetadata.OfType<IAllowAnonymous>().Any())
        {
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("token", context.Document)] = [] }];
        }

        if (path.StartsWith("/v2.1/", StringComparison.Ordinal))
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = "OpenStack-API-Version",
                In = ParameterLocation.Header,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                Example = "compute 2.93",
            });
        }

        if (ApiExamples.RequestOf(operation.OperationId) is { } request)
        {
            operation.RequestBody = new OpenApiRequestBody { Required = true, Content = Json(request) };
        }

        var (status, description) = ApiExamples.IsAccepted(operation.OperationId) ? ("202", "Accepted; read the outcome from the migration.")
            : ApiExamples.IsCreated(operation.OperationId) ? ("201", "Made.")
            : ("200", "OK");
        operation.Responses = new OpenApiResponses
        {
            [status] = new OpenApiResponse
            {
                Description = description,
                Content = ApiExamples.ResponseOf(operation.OperationId) is { } response ? Json(response) : null,
            },
            ["4XX"] = new OpenApiResponse
            {
                Description = "A fault.",
                Content = Json(path.StartsWith("/identity/", StringComparison.Ordinal) ? IdentityExamples.Fault : ApiExamples.Fault),
            },
        };
        return Task.CompletedTask;
    }

    private static Dictionary<string, OpenApiMediaType> Json(string example) => new(StringComparer.Ordinal)
    {
        ["application/json"] = new OpenApiMediaType
        {
            Schema = new OpenApiSchema { Type = JsonSchemaType.Object },
            Example = JsonNode.Parse(example),
        },
    };
}

namespace LiveMigration.Api.Hosting;

/// <summary>How the program logs: one line an entry, UTC, to the console.</summary>
internal static class ProgramLog
{
    public static void AddProgramLog(this ILoggingBuilder logging)
    {
        logging.AddSimpleConsole(options =>
        {
            options.SingleLine = true;
            options.UseUtcTimestamp = true;
            options.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
        });
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("Hangfire", LogLevel.Warning);
        logging.AddFilter("LiveMigration.Api.Auth.OperatorAuthentication", LogLevel.Warning);
        // What the database refuses is thrown as well, and told by whoever can't do with it; two requests at once are no error.
        logging.AddFilter("Microsoft.EntityFrameworkCore.Update", LogLevel.Critical);
        logging.AddFilter("Microsoft.EntityFrameworkCore.Database.Command", LogLevel.Critical);
        // A start that fails is told in one line by the program itself.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
    }
}

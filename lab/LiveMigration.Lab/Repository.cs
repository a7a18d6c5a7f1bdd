namespace LiveMigration.Lab;

/// <summary>The checkout that this code was built in.</summary>
public static class Repository
{
    /// <summary>Its root: the nearest folder above the running program that holds the solution.</summary>
    public static string Root { get; } = Find();

    /// <summary>A command of the lab.</summary>
    public static string LabCommand(string name) => Path.Combine(Root, "lab", name);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "LiveMigration.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"no LiveMigration.sln above {AppContext.BaseDirectory}");
    }
}

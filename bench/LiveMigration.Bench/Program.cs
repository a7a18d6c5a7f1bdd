using LiveMigration.Bench;

return await Dispatcher.RunAsync(args);

using LiveMigration.Api.Hosting;

// start: settings → services → state → listen; each step ends the program with one line if it can't be done
return await Startup.RunAsync(args);

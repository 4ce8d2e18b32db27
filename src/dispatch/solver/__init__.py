"""Problem in, solution out: a routing solver that knows neither jobs nor databases nor HTTP."""

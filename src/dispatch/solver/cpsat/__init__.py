"""The CP-SAT solver of OR-Tools: small days to the end, and routes of many plans put together."""

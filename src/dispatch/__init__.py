"""Field-service dispatch and route planning: who goes where, when, and why."""

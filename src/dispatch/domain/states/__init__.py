"""What may happen to a thing, by the state it is in: one table for each kind of thing."""

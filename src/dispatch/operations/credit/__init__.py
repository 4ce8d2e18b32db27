"""How reliable technicians have been, and why."""

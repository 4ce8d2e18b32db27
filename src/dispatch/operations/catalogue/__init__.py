"""What can be ordered, what has to be filled in, and what it costs."""

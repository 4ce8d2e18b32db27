"""The thin service: a route takes what it was sent, makes one call, and answers."""

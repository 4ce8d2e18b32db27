"""Travel times that somebody else worked out, in a file."""

"""What a server is made of, beside the service itself."""

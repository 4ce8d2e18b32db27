"""What managers change about the service network."""

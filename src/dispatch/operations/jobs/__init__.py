"""What people decide about jobs, before and beside planning."""

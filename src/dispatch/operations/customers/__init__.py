"""Who orders, where the work is, and what stands there."""

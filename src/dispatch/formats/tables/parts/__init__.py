"""Rows to value objects and back, one file for each kind of thing."""

"""Rows as value objects of the domain and back, one file for each kind of thing."""

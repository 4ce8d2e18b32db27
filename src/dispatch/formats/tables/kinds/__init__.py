"""The kinds of cells: each reads and writes one kind of value."""

"""The parts of the page: its data, its tables, its template, its style and its script."""

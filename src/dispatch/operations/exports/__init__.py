"""Taking what is in the record elsewhere."""

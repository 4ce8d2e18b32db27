"""Published benchmark sets: read, check and write them in their own formats and units."""

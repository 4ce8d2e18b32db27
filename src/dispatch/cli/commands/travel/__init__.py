"""``dispatch travel``: a look into travel times."""

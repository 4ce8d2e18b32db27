"""A road graph from OpenStreetMap: read, permitted, directed, timed, contracted, searched."""

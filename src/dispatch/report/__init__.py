"""Pictures of a plan: one self-contained page, and PNGs of its map and its Gantt chart."""

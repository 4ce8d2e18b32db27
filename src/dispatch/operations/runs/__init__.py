"""Planning in the background: asked for, taken, worked on, ended."""

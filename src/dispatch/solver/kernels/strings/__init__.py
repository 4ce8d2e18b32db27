"""Ruin and recreate: strings of visits come off and go back where they cost least."""

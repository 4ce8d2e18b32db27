"""The command line: the tree of files under ``commands`` is the tree of commands."""

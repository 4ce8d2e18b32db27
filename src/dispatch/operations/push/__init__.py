"""Asking one technician after another to take a visit, and handing one on."""

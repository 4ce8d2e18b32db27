"""The pool: jobs open to every eligible technician, each claimed by exactly one."""

"""What no plan of a problem can cost less than."""

from dispatch.solver.bounds.lower_bound import lower_bound

__all__ = ["lower_bound"]

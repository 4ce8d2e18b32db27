"""The kernels behind bounds, compiled before anybody waits for one."""

from __future__ import annotations

from dispatch.solver.bounds.lower_bound import lower_bound
from dispatch.solver.child.rehearsal import is_warm, mark_warm, tiny_problem

BOUNDS = "bounds"


def rehearse_bounds() -> None:
    """Bound a tiny problem, which compiles what it needs, and remember that."""
    lower_bound(tiny_problem())
    mark_warm(BOUNDS)


def are_bounds_warm() -> bool:
    """Whether that has been done on this machine."""
    return is_warm(BOUNDS)

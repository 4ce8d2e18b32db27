"""From which size on a day is solved in parts."""

from __future__ import annotations

from dispatch.solver.problem import Problem

BIG = 2_500
"""Visits. Smaller days are better off with one search over all of them."""


def is_big(problem: Problem) -> bool:
    """Whether the usual engine hands a problem over."""
    return problem.visit_count >= BIG

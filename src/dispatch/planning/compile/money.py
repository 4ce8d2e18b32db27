"""Prices of the policy in the solver's cost units. Everything is a whole number, exactly."""

from __future__ import annotations

from dispatch.domain.policy import Policy
from dispatch.domain.technician import Technician
from dispatch.solver.arrays import HIGHEST_PRICE
from dispatch.solver.problem import COST_SCALE

PER_HOUR = COST_SCALE // 3_600
"""Cost units per second of one minor unit per hour."""
PER_MINUTE = COST_SCALE // 60
"""Cost units per second of one minor unit per minute."""
PER_KILOMETRE = COST_SCALE // 1_000
"""Cost units per metre of one minor unit per kilometre."""


def units(minor: int, scale: int = COST_SCALE) -> int:
    """A price in cost units, cut at the highest that the solver can add up safely."""
    return min(minor * scale, HIGHEST_PRICE)


def wage_minor_per_h(technician: Technician, policy: Policy) -> int:
    """Their own wage, or the policy's; a contractor without one is paid by the visit alone."""
    if technician.wage_minor_per_h is not None:
        return technician.wage_minor_per_h
    return 0 if technician.contractor else policy.wage_minor_per_h

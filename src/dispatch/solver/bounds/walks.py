"""A lower bound on the cheapest route that sees travel and windows: walks through visits and time.

Much stronger than a knapsack and much more work, so it is for vehicles that have few enough
candidates, none of them over in an instant.
"""

from __future__ import annotations

from dataclasses import dataclass

from dispatch.solver.arrays import Ints
from dispatch.solver.bounds.knapsack import Shift
from dispatch.solver.kernels.cheapest_route import cheapest_route
from dispatch.solver.kernels.legs import shortest_step
from dispatch.solver.kernels.model import Model
from dispatch.solver.problem import Problem

LEAST_STEPS, MOST_STEPS = 40, 600


@dataclass(frozen=True, slots=True, eq=False)
class Walks:
    """A vehicle with its steps of time; where the knapsack knows more, that counts."""

    model: Model
    vehicle: int
    shift: Shift
    step_s: int
    steps: int

    @property
    def work(self) -> int:
        """About how many arrivals a search has to look at."""
        return len(self.shift.candidates) ** 2 * self.steps

    def cheapest(self, worth: Ints) -> tuple[int, Ints]:
        """A bound on any used route less the ``worth`` (visits,) of its visits; whom it serves."""
        packed = self.shift.cheapest(worth)
        if packed[0] >= 0:
            return packed
        walked: tuple[int, Ints] = cheapest_route(
            self.model, self.vehicle, self.shift.candidates, worth, self.step_s, self.steps
        )
        return max(walked, packed, key=lambda each: each[0])


def least_work(shift: Shift) -> int:
    """What :attr:`Walks.work` will be at least, known before any way is looked at."""
    return len(shift.candidates) ** 2 * LEAST_STEPS


def walks_of(problem: Problem, model: Model, vehicle: int, shift: Shift) -> Walks | None:
    """None where the steps of time would have to be too short."""
    if len(shift.candidates) == 0:
        return None
    span_s = int(problem.vehicles.latest_s[vehicle] - problem.vehicles.earliest_s[vehicle])
    shortest_s = int(shortest_step(model, vehicle, shift.candidates))
    step_s = min(shortest_s, max(1, span_s // LEAST_STEPS))
    if step_s <= 0 or span_s // step_s >= MOST_STEPS:
        return None
    return Walks(model, vehicle, shift, step_s, span_s // step_s + 1)

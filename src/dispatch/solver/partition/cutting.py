"""A day cut into parts, each time differently."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from dispatch.solver.arrays import Ints
from dispatch.solver.partition.nearness import areas, centres, unlike_skills, ways_apart
from dispatch.solver.partition.part import Part, cut
from dispatch.solver.partition.shares import Share, bundles, shares
from dispatch.solver.problem import Problem
from dispatch.solver.solution import Solution


class Cutter:
    """Cuts one problem again and again."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._unlike = unlike_skills(problem)
        self._bundle = bundles(problem)

    def shares(
        self,
        plan: Solution,
        count: int,
        skill: float,
        rng: np.random.Generator,
        *,
        hold_tied: bool = False,
    ) -> Sequence[Share]:
        """So many parts of about one size, those who belong together by place and skill in one.

        Parameters
        ----------
        plan
            What everybody does as it stands.
        skill
            How much skills count beside places, see `nearness.py`.
        hold_tied
            Leave every visit that is tied to others where it is.
        """
        places = centres(self._problem, plan.routes)
        apart = ways_apart(self._problem, places) + np.float32(skill) * self._unlike
        cuts = areas(apart, count, rng)
        return shares(self._problem, plan, self._bundle, cuts, places, hold_tied=hold_tied)

    def part(self, plan: Solution, share: Share) -> Part:
        """A share as a problem of its own."""
        return cut(self._problem, plan, share.vehicles, share.visits, share.held)


def put_back(routes: Sequence[Ints], changed: Iterable[tuple[int, Ints]]) -> list[Ints]:
    """Routes of the whole with those of a part in them."""
    new = list(routes)
    for vehicle, row in changed:
        new[vehicle] = row
    return new

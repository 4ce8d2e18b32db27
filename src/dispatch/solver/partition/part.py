"""A part of a problem as a problem of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from dispatch.solver.arrays import HIGHEST_PRICE, Bools, Ints
from dispatch.solver.partition.kept import Arrays, Kept, arrays_of, complete, problem_from
from dispatch.solver.problem import NEVER, OPEN, Problem
from dispatch.solver.problem_fields import Axis
from dispatch.solver.solution import ABSENT, Solution


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Some vehicles and some visits, with every rule and price that is between them."""

    problem: Problem
    whole_visits: int
    """How many visits the whole problem has."""
    vehicles: Ints
    """(vehicles of the part,) their numbers in the whole"""
    visits: Ints
    """(visits of the part,) the same"""
    breaks: Ints
    """(breaks of the part,) the same"""
    witness: int = ABSENT
    """A vehicle of the whole that is here only to show how late the rest is, if there is one."""

    def inside(self, routes: Sequence[Ints]) -> tuple[Ints, ...]:
        """Routes of the whole as the part's; what is not of the part is left out."""
        last = self.whole_visits + int(self.breaks.max(initial=0)) + 1
        number = np.full(last + 1, ABSENT, dtype=np.int64)
        number[self.visits] = np.arange(len(self.visits))
        number[self.whole_visits + self.breaks] = len(self.visits) + np.arange(len(self.breaks))
        rows = (number[np.minimum(routes[vehicle], last)] for vehicle in self.vehicles)
        return tuple(row[row != ABSENT] for row in rows)

    def outside(self, routes: Sequence[Sequence[int] | Ints]) -> Iterator[tuple[int, Ints]]:
        """By vehicle of the whole, the part's routes as the whole's."""
        activities = np.concatenate((self.visits, self.whole_visits + self.breaks))
        for vehicle, row in zip(self.vehicles.tolist(), routes, strict=True):
            if vehicle != self.witness:
                yield vehicle, activities[np.asarray(row, dtype=np.int64)]


def cut(problem: Problem, plan: Solution, vehicles: Ints, visits: Ints, held: Bools) -> Part:
    """Make a part.

    Parameters
    ----------
    plan
        Of the whole, as it stands.
    vehicles
        Ascending.
    visits
        Ascending; all those on the routes of ``vehicles``, and others that nobody serves.
    held
        (visits,) where a visit stays on its vehicle, at its time: it is tied to one outside.
    """
    witness = _latest_outside(problem, plan, visits)
    if witness != ABSENT:
        at = int(np.searchsorted(visits, witness))
        visits, held = np.insert(visits, at, witness), np.insert(held, at, True)
        vehicles = np.union1d(vehicles, plan.vehicle[witness])
    group = _groups(problem.visits.group[visits], held)
    kept: Kept = {
        Axis.VEHICLES: vehicles,
        Axis.VISITS: visits,
        Axis.GROUPS: problem.visits.group[visits[np.flatnonzero(np.diff(group, prepend=-1))]],
    }
    kept = complete(problem, kept)
    kept[Axis.LINKS] = _loose_links(problem, kept[Axis.LINKS], visits[held])
    kept[Axis.WINDOWS] = _windows(problem, kept[Axis.WINDOWS], visits[held])
    if witness != ABSENT:
        outside = problem.breaks.vehicle[kept[Axis.BREAKS]] == plan.vehicle[witness]
        kept[Axis.BREAKS] = kept[Axis.BREAKS][~outside]
    arrays = arrays_of(problem, kept)
    arrays["visits"]["group"] = group
    _hold(arrays, plan, kept, held)
    _follow(problem, arrays, plan, visits, held)
    if witness != ABSENT:
        _bear_witness(arrays, plan, kept, witness)
    return Part(
        problem=problem_from(problem, arrays),
        whole_visits=problem.visit_count,
        vehicles=vehicles,
        visits=visits,
        breaks=kept[Axis.BREAKS],
        witness=ABSENT if witness == ABSENT else int(plan.vehicle[witness]),
    )


def _latest_outside(problem: Problem, plan: Solution, visits: Ints) -> int:
    """The visit outside that is latest, where the largest lateness of all has a price."""
    if problem.worst_lateness_price == 0:
        return ABSENT
    late = np.where(plan.vehicle != ABSENT, plan.end_s - problem.visits.due_s, 0)
    late[visits] = 0
    latest = int(np.argmax(late)) if len(late) else ABSENT
    return latest if latest != ABSENT and late[latest] > 0 else ABSENT


def _groups(group: Ints, held: Bools) -> Ints:
    """Groups counted anew; a visit that is held is one of its own."""
    alone = held.copy()
    alone[1:] |= held[:-1]
    new = np.ones(len(group), dtype=np.bool_)
    new[1:] = (group[1:] != group[:-1]) | alone[1:]
    numbers: Ints = np.cumsum(new) - 1
    return numbers


def _loose_links(problem: Problem, links: Ints, held: Ints) -> Ints:
    """Without those of visits that are held: their times are as they must be."""
    ends = (problem.links.before, problem.links.after)
    tight = [np.isin(end[links], held) for end in ends]
    return links[~(tight[0] | tight[1])]


def _windows(problem: Problem, windows: Ints, held: Ints) -> Ints:
    """All of them, but of a visit that is held the first alone."""
    offset = problem.visits.windows.offset
    owner = np.searchsorted(offset, windows, side="right") - 1
    stays: Bools = ~np.isin(owner, held) | (windows == offset[owner])
    return windows[stays]


def _hold(arrays: Arrays, plan: Solution, kept: Kept, held: Bools) -> None:
    """Let each visit that is held be served by its vehicle alone, at its time, at any price."""
    visits, windows = arrays["visits"], arrays["visits/windows"]
    lengths = np.where(held, 1, np.diff(windows["offset"]))
    offset = windows["offset"] = np.concatenate(([0], np.cumsum(lengths)))
    at = np.flatnonzero(held)
    whole = kept[Axis.VISITS][at]
    windows["start_s"][offset[at]] = windows["end_s"][offset[at]] = plan.start_s[whole]
    visits["allowed"][at] = False
    visits["allowed"][at, np.searchsorted(kept[Axis.VEHICLES], plan.vehicle[whole])] = True
    arrays[""]["unserved_price"][visits["group"][at]] = HIGHEST_PRICE


def _follow(problem: Problem, arrays: Arrays, plan: Solution, visits: Ints, held: Bools) -> None:
    """Let visits that nobody serves start when those that they wait for, and that stay, allow."""
    links, free = problem.links, visits[~held & (plan.vehicle[visits] == ABSENT)]
    ends = np.isin(links.after, free) & ~np.isin(links.before, visits[~held])
    before, after = links.before[ends], np.searchsorted(visits, links.after[ends])
    base = np.where(links.from_end[ends], plan.end_s[before], plan.start_s[before])
    low, high = np.zeros(len(visits), np.int64), np.full(len(visits), NEVER)
    np.maximum.at(low, after, base + links.min_delay_s[ends])
    np.minimum.at(high, after, base + np.minimum(links.max_delay_s[ends], NEVER - base))
    windows = arrays["visits/windows"]
    owner = np.repeat(np.arange(len(visits)), np.diff(windows["offset"]))
    start = np.maximum(windows["start_s"], low[owner])
    end = np.minimum(windows["end_s"], high[owner])
    some = np.bincount(owner[start <= end], minlength=len(visits)) > 0
    arrays["visits"]["allowed"][~some] = False
    stays = (start <= end) | ~some[owner]
    for name, clipped in (("start_s", start), ("end_s", end)):
        windows[name] = np.where(some[owner], clipped, windows[name])[stays]
    lengths = np.bincount(owner[stays], minlength=len(visits))
    windows["offset"] = np.concatenate(([0], np.cumsum(lengths)))


def _bear_witness(arrays: Arrays, plan: Solution, kept: Kept, witness: int) -> None:
    """Leave of a vehicle outside nothing but the visit that ends so late, when it does."""
    visit = int(np.searchsorted(kept[Axis.VISITS], witness))
    vehicle = int(np.searchsorted(kept[Axis.VEHICLES], plan.vehicle[witness]))
    arrays["vehicles"]["start_place"][vehicle] = OPEN
    arrays["vehicles"]["end_place"][vehicle] = OPEN
    arrays["visits"]["allowed"][:, vehicle] = False
    arrays["visits"]["allowed"][visit, vehicle] = True
    arrays["visits"]["setup_s"][visit] = 0
    arrays["visits"]["duration_s"][visit, vehicle] = plan.end_s[witness] - plan.start_s[witness]

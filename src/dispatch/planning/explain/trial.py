"""Trying a visit at every place of a route, and saying what fails and by how much.

Times arise as ``solver/problem.py`` tells; this is a plain walk along one route, slow and obvious.
Where other routes wait for a visit, its time is taken as planned: it may not move.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dispatch.planning.compile import Compiled
from dispatch.planning.explain.driving import Driving, Rest
from dispatch.planning.horizon import Span
from dispatch.planning.rules.room import minutes
from dispatch.planning.rules.rule import Miss
from dispatch.solver.arrays import NEVER
from dispatch.solver.problem import OPEN

FULL_S = 3_600
"""To lack a place, a part or the right order counts as much as to lack an hour."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of a route: its cost in cost units, or the first rule that fails."""

    cost: int = 0
    miss: Miss | None = None


class _Failed(Exception):
    """Carries the first rule that fails."""

    def __init__(self, code: str, gap: int, **values: str | int) -> None:
        self.miss = Miss(code, values, gap)
        super().__init__(code)


class Walk:
    """A technician going along a route, one activity at a time."""

    def __init__(self, compiled: Compiled, vehicle: int) -> None:
        self._problem, self._visits = compiled.problem, compiled.visits
        self._vehicle = vehicle
        vehicles = compiled.problem.vehicles
        self._profile = int(vehicles.profile[vehicle])
        self._place = int(vehicles.start_place[vehicle])
        self._free = self._chain = int(vehicles.earliest_s[vehicle])
        self._depart = -1
        self._driving = Driving.of(compiled.problem, vehicle)
        self._rests: list[Rest] = []
        self._travel = self._distance = self._cost = self._work = 0
        self._rank = self._order = -1

    def rest(self, at: int) -> None:
        """Take a break between two stops, or before leaving."""
        breaks = self._problem.breaks
        earliest, duration = int(breaks.earliest_s[at]), int(breaks.duration_s[at])
        begin = max(self._chain, earliest)
        self._in_time(begin, at)
        self._chain = begin + duration
        if self._depart < 0:
            self._free = self._chain
        else:
            self._rests.append((begin, duration))

    def visit(self, at: int, own: bool, span: Span) -> None:
        """Go to a visit and do it. ``span`` is when what it is tied to lets it start."""
        visits = self._problem.visits
        place = int(visits.place[at])
        moved = place != self._place or self._depart < 0
        usual = self._way(place)
        reached, travel = self._driving.go(self._free, usual, self._rests)
        ready = max(reached, span.start_s)
        start = self._start(at, own, ready)
        if start > span.end_s:
            raise _Failed(
                "route.tied",
                start - span.end_s,
                minutes=minutes(start - span.end_s),
                job=self._job(at),
            )
        rank = int(visits.rank[at])
        if 0 <= rank < self._rank:
            raise _Failed("route.order", FULL_S, job=self._job(at))
        self._rank = max(rank, self._rank)
        if self._depart < 0:
            self._depart = self._driving.leave(start, usual)
            travel = self._driving.go(self._depart, usual)[1]
        self._travel += travel
        setup = int(visits.setup_s[at]) if moved else 0
        end = start + setup + int(visits.duration_s[at, self._vehicle])
        self._cost += self._price(at, start, end)
        self._work += end - start
        self._place, self._free, self._chain, self._rests = place, end, end, []

    def home(self, breaks: Iterable[int]) -> int:
        """Go to the end of the shift, with the breaks still owed; the cost of all in cost units."""
        vehicles, v = self._problem.vehicles, self._vehicle
        end_place = int(vehicles.end_place[v])
        usual = self._way(end_place) if end_place != OPEN else 0
        finish, travel = self._driving.go(self._free, usual)
        for at in breaks:
            earliest = int(self._problem.breaks.earliest_s[at])
            duration = int(self._problem.breaks.duration_s[at])
            if finish > earliest:
                begin = max(self._chain, earliest)
                self._in_time(begin, at)
                self._chain = begin + duration
                self._rests.append((begin, duration))
                finish, travel = self._driving.go(self._free, usual, self._rests)
        self._travel += travel
        over = finish - int(vehicles.latest_s[v])
        if over > 0:
            raise _Failed("route.shift", over, minutes=minutes(over))
        far = self._travel - int(vehicles.max_travel_s[v])
        if far > 0:
            raise _Failed("route.max-travel", far, minutes=minutes(far))
        return (
            self._cost
            + int(vehicles.use_price[v])
            + int(vehicles.travel_price[v]) * self._travel
            + int(vehicles.distance_price[v]) * self._distance
            + int(vehicles.time_price[v]) * (finish - self._depart)
            + int(vehicles.overtime_price[v]) * max(0, finish - int(vehicles.end_s[v]))
            + int(vehicles.unfairness_price[v]) * max(0, self._work - int(vehicles.fair_share_s[v]))
        )

    def _way(self, place: int) -> int:
        """The usual seconds to a place."""
        if self._place == OPEN:
            return 0
        self._distance += int(self._problem.distance_m[self._profile, self._place, place])
        return int(self._problem.travel_s[self._profile, self._place, place])

    def _in_time(self, begin: int, at: int) -> None:
        late = begin - int(self._problem.breaks.latest_s[at])
        if late > 0:
            raise _Failed("route.break", late, minutes=minutes(late))

    def _start(self, at: int, own: bool, ready: int) -> int:
        windows = self._problem.visits.windows
        last = 0
        for number in range(int(windows.offset[at]), int(windows.offset[at + 1])):
            last = int(windows.end_s[number])
            if ready <= last:
                return max(ready, int(windows.start_s[number]))
        late = minutes(ready - last)
        if own:
            raise _Failed("route.window", ready - last, minutes=late)
        raise _Failed("route.next-window", ready - last, minutes=late, job=self._job(at))

    def _price(self, at: int, start: int, end: int) -> int:
        visits = self._problem.visits
        late = max(0, end - int(visits.due_s[at]))
        first, last = int(visits.preferred.offset[at]), int(visits.preferred.offset[at + 1])
        missed = min(
            (
                max(
                    0,
                    int(visits.preferred.start_s[number]) - start,
                    start - int(visits.preferred.end_s[number]),
                )
                for number in range(first, last)
            ),
            default=0,
        )
        return (
            int(visits.assign_price[at, self._vehicle])
            + late * int(visits.lateness_price[at])
            + missed * int(visits.preferred_price[at])
            + self._changed(at, start)
        )

    def _changed(self, at: int, start: int) -> int:
        """What it costs that a visit is not as it was published."""
        published = self._problem.published
        row = int(np.searchsorted(published.visit, at))
        if row == len(published.visit) or published.visit[row] != at:
            return 0
        price = 0
        early = int(published.promised_start_s[row]) - start
        outside = max(early, start - int(published.promised_end_s[row]))
        if outside > 0:
            price += int(published.moved_price[row])
            price += outside * int(published.moved_second_price[row])
        if published.vehicle[row] == self._vehicle:
            rank = int(published.rank[row])
            price += int(published.order_price[row]) if rank < self._order else 0
            self._order = max(rank, self._order)
        return price

    def _job(self, at: int) -> str:
        return self._visits[at].job.id


def walk(
    compiled: Compiled,
    vehicle: int,
    row: Sequence[int],
    spans: Mapping[int, Span],
    new: int = -1,
) -> Trial:
    """Go along ``row``, in which ``new`` is the visit that is tried.

    Parameters
    ----------
    row
        Visits, and the visit count plus a break, as in a solution.
    spans
        When visits that are tied to others may start; others are free.
    """
    count = len(compiled.visits)
    last = max((place for place, activity in enumerate(row) if activity < count), default=-1)
    if last < 0:
        return Trial()
    path = Walk(compiled, vehicle)
    try:
        for activity in row[: last + 1]:
            if activity >= count:
                path.rest(activity - count)
            else:
                path.visit(activity, activity == new, spans.get(activity, Span(0, NEVER)))
        return Trial(path.home(activity - count for activity in row[last + 1 :]))
    except _Failed as failed:
        return Trial(miss=failed.miss)

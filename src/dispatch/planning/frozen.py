"""Routes that stay as they are, so that what is wrong with them is in nobody else's way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from dispatch.domain.day import Day
from dispatch.domain.plan import Plan, Reason
from dispatch.planning.standing import Board


class Way(NamedTuple):
    """Whose route, in which shift."""

    technician: str
    shift: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A visit that breaks a rule where it stands on the board."""

    job: str
    rule: str
    """As the solver names it, or the code of what the day's check says."""
    technician: str | None
    """On whose route; none if nobody has it."""
    shift: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """What is left alone until somebody mends it."""

    broken: tuple[Broken, ...] = ()
    """What is wrong, a line for each route."""
    routes: frozenset[Way] = frozenset()
    """Those that are broken, and all that crews and dependencies tie to them."""
    jobs: frozenset[str] = frozenset()
    """All that stand on these routes, and those that wait for one of them or that one waits for."""

    def left_of(self, day: Day) -> Day:
        """The day without them: nothing more is to be planned on these routes."""
        if not self.jobs and not self.routes:
            return day
        technicians = (
            replace(
                person,
                shifts=tuple(
                    shift for shift in person.shifts if (person.id, shift.id) not in self.routes
                ),
            )
            for person in day.technicians
        )
        jobs = (job for job in day.jobs if job.id not in self.jobs)
        return replace(day, technicians=tuple(technicians), jobs=tuple(jobs))

    def rest_of(self, board: Board) -> Board:
        """The visits that may go on."""
        return {seat: standing for seat, standing in board.items() if seat.job not in self.jobs}

    def rest_of_plan(self, plan: Plan) -> Plan:
        """What a plan says of the others."""
        routes = (
            replace(
                route, visits=tuple(entry for entry in route.visits if entry.job not in self.jobs)
            )
            for route in plan.routes
        )
        return replace(plan, routes=tuple(routes))

    def reason(self, technician: str | None) -> Reason | None:
        """Why somebody can be given nothing more, if their route is one of these."""
        if all(route.technician != technician for route in self.routes):
            return None
        own = [entry for entry in self.broken if entry.technician == technician]
        found = next(iter(own or self.broken))
        return Reason(
            code="route.broken" if own else "route.held",
            technician=technician,
            values={"job": found.job, "rule": found.rule},
        )

    def grown(self, day: Day, board: Board, broken: Iterable[Broken]) -> Frozen:
        """With more that is broken, and all that is tied to it."""
        found = tuple(entry for entry in broken if entry not in self.broken)
        ties = _Ties.of(day, board)
        routes, jobs = set(self.routes), set(self.jobs)
        new = {entry.job for entry in found}
        while new:
            jobs |= new
            ways = {way for job in new for way in ties.routes.get(job, ())} - routes
            routes |= ways
            on = {job for way in ways for job in ties.jobs.get(way, ())}
            new = (on | {other for job in new for other in ties.tied.get(job, ())}) - jobs
        return Frozen(broken=(*self.broken, *found), routes=frozenset(routes), jobs=frozenset(jobs))


NOTHING = Frozen()


@dataclass(frozen=True, slots=True)
class _Ties:
    """Which jobs hang together, by routes and by their own ties."""

    routes: Mapping[str, set[Way]]
    """By job, where its seats stand."""
    jobs: Mapping[Way, set[str]]
    """By route, what stands on it, and what is pinned to it."""
    tied: Mapping[str, set[str]]
    """By job, what it waits for and what waits for it."""

    @staticmethod
    def of(day: Day, board: Board) -> _Ties:
        routes: dict[str, set[Way]] = defaultdict(set)
        jobs: dict[Way, set[str]] = defaultdict(set)
        tied: dict[str, set[str]] = defaultdict(set)
        for seat, standing in board.items():
            if standing.spot is not None:
                way = Way(standing.spot.technician, standing.spot.shift)
                routes[seat.job].add(way)
                jobs[way].add(seat.job)
        for job in day.jobs:
            for pin in job.pins:
                if pin.shift is not None:
                    jobs[Way(pin.technician, pin.shift)].add(job.id)
            for entry in job.dependencies:
                tied[job.id].add(entry.job)
                tied[entry.job].add(job.id)
        return _Ties(routes, jobs, tied)

"""Which visits break the rules that routes break."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

import numpy as np

from dispatch.planning.compile import Compiled
from dispatch.planning.compile.visits import ways_of
from dispatch.planning.frozen import Broken
from dispatch.planning.rules.pair import near_miss
from dispatch.planning.rules.reach import Way
from dispatch.solver.arrays import Ints
from dispatch.solver.quickest import quickest_s
from dispatch.solver.solution import ABSENT
from dispatch.solver.timing import Rule, Timekeeper, Violation


def culprits(
    compiled: Compiled, rows: Sequence[Ints], violations: Sequence[Violation]
) -> tuple[Broken, ...]:
    """The first visit of each route at which its rule does not hold.

    Parameters
    ----------
    rows
        For each vehicle its activities, which break the rules of ``violations``.
    """
    return tuple(dict.fromkeys(_Culprits(compiled, rows).of(violations)))


class _Culprits:
    def __init__(self, compiled: Compiled, rows: Sequence[Ints]) -> None:
        self._compiled, self._rows = compiled, rows
        self._keeper = Timekeeper(compiled.problem)
        self._job_of = [visit.job.id for visit in compiled.visits]

    def of(self, violations: Sequence[Violation]) -> Iterator[Broken]:
        for found in violations:
            if found.rule is Rule.NOT_ALLOWED:
                rule = self._why_not(found.visit, found.vehicle)
                yield replace(self._broken(found.visit, found.rule), rule=rule)
            elif found.visit != ABSENT:
                yield self._broken(found.visit, found.rule)
            elif found.vehicle != ABSENT:
                yield self._first_on(found)
            else:
                yield from self._together(found.rule)

    def _broken(self, visit: int, rule: Rule) -> Broken:
        duty = next(
            (
                self._compiled.duties[vehicle]
                for vehicle, row in enumerate(self._rows)
                if (row == visit).any()
            ),
            None,
        )
        return Broken(
            job=self._job_of[visit],
            rule=rule.value,
            technician=duty.technician.id if duty else None,
            shift=duty.shift.id if duty else None,
        )

    def _why_not(self, visit: int, vehicle: int) -> str:
        """What a technician lacks for a visit, as explanations call it."""
        problem = self._compiled.problem
        quickest = quickest_s(problem.travel_s, problem.speeds)
        ways = ways_of(problem.vehicles, problem.visits.place, quickest)
        way = Way(int(ways.out_s[visit, vehicle]), int(ways.back_s[visit, vehicle]))
        wanted, duty = self._compiled.visits[visit], self._compiled.duties[vehicle]
        near = near_miss(wanted, duty, self._compiled.day.policy, way)
        return near.miss.code if near is not None else Rule.NOT_ALLOWED.value

    def _first_on(self, found: Violation) -> Broken:
        """The visit with which a route breaks a rule for the first time, those before it stay."""
        stops = self._stops(found.vehicle)
        for number, visit in enumerate(stops):
            later = self._with_followers({self._job_of[stop] for stop in stops[number + 1 :]})
            again = self._keeper.time(self._without(later)).violations
            rule = next((more.rule for more in again if more.vehicle == found.vehicle), None)
            if rule is not None and self._job_of[visit] not in later:
                return self._broken(visit, rule)
        return self._broken(stops[-1], found.rule)

    def _together(self, rule: Rule) -> Iterator[Broken]:
        """Of routes that hold alone, and together do not: all that is tied by crews or order."""
        links = self._compiled.problem.links
        tied = {*links.before.tolist(), *links.after.tolist()}
        for vehicle in range(len(self._rows)):
            first = next((visit for visit in self._stops(vehicle) if visit in tied), None)
            if first is not None:
                yield self._broken(first, rule)

    def _stops(self, vehicle: int) -> list[int]:
        return [int(at) for at in self._rows[vehicle] if at < len(self._job_of)]

    def _with_followers(self, jobs: Collection[str]) -> set[str]:
        """Without a job, what waits for it is not done either."""
        gone, grown = set(jobs), True
        while grown:
            more = {
                job.id
                for job in self._compiled.day.jobs
                if job.id not in gone and any(entry.job in gone for entry in job.dependencies)
            }
            gone |= more
            grown = bool(more)
        return gone

    def _without(self, jobs: Collection[str]) -> list[Ints]:
        """The routes without some jobs."""
        count = len(self._job_of)
        rows = []
        for row in self._rows:
            kept = [at >= count or self._job_of[at] not in jobs for at in row.tolist()]
            rows.append(row[np.array(kept, dtype=np.bool_)])
        return rows

"""Small changes to a day or a plan; everything else stays as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar

from tests.planning.faults.sound import GridTravel, sound_day, sound_plan

from dispatch.domain.day import Day
from dispatch.domain.plan import Leg, Plan, Route
from dispatch.domain.shift import Shift
from dispatch.planning.score import cost_items, totals
from dispatch.planning.verify import Fault, verify


class _Named(Protocol):
    @property
    def id(self) -> str: ...


_Entry = TypeVar("_Entry", bound=_Named)


@dataclass(frozen=True)
class Case:
    """A day and a plan for it."""

    day: Day
    plan: Plan

    def faults(self) -> tuple[Fault, ...]:
        """What the checker finds."""
        return verify(self.day, self.plan, GridTravel()).faults

    def codes(self) -> set[str]:
        return {fault.code for fault in self.faults()}

    def repriced(self) -> Case:
        """The plan states what it costs now."""
        costs = totals(cost_items(self.day, self.plan))
        return self.with_plan(costs_minor=costs)

    def with_plan(self, **changes: Any) -> Case:
        return replace(self, plan=replace(self.plan, **changes))

    def with_day(self, **changes: Any) -> Case:
        return replace(self, day=replace(self.day, **changes))

    def with_policy(self, **changes: Any) -> Case:
        return self.with_day(policy=replace(self.day.policy, **changes))

    def with_job(self, job: str, /, **changes: Any) -> Case:
        return self.with_day(jobs=_changed(self.day.jobs, job, **changes))

    def with_type(self, job_type: str, **changes: Any) -> Case:
        return self.with_day(job_types=_changed(self.day.job_types, job_type, **changes))

    def with_technician(self, technician: str, **changes: Any) -> Case:
        return self.with_day(technicians=_changed(self.day.technicians, technician, **changes))

    def with_shift(self, technician: str, shift: str, **changes: Any) -> Case:
        shifts = self.day.technicians_by_id[technician].shifts
        return self.with_technician(technician, shifts=_changed(shifts, shift, **changes))

    def with_more_shifts(self, technician: str, *shifts: Shift) -> Case:
        own = self.day.technicians_by_id[technician].shifts
        return self.with_technician(technician, shifts=(*own, *shifts))

    def with_route(self, technician: str, shift: str, /, **changes: Any) -> Case:
        return self._routes(
            lambda route: (
                replace(route, **changes)
                if (route.technician, route.shift) == (technician, shift)
                else route
            )
        )

    def without_route(self, technician: str, shift: str) -> Case:
        kept = [
            route
            for route in self.plan.routes
            if (route.technician, route.shift) != (technician, shift)
        ]
        return self.with_plan(routes=tuple(kept))

    def with_visit(self, job: str, seat: int = 0, /, **changes: Any) -> Case:
        def changed(route: Route) -> Route:
            visits = tuple(
                replace(visit, **changes) if (visit.job, visit.seat) == (job, seat) else visit
                for visit in route.visits
            )
            return replace(route, visits=visits)

        return self._routes(changed)

    def with_leg(self, technician: str, shift: str, number: int, /, **changes: Any) -> Case:
        legs = list(self.route(technician, shift).legs)
        legs[number] = replace(legs[number], **changes)
        return self.with_route(technician, shift, legs=tuple(legs))

    def with_legs(self, technician: str, shift: str, *legs: Leg) -> Case:
        return self.with_route(technician, shift, legs=legs)

    def route(self, technician: str, shift: str) -> Route:
        return next(
            route
            for route in self.plan.routes
            if (route.technician, route.shift) == (technician, shift)
        )

    def _routes(self, change: Callable[[Route], Route]) -> Case:
        return self.with_plan(routes=tuple(change(route) for route in self.plan.routes))


def _changed(entries: Iterable[_Entry], name: str, **changes: Any) -> tuple[_Entry, ...]:
    return tuple(
        replace(entry, **changes) if entry.id == name else entry  # type: ignore[type-var]
        for entry in entries
    )


SOUND = Case(sound_day(), sound_plan())

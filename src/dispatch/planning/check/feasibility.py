"""The set-up linter: jobs that nobody can ever do, said before solving, with the nearest miss."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dispatch.domain.day import Day
from dispatch.errors import Finding, Value
from dispatch.planning.check.pointer import at
from dispatch.planning.duty import Duty, duties_of
from dispatch.planning.horizon import Horizon
from dispatch.planning.rules.eligibility import Bools, eligible, reachable
from dispatch.planning.rules.pair import nearest
from dispatch.planning.visit import Visit, visits_of
from dispatch.planning.work import work_table


@dataclass(frozen=True, slots=True, eq=False)
class _Setup:
    """Who could take which visit if they were there already."""

    day: Day
    visits: Sequence[Visit]
    duties: Sequence[Duty]
    fits: Bools
    """(visits, duties)"""

    @staticmethod
    def of(day: Day) -> _Setup:
        horizon = Horizon.of(day)
        visits, duties = visits_of(day, horizon), duties_of(day, horizon)
        fits = eligible(visits, duties, day.policy)
        fits &= reachable(visits, duties, work_table(visits, duties))
        return _Setup(day, visits, duties, fits)


def impossible(day: Day) -> Iterator[Finding]:
    """A warning for each job without a single technician, crew or earlier job to make it possible.

    Travel is not counted here: it is not known yet.
    """
    setup = _Setup.of(day)
    seats: dict[str, list[int]] = {}
    for number, visit in enumerate(setup.visits):
        seats.setdefault(visit.job.id, []).append(number)
    hopeless: set[str] = set()
    for index, job in enumerate(day.jobs):
        found = _nobody(setup, seats[job.id])
        if found is not None:
            hopeless.add(job.id)
            code, values = found
            place = at("jobs", index)
            yield Finding(code, place, {"job": job.id, **values}, severity="warning")
    yield from _waiting_for(day, hopeless)


def _nobody(setup: _Setup, seats: Sequence[int]) -> tuple[str, Mapping[str, Value]] | None:
    """Why a job's seats cannot be taken; None if they can."""
    if not setup.duties:
        return "job.nobody.works", {}
    for seat in seats:
        near = None
        if not setup.fits[seat].any():
            near = nearest(setup.visits[seat], setup.duties, setup.day.policy)
        if near is not None:
            one = near.duty.technician
            who = f"{one.name} ({one.id})" if one.name else one.id
            values = {"technician": one.id, "who": who, **near.miss.values}
            return f"job.nobody.{near.miss.code}", values
    able = [_people(setup, seat) for seat in seats]
    if len(_seated(able)) < len(seats):
        people = len({person for group in able for person in group})
        return "job.nobody.crew", {"seats": len(seats), "people": people}
    return None


def _people(setup: _Setup, seat: int) -> list[int]:
    owners = {setup.duties[int(duty)].owner for duty in np.flatnonzero(setup.fits[seat])}
    return sorted(owners)


def _seated(able: Sequence[Sequence[int]]) -> dict[int, int]:
    """As many seats as possible given to different people (augmenting paths): person -> seat."""
    seat_of: dict[int, int] = {}

    def sit(seat: int, asked: set[int]) -> bool:
        for person in able[seat]:
            if person not in asked:
                asked.add(person)
                if person not in seat_of or sit(seat_of[person], asked):
                    seat_of[person] = seat
                    return True
        return False

    for seat in range(len(able)):
        sit(seat, set())
    return seat_of


def _waiting_for(day: Day, hopeless: set[str]) -> Iterator[Finding]:
    """Jobs that come after one that cannot be done, however indirectly."""
    grown = True
    told = set(hopeless)
    while grown:
        grown = False
        for index, job in enumerate(day.jobs):
            before = next((entry.job for entry in job.dependencies if entry.job in told), None)
            if before is not None and job.id not in told:
                told.add(job.id)
                grown = True
                yield Finding(
                    "job.nobody.before",
                    at("jobs", index, "dependencies"),
                    {"job": job.id, "before": before},
                    severity="warning",
                )

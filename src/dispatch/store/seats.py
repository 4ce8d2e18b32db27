"""Which visits of a job a plan is about, and the seats that they have in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from dispatch.domain.job import Crew
from dispatch.domain.states.visit import ENDED
from dispatch.store.rows.jobs import VisitRow


def planned_seats(visits: Iterable[VisitRow]) -> dict[UUID, int]:
    """The seat that each visit has in a plan, by its id; what is in no plan is left out.

    Those of a crew who have ended are not planned any more, and the rest are counted from 0. A
    follow-up waits until all others of the crew have ended: they cannot begin again with it.
    """
    jobs: dict[UUID, list[VisitRow]] = defaultdict(list)
    for visit in visits:
        if visit.state not in ENDED:
            jobs[visit.job_id].append(visit)
    found: dict[UUID, int] = {}
    for active in jobs.values():
        part = min(visit.part for visit in active)
        there = sorted((visit for visit in active if visit.part == part), key=_seat)
        found |= {visit.id: number for number, visit in enumerate(there)}
    return found


def crew_left(crew: Crew, seats: Iterable[int]) -> Crew:
    """The seats of a crew that are still to be planned."""
    return replace(crew, seats=tuple(crew.seats[seat] for seat in seats))


def _seat(visit: VisitRow) -> int:
    return visit.seat

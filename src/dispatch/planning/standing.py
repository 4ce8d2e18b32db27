"""Where visits stand on a board, and where a plan wants them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from dispatch.domain.day import Day
from dispatch.domain.plan import Plan, PlannedBreak, PlannedVisit, Route


class Seat(NamedTuple):
    """One visit of a job."""

    job: str
    seat: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where a visit stands in somebody's day."""

    technician: str
    shift: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a visit stands on the board."""

    version: int
    """Another one if anything of it has changed."""
    spot: Spot | None


Board = Mapping[Seat, Standing]
Breaks = Mapping[tuple[str, str], tuple[PlannedBreak, ...]]
"""When the breaks of a shift are taken, by technician and shift."""
NO_BREAKS: Breaks = {}


def places_in(plan: Plan) -> dict[Seat, Spot]:
    """Where each visit is to be."""
    return {
        Seat(visit.job, visit.seat): Spot(
            technician=route.technician, shift=route.shift, start=visit.start, end=visit.end
        )
        for route in plan.routes
        for visit in route.visits
    }


def same_place(one: Spot | None, other: Spot | None) -> bool:
    """Whether it is the same shift of the same technician, at whatever time."""
    if one is None or other is None:
        return one is other
    return (one.technician, one.shift) == (other.technician, other.shift)


def as_they_stand(board: Board, breaks: Breaks) -> tuple[Route, ...]:
    """The routes of a board, without what lies between their visits."""
    return routes_at({seat: found.spot for seat, found in board.items() if found.spot}, breaks)


def board_plan(day: Day, board: Board, breaks: Breaks) -> Plan:
    """A board as a plan to go on from: who does what in which order."""
    return Plan(
        day=day.id,
        currency=day.policy.currency,
        routes=as_they_stand(board, breaks),
        unassigned=(),
        costs_minor={},
    )


def routes_at(spots: Mapping[Seat, Spot], breaks: Breaks) -> tuple[Route, ...]:
    """Visits at their times as routes, in order, without what lies between them."""
    visits: dict[tuple[str, str], list[PlannedVisit]] = defaultdict(list)
    for seat, spot in spots.items():
        visits[spot.technician, spot.shift].append(
            PlannedVisit(
                job=seat.job, seat=seat.seat, arrive=spot.start, start=spot.start, end=spot.end
            )
        )
    routes = []
    for (technician, shift), row in visits.items():
        row.sort(key=lambda visit: visit.start)
        routes.append(
            Route(
                technician=technician,
                shift=shift,
                depart=row[0].start,
                finish=row[-1].end,
                visits=tuple(row),
                legs=(),
                breaks=breaks.get((technician, shift), ()),
            )
        )
    return tuple(routes)

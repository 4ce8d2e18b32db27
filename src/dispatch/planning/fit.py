"""A plan on a board of which something breaks a rule as it stands: all the rest goes on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from dispatch.domain.day import Day
from dispatch.domain.plan import Plan
from dispatch.errors import Finding, InvalidInput, Refused
from dispatch.planning.check import check_day
from dispatch.planning.compile import Compiled, compile_day
from dispatch.planning.culprits import culprits
from dispatch.planning.frozen import NOTHING, Broken, Frozen, Way
from dispatch.planning.rebase import Conflict, rebase
from dispatch.planning.standing import NO_BREAKS, Board, Breaks, Seat, Spot
from dispatch.planning.travel_times import TravelTimes


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A plan of a board as it is."""

    plan: Plan
    """Of all that is not frozen."""
    conflicts: tuple[Conflict, ...]
    frozen: Frozen
    compiled: Compiled
    """What is left of the day without it."""

    @property
    def day(self) -> Day:
        """The same."""
        return self.compiled.day


def fit_plan(
    day: Day,
    travel: TravelTimes,
    plan: Plan,
    before: Board,
    now: Board,
    *,
    breaks: Breaks = NO_BREAKS,
    frozen: Frozen = NOTHING,
) -> Fitted:
    """Put a plan on a board that has changed since, and leave broken routes as they stand.

    Parameters
    ----------
    day
        As it is now.
    plan, before, now, breaks
        As :func:`dispatch.planning.rebase.rebase` takes them; of the board what the day has.
    frozen
        What is known already not to be touched.

    Raises
    ------
    Refused
        ``publish.broken``: a rule is broken by what stands on no route.
    """
    now = {seat: standing for seat, standing in now.items() if seat.job in day.jobs_by_id}
    while True:
        compiled = compile_day(frozen.left_of(day), travel)
        rest = frozen.rest_of(now)
        found = rebase(compiled, frozen.rest_of_plan(plan), frozen.rest_of(before), rest, breaks)
        if not found.broken:
            conflicts = (*_of_frozen(plan, before, now, frozen), *_renamed(found.conflicts, frozen))
            return Fitted(plan=found.plan, conflicts=conflicts, frozen=frozen, compiled=compiled)
        more = frozen.grown(day, now, culprits(compiled, found.rows, found.broken))
        if more.jobs == frozen.jobs:
            rules = ", ".join(sorted({violation.rule.value for violation in found.broken}))
            raise Refused("publish.broken", rules=rules)
        frozen = more


def set_aside(day: Day, board: Board) -> Frozen:
    """Jobs of which a day's check says that they contradict themselves, with their routes.

    Raises
    ------
    InvalidInput
        Every error that is not about a job.
    """
    frozen = NOTHING
    while True:
        left = frozen.left_of(day)
        errors = [found for found in check_day(left) if found.severity == "error"]
        if not errors:
            return frozen
        more = frozen.grown(day, board, _contradictions(left, board, errors))
        if more.jobs == frozen.jobs:
            raise InvalidInput(errors)
        frozen = more


def _contradictions(day: Day, board: Board, errors: list[Finding]) -> Iterator[Broken]:
    for error in errors:
        parts = (error.place.pointer or "").split("/")
        if parts[:2] == ["", "jobs"] and len(parts) > 2:
            job = day.jobs[int(parts[2])].id
            spot = _spot(board, job)
            yield Broken(
                job=job,
                rule=error.code,
                technician=spot.technician if spot else None,
                shift=spot.shift if spot else None,
            )


def _spot(board: Board, job: str) -> Spot | None:
    """Where the first seat of a job stands that stands anywhere."""
    return next(
        (board[seat].spot for seat in sorted(board) if seat.job == job and board[seat].spot), None
    )


def _of_frozen(plan: Plan, before: Board, now: Board, frozen: Frozen) -> Iterator[Conflict]:
    """What breaks a rule, and what the plan wanted to move and cannot."""
    wanted = {
        Seat(visit.job, visit.seat): Way(route.technician, route.shift)
        for route in plan.routes
        for visit in route.visits
    }
    told: set[str] = set()
    for entry in frozen.broken:
        planned = wanted.get(Seat(entry.job, 0))
        told.add(entry.job)
        yield Conflict(
            job=entry.job,
            why="breaks",
            planned=planned.technician if planned else None,
            stands=entry.technician,
            rule=entry.rule,
        )
    for seat in sorted({*wanted, *before}):
        spot = now[seat].spot if seat in now else None
        stands = Way(spot.technician, spot.shift) if spot else None
        planned = wanted.get(seat)
        if seat.job in frozen.jobs and seat.job not in told and planned != stands:
            told.add(seat.job)
            yield Conflict(
                job=seat.job,
                why="frozen",
                planned=planned.technician if planned else None,
                stands=stands.technician if stands else None,
            )


def _renamed(conflicts: tuple[Conflict, ...], frozen: Frozen) -> Iterator[Conflict]:
    """Whoever has a frozen route is not away: it only takes nothing more."""
    people = {route.technician for route in frozen.routes}
    for found in conflicts:
        held = found.why == "away" and found.planned in people
        yield replace(found, why="frozen") if held else found

"""What publishing a plan would change, before it does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from dispatch.domain.actor import Actor
from dispatch.domain.states.visit import UNDER_WAY
from dispatch.operations.fit_draft import FittedDraft, fit_draft
from dispatch.planning.publish import is_kept, promises
from dispatch.planning.rebase import Conflict
from dispatch.planning.standing import Seat, Spot, places_in
from dispatch.planning.travel_times import TravelTimes
from dispatch.store.board import visits_of
from dispatch.store.database import Database
from dispatch.store.kinds.kind import Span
from dispatch.store.rows.jobs import VisitRow
from dispatch.store.rows.plans import PlanRow
from dispatch.store.seats import planned_seats


class Change(StrEnum):
    """What becomes of a visit."""

    PLACED = "placed"
    """Nobody had it."""
    SWAPPED = "swapped"
    """Somebody else does it."""
    MOVED = "moved"
    """The same technician does it at another time."""
    PROMISE_MOVED = "promise_moved"
    """The customer was promised a time at which it would not start."""
    DROPPED = "dropped"
    """Somebody had it, and nobody would."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitChange:
    """What would become of a visit."""

    visit: UUID
    job: str
    changes: tuple[Change, ...]
    technician: str | None
    """Who has it now, by key."""
    technician_then: str | None
    start: datetime | None
    start_then: datetime | None
    promised_from: datetime | None
    promised_to: datetime | None
    promised_from_then: datetime | None
    promised_to_then: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What publishing would do now."""

    board_version: int
    """Given as If-Match, publishing does this or nothing."""
    counts: dict[Change, int]
    visits: tuple[VisitChange, ...]
    """Only those that something becomes of."""
    conflicts: tuple[Conflict, ...]


def preview_plan(
    database: Database, actor: Actor, plan_id: UUID, travel: TravelTimes, *, promise_s: int
) -> Preview:
    """Fit a draft to the board as publishing would, and change nothing; raises as that."""
    with database.work(actor) as work:
        version = work.get(PlanRow, plan_id).run.board.version  # first: what follows may be newer
    fitted = fit_draft(database, actor, plan_id, travel)
    with database.work(actor) as work:
        rows = visits_of(work.session, Span(fitted.run.start_at, fitted.run.end_at))
        visits = tuple(_changes(fitted, rows, promise_s))
    return Preview(
        board_version=version,
        counts={kind: sum(kind in entry.changes for entry in visits) for kind in Change},
        visits=visits,
        conflicts=fitted.conflicts,
    )


def _changes(fitted: FittedDraft, rows: list[VisitRow], promise_s: int) -> Iterator[VisitChange]:
    placed = places_in(fitted.plan)
    told = promises(fitted.left, fitted.plan, promise_s=promise_s)
    seats = planned_seats(rows)
    for row in rows:
        seat = Seat(row.job.key, seats[row.id]) if row.id in seats else None
        stays = row.state in UNDER_WAY or seat is None or seat.job in fitted.frozen.jobs
        if seat is None or stays or seat not in fitted.board:
            continue
        now, then = fitted.board[seat].spot, placed.get(seat)
        kept = then is None or is_kept(row.promised_from, row.promised_to, then.start)
        had = (row.promised_from, row.promised_to)
        entry = told.get(seat)
        promise = had if kept or entry is None else (entry.start, entry.end)
        kinds = tuple(_kinds(now, then, moved=not kept and row.promised_from is not None))
        if kinds:
            yield VisitChange(
                visit=row.id,
                job=seat.job,
                changes=kinds,
                technician=now.technician if now else None,
                technician_then=then.technician if then else None,
                start=now.start if now else None,
                start_then=then.start if then else None,
                promised_from=had[0],
                promised_to=had[1],
                promised_from_then=promise[0],
                promised_to_then=promise[1],
            )


def _kinds(now: Spot | None, then: Spot | None, *, moved: bool) -> Iterator[Change]:
    if now is None and then is not None:
        yield Change.PLACED
    elif now is not None and then is None:
        yield Change.DROPPED
    elif now is not None and then is not None:
        if now.technician != then.technician:
            yield Change.SWAPPED
        elif now.start != then.start:
            yield Change.MOVED
    if moved:
        yield Change.PROMISE_MOVED

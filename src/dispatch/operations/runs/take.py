"""A worker takes a run, also one whose worker is gone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from dispatch.domain.actor import Actor
from dispatch.domain.day import Day
from dispatch.domain.plan import Plan
from dispatch.domain.states.run import RUN, RunAction, RunState
from dispatch.errors import DispatchError, Refused
from dispatch.formats.day_json import DAY_JSON
from dispatch.operations.runs.finish import fail_run
from dispatch.planning.fit import set_aside
from dispatch.planning.standing import board_plan
from dispatch.store.board import standings, visits_of
from dispatch.store.database import Database
from dispatch.store.kinds.kind import Span
from dispatch.store.rows.plans import RunRow
from dispatch.store.runs import taken_of
from dispatch.store.scope import set_scope
from dispatch.store.shifts import breaks_of
from dispatch.store.snapshot import snapshot

SILENT_S = 30
"""A worker that has said nothing for so long is gone."""
MOST_ATTEMPTS = 3
"""A run that has cost so many workers their lives is not given another."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A run to work on."""

    id: UUID
    day: Day
    stands: Plan
    """The board, as far as it is planned: what the search starts from."""
    engine: str
    seconds: float
    seed: int


def take_run(database: Database, actor: Actor) -> Taken | None:
    """Take the oldest run that nobody is at, and read the day that it plans.

    The day is read when the work begins, not when it was asked for, so that a run which had to
    wait does not plan the past. Several workers may take at once: each gets another. A run whose
    day cannot be read has failed, and the next one is taken.
    """
    while (found := _claim(database, actor)) is not None:
        try:
            return _read(database, actor, found)
        except (DispatchError, LookupError, ValueError, OverflowError) as error:
            fail_run(database, actor, found, f"{type(error).__name__}: {error}")
    return None


def _claim(database: Database, actor: Actor) -> UUID | None:
    """The run is this worker's from here on, and is tried once more."""
    with database.work(actor) as work:
        run = work.session.scalars(
            select(RunRow)
            .where(waiting(work.now))
            .order_by(RunRow.requested_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).first()
        if run is None:
            return None
        run.state = RUN.after(RunAction.TAKE, run.state)
        run.attempts += 1
        run.worker, run.alive_at, run.begun_at = actor.id, work.now, work.now
        run.progress, run.phase = [], ""
        work.note("run.taken", run)
        work.commit()
        return run.id


def waiting(now: datetime) -> ColumnElement[bool]:
    """Which runs nobody is at."""
    gone = now - timedelta(seconds=SILENT_S)
    return or_(
        RunRow.state == RunState.QUEUED,
        and_(RunRow.state == RunState.SOLVING, RunRow.alive_at < gone),
    )


def _read(database: Database, actor: Actor, run_id: UUID) -> Taken:
    with database.work(actor) as work:
        run = work.get(RunRow, run_id)
        if run.attempts > MOST_ATTEMPTS:
            raise Refused("run.given-up", attempts=MOST_ATTEMPTS)
        set_scope(work.session, frozenset((run.outlet_id,)))
        span = Span(run.start_at, run.end_at)
        # The versions first: what changes in between is seen as changed when the plan is published.
        board = standings(work.session, visits_of(work.session, span), span)
        whole = snapshot(work.session, str(run.board.day), span, now=work.now)
        aside = set_aside(whole, board)  # what contradicts itself is no reason to plan nothing
        rest, day = aside.rest_of(board), aside.left_of(whole)
        run.taken = taken_of(rest)
        run.day = DAY_JSON.document(day, exclude_defaults=True)
        run.board_version = run.board.version
        work.note("run.read", run)
        stands = board_plan(day, rest, breaks_of(work.session, span))
        work.commit()
        return Taken(run.id, day, stands, run.engine, run.seconds, run.seed)

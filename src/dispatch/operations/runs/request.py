"""Ask for a plan of a day."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from dispatch.domain import checks
from dispatch.domain.actor import Actor
from dispatch.domain.states.run import RUN
from dispatch.errors import Missing, Refused
from dispatch.solver.engine import Stop
from dispatch.solver.engines import engine_path
from dispatch.store.board import board_of, span_of, zone_of
from dispatch.store.database import Database
from dispatch.store.ids import new_id
from dispatch.store.queue import Task, wake
from dispatch.store.reach import root_of
from dispatch.store.rows.outlets import OutletRow
from dispatch.store.rows.plans import RunRow
from dispatch.store.scope import SCOPE
from dispatch.store.work import Work

MOST_SEED = 2**32 - 1


def request_run(
    database: Database,
    actor: Actor,
    day: date,
    *,
    outlet: UUID | None = None,
    engine: str = "lns",
    seconds: float = 30.0,
    seed: int = 1,
) -> UUID:
    """Queue a run that plans a day; a worker takes it from here.

    Parameters
    ----------
    outlet
        Whose jobs and technicians are planned, with all below it. If nothing is said, the actor's
        own outlet, or everybody's where they see everything.

    Raises
    ------
    Missing
        There is no such outlet, or it is not the actor's.
    InvalidValue
        No engine has this name, or the seconds are impossible.
    Refused
        ``organisation.missing``; ``run.which-outlet``: the actor has several, and names none.
    """
    engine_path(engine)
    Stop(seconds=seconds)
    checks.within("run.day", day.year, checks.EARLIEST_YEAR, checks.LATEST_YEAR)
    checks.within("run.seed", seed, 0, MOST_SEED)
    with database.work(actor) as work:
        board = board_of(work.session, day)
        span = span_of(day, zone_of(work.session))
        run = RunRow(
            id=new_id(),
            board_id=board.id,
            outlet_id=_outlet(work, outlet),
            state=RUN.first,
            start_at=span.start,
            end_at=span.end,
            engine=engine,
            seconds=seconds,
            seed=seed,
            requested_by=actor.id,
            requested_at=work.now,
        )
        work.session.add(run)
        work.note("run.queued", run)
        wake(work.session, Task.PLAN_RUNS)
        return work.commit(run.id)


def _outlet(work: Work, wanted: UUID | None) -> UUID:
    """Seen from the actor's outlets; who sees everything is at headquarters."""
    own = work.actor.outlets
    if wanted is None:
        if own is None:
            return root_of(work.session).id
        if len(own) != 1:
            raise Refused("run.which-outlet", count=len(own))
        return next(iter(own))
    seen = work.session.info[SCOPE]
    if seen is not None and wanted not in seen:
        raise Missing("store.missing", kind="outlet", id=str(wanted))
    return work.get(OutletRow, wanted).id

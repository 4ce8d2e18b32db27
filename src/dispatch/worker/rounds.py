"""What is done every few seconds: see whose time is over, and whose worker is gone."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from traceback import extract_tb

from sqlalchemy import select

from dispatch.domain.actor import Actor
from dispatch.operations.credit.miss import note_no_shows
from dispatch.operations.forget import forget
from dispatch.operations.pool.award import award_offers
from dispatch.operations.pool.expire import expire_offers
from dispatch.operations.push.answer import time_out_pushes
from dispatch.operations.push.unclaimed import push_unclaimed
from dispatch.operations.runs.take import waiting
from dispatch.planning.travel_times import TravelTimes
from dispatch.store.database import Database
from dispatch.store.queue import Task, wake
from dispatch.store.rows.plans import RunRow

log = logging.getLogger(__name__)


def look_round(database: Database, actor: Actor, travel: TravelTimes) -> None:
    """Close what is over, ask the next one, wake somebody for a run that nobody is at, and forget.

    Each by itself: what fails is logged, is in nothing else's way, and is tried again next time.
    """
    steps: dict[str, Callable[[], object]] = {
        "award_offers": lambda: award_offers(database, travel),
        "push_unclaimed": lambda: push_unclaimed(database, actor, travel),
        "expire_offers": lambda: _expire_all(database, actor),
        "time_out_pushes": lambda: time_out_pushes(database, actor, travel),
        "note_no_shows": lambda: note_no_shows(database, actor),
        "wake_planner": lambda: _wake(database, actor),
        "forget": lambda: forget(database, actor),
    }
    for name, step in steps.items():
        try:
            step()
        except Exception as error:  # noqa: BLE001 - whatever it is, the other timers go on
            log.error("%s of a round has failed: %s", name, describe(error))  # noqa: TRY400


def describe(error: Exception) -> str:
    """What has failed and where, without what it says: that may name people."""
    frames = extract_tb(error.__traceback__)
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{getattr(error, 'code', type(error).__name__)}{where}"


def _expire_all(database: Database, actor: Actor) -> None:
    while expire_offers(database, actor):
        pass


def _wake(database: Database, actor: Actor) -> None:
    """Wake somebody for a run that nobody is at."""
    with database.work(actor) as work:
        if work.session.scalars(select(RunRow.id).where(waiting(work.now)).limit(1)).first():
            wake(work.session, Task.PLAN_RUNS)
        work.commit()

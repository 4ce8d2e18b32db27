"""What is done every few seconds: see whose time is over, and whose worker is gone."""

from __future__ import annotations

from sqlalchemy import select

from dispatch.domain.actor import Actor
from dispatch.operations.credit.miss import note_no_shows
from dispatch.operations.pool.award import award_offers
from dispatch.operations.pool.expire import expire_offers
from dispatch.operations.push.answer import time_out_pushes
from dispatch.operations.push.unclaimed import push_unclaimed
from dispatch.operations.runs.take import waiting
from dispatch.planning.travel_times import TravelTimes
from dispatch.store.database import Database
from dispatch.store.queue import Task, wake
from dispatch.store.receipts import forget_answers
from dispatch.store.rows.plans import RunRow


def look_round(database: Database, actor: Actor, travel: TravelTimes) -> None:
    """Close what is over, ask the next one, and wake somebody for a run that nobody is at."""
    award_offers(database, travel)
    push_unclaimed(database, actor, travel)
    while expire_offers(database, actor):
        pass
    time_out_pushes(database, actor, travel)
    note_no_shows(database, actor)
    with database.work(actor) as work:
        forget_answers(work.session, work.now)
        if work.session.scalars(select(RunRow.id).where(waiting(work.now)).limit(1)).first():
            wake(work.session, Task.PLAN_RUNS)
        work.commit()

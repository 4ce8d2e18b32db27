"""A worker says that it is at a run, how far it is, and hears whether it is still wanted."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import update

from dispatch.domain.actor import Actor
from dispatch.domain.plan import Progress
from dispatch.domain.states.run import RunState
from dispatch.store.database import Database
from dispatch.store.rows.plans import RunRow
from dispatch.store.said import said


def say_alive(
    database: Database, actor: Actor, run: UUID, phase: str, curve: tuple[Progress, ...]
) -> bool:
    """Answer whether to go on: False if the run was cancelled, or another worker has it."""
    with database.work(actor) as work:
        told = work.session.execute(
            update(RunRow)
            .where(RunRow.id == run, RunRow.state == RunState.SOLVING, RunRow.worker == actor.id)
            .values(
                alive_at=work.now,
                phase=phase,
                progress=[said(step) for step in curve],
                version=RunRow.version + 1,
            )
            .returning(RunRow.id)
        ).first()
        work.commit()
        return told is not None

"""Call a run off."""

from __future__ import annotations

from uuid import UUID

from dispatch.domain.actor import Actor
from dispatch.domain.states.run import RUN, RunAction
from dispatch.store.database import Database
from dispatch.store.rows.plans import RunRow


def cancel_run(database: Database, actor: Actor, run_id: UUID) -> None:
    """Stop a run that is queued or being worked on; its worker hears of it within moments.

    Raises
    ------
    Missing, Refused
        There is no such run; or it has ended (``state.run``).
    """
    with database.work(actor) as work:
        run = work.get(RunRow, run_id, lock=True)
        run.state = RUN.after(RunAction.CANCEL, run.state)
        run.ended_at = work.now
        work.note("run.cancelled", run)
        work.commit()

"""Deal with an action in the conflict inbox."""

from __future__ import annotations

from uuid import UUID

from dispatch.domain.action import MOVES, Action, Outcome
from dispatch.domain.actor import Actor
from dispatch.domain.states.visit import VISIT
from dispatch.errors import Refused
from dispatch.operations.execute.batch import apply
from dispatch.store.database import Database
from dispatch.store.rows.actions import ActionRow
from dispatch.store.rows.jobs import VisitRow
from dispatch.store.said import heard
from dispatch.store.work import Work


def settle_conflict(
    database: Database, actor: Actor, action_id: UUID, *, accept: bool, why: str
) -> None:
    """Let an action of the inbox have its effect after all, or let it rest; it stays on record.

    Raises
    ------
    Missing
        There is no such action.
    Refused
        ``action.settled``: it is no conflict, or not any more; ``state.visit``: it can have no
        effect in the state in which the visit is.
    """
    with database.work(actor) as work:
        row = work.get(ActionRow, action_id, lock=True)
        if row.outcome is not Outcome.CONFLICT or row.settled_at is not None:
            raise Refused("action.settled", outcome=row.outcome.value)
        if accept:
            _accept(work, row)
        row.settled_at, row.settled_by = work.now, actor.id
        work.note("action.accepted" if accept else "action.rested", row, why=why)
        work.commit()


def _accept(work: Work, row: ActionRow) -> None:
    if row.visit_id is None:
        raise Refused("action.settled", outcome=row.outcome.value)
    visit = work.get(VisitRow, row.visit_id, lock=True)
    action = heard(Action, row.said)
    VISIT.after(MOVES[action.kind], visit.state)
    apply(work, action, row, visit)

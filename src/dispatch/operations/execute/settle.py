"""Deal with an action in the conflict inbox."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from dispatch.domain.action import MOVES, Action, ActionKind, Outcome
from dispatch.domain.actor import Actor
from dispatch.domain.states.visit import VISIT, VisitAction, VisitState
from dispatch.errors import Refused
from dispatch.operations.execute.batch import apply
from dispatch.operations.jobs.decide import held_job
from dispatch.store.database import Database
from dispatch.store.offers import withdraw_standing
from dispatch.store.rows.actions import ActionRow
from dispatch.store.rows.jobs import VisitRow
from dispatch.store.rows.technicians import ShiftRow, TechnicianRow
from dispatch.store.said import heard
from dispatch.store.work import Work

_BACK = {VisitAction.SCHEDULE: "scheduled", VisitAction.RELEASE: "told"}
STEPS_BEFORE: Mapping[ActionKind, Mapping[VisitAction, str]] = {
    ActionKind.COMPLETE: _BACK | {VisitAction.CHECK_IN: "check_in", VisitAction.START: "start"},
    ActionKind.NOT_DONE: _BACK | {VisitAction.DEPART: "depart"},
}
"""By which steps a visit that nobody has comes to where it can end so, and what they are called."""


def settle_conflict(
    database: Database, actor: Actor, action_id: UUID, *, accept: bool, why: str
) -> None:
    """Let an action of the inbox have its effect after all, or let it rest; it stays on record.

    What is said of how a visit has ended counts also if it was taken from them meanwhile and nobody
    has it now: it is theirs again with that.

    Raises
    ------
    Missing
        There is no such action.
    Refused
        ``action.settled``: it is no conflict, or not any more; ``action.anothers``: somebody else
        has the visit now; ``state.visit``: it can have no effect in the state in which the visit
        is.
    """
    with database.work(actor) as work:
        row = work.get(ActionRow, action_id, lock=True)
        if row.outcome is not Outcome.CONFLICT or row.settled_at is not None:
            raise Refused("action.settled", outcome=row.outcome.value)
        settled = [row, *_accept(work, row)] if accept else [row]
        for one in settled:
            one.settled_at, one.settled_by = work.now, actor.id
            work.note("action.accepted" if accept else "action.rested", one, why=why)
        work.commit()


def _accept(work: Work, row: ActionRow) -> Sequence[ActionRow]:
    """Let it have its effect; answers the steps before it that are true with it."""
    if row.visit_id is None:
        raise Refused("action.settled", outcome=row.outcome.value)
    technician = work.get(TechnicianRow, row.technician_id, lock=True)
    visit = work.get(VisitRow, row.visit_id)
    held_job(work, visit.job_id)
    if visit.technician_id not in (None, technician.id):
        raise Refused("action.anothers", technician=technician.key)
    action = heard(Action, row.said)
    steps: Sequence[ActionRow] = ()
    if visit.technician_id is None and action.kind in STEPS_BEFORE:
        _give_back(work, action.kind, row, visit)
        steps = _steps_before(work, row)
    VISIT.after(MOVES[action.kind], visit.state)
    apply(work, action, row, visit)
    return steps


def _steps_before(work: Work, last: ActionRow) -> Sequence[ActionRow]:
    """What they have said of how they came to it; whoever settles one of them now does it."""
    query = select(ActionRow).where(
        ActionRow.visit_id == last.visit_id,
        ActionRow.technician_id == last.technician_id,
        ActionRow.id != last.id,
        ActionRow.outcome == Outcome.CONFLICT,
        ActionRow.settled_at.is_(None),
        ActionRow.kind.in_((ActionKind.DEPART, ActionKind.CHECK_IN, ActionKind.START)),
        ActionRow.happened_at <= last.happened_at,
    )
    held = query.order_by(ActionRow.id).with_for_update(of=ActionRow, skip_locked=True)
    return work.session.scalars(held).all()


def _give_back(work: Work, kind: ActionKind, row: ActionRow, visit: VisitRow) -> None:
    """Let a visit that nobody has any more be theirs, from when they say that they were at it."""
    if visit.state is not VisitState.UNSCHEDULED:
        return
    withdraw_standing(work, visit, "done")
    said = _said_before(work, row)
    began = min([row.happened_at, *said.values()])
    visit.technician_id, visit.shift_id = row.technician_id, _shift(work, row.technician_id, began)
    visit.arrive_at = visit.start_at = began
    visit.end_at = row.happened_at
    for step, told in STEPS_BEFORE[kind].items():
        visit.state = VISIT.after(step, visit.state)
        if step is VisitAction.START:
            visit.began_at = said.get(ActionKind.START)
        work.note(f"visit.{told}", visit, why="accepted")


def _said_before(work: Work, last: ActionRow) -> dict[ActionKind, datetime]:
    """When they have said that they came and began, until then."""
    query = (
        select(ActionRow.kind, ActionRow.happened_at)
        .where(
            ActionRow.visit_id == last.visit_id,
            ActionRow.technician_id == last.technician_id,
            ActionRow.kind.in_((ActionKind.CHECK_IN, ActionKind.START)),
            ActionRow.happened_at <= last.happened_at,
        )
        .order_by(ActionRow.happened_at)
    )
    return {kind: moment for kind, moment in work.session.execute(query) if kind is not None}


def _shift(work: Work, technician: UUID, moment: datetime) -> UUID | None:
    """In which of their shifts it was, if in any."""
    query = select(ShiftRow.id).where(
        ShiftRow.technician_id == technician, ShiftRow.start_at <= moment, ShiftRow.end_at > moment
    )
    return work.session.scalars(query.limit(1)).first()

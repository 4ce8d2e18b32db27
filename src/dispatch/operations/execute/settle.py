"""Deal with an action in the conflict inbox."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from dispatch.domain.action import MOVES, Action, ActionKind, Outcome
from dispatch.domain.actor import Actor
from dispatch.domain.states.visit import ENDED, VISIT, VisitAction, VisitState
from dispatch.errors import Refused
from dispatch.operations.execute.effect import apply
from dispatch.operations.execute.gap import EARLIER_MISSING
from dispatch.operations.execute.judge import STEP
from dispatch.operations.execute.working_time import count_time
from dispatch.operations.jobs.decide import held_job
from dispatch.store.database import Database
from dispatch.store.offers import withdraw_standing
from dispatch.store.rows.actions import ActionRow
from dispatch.store.rows.jobs import VisitRow
from dispatch.store.rows.technicians import ShiftRow, TechnicianRow
from dispatch.store.said import heard
from dispatch.store.scope import UNSCOPED
from dispatch.store.work import Work

_BACK = {VisitAction.SCHEDULE: "scheduled", VisitAction.RELEASE: "told"}
_AT_WORK = _BACK | {VisitAction.CHECK_IN: "check_in", VisitAction.START: "start"}
STEPS_BEFORE: Mapping[ActionKind, Mapping[VisitAction, str]] = {
    ActionKind.COMPLETE: _AT_WORK,
    ActionKind.SUSPEND: _AT_WORK,
    ActionKind.NOT_DONE: _BACK | {VisitAction.DEPART: "depart"},
}
"""By which steps a visit that nobody has comes to where it can end so, and what they are called."""
MISSED: Mapping[VisitAction, str] = {
    VisitAction.DEPART: "depart",
    VisitAction.CHECK_IN: "check_in",
    VisitAction.START: "start",
    VisitAction.PAUSE: "pause",
    VisitAction.RESUME: "resume",
}
"""The same of one that is theirs, where earlier actions have not come or did not count."""
WORK = (ActionKind.START, ActionKind.PAUSE, ActionKind.RESUME)
"""What tells how long it was worked."""


def settle_conflict(
    database: Database, actor: Actor, action_id: UUID, *, accept: bool, why: str
) -> None:
    """Let an action of the inbox have its effect after all, or let it rest; it stays on record.

    What is said of how a visit has ended counts also if it was taken from them meanwhile and nobody
    has it now: it is theirs again with that. What waits for earlier actions counts also if those
    never come, or came and did not count: the steps before it are taken with it.

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
        row = _held(work, action_id)
        if row.outcome is not Outcome.CONFLICT or row.settled_at is not None:
            raise Refused("action.settled", outcome=row.outcome.value)
        settled = [row, *_accept(work, row)] if accept else [row]
        for one in settled:
            one.settled_at, one.settled_by = work.now, actor.id
            work.note("action.accepted" if accept else "action.rested", one, why=why)
        work.commit()


def _held(work: Work, action_id: UUID) -> ActionRow:
    """It, and first whoever said it, as everybody holds them: what follows it waits until then."""
    technician = work.get(ActionRow, action_id).technician_id
    query = select(TechnicianRow.id).where(TechnicianRow.id == technician)
    work.session.execute(query.with_for_update(), execution_options=UNSCOPED)
    return work.get(ActionRow, action_id, lock=True)


def _accept(work: Work, row: ActionRow) -> Sequence[ActionRow]:
    """Let it have its effect; answers the steps before it that are true with it."""
    if row.visit_id is None:
        raise Refused("action.settled", outcome=row.outcome.value)
    technician = work.get(TechnicianRow, row.technician_id)
    visit = work.get(VisitRow, row.visit_id)
    held_job(work, visit.job_id)
    if visit.technician_id not in (None, technician.id):
        raise Refused("action.anothers", technician=technician.key)
    action = heard(Action, row.said)
    steps: Sequence[ActionRow] = ()
    if visit.technician_id is None and action.kind in STEPS_BEFORE:
        steps = _steps_before(work, row)
        _give_back(work, row, visit, steps, STEPS_BEFORE[action.kind])
    elif visit.technician_id == technician.id and row.reason in (EARLIER_MISSING, STEP):
        steps = _steps_before(work, row)
        _make_up(work, visit, steps, MOVES[action.kind])
    VISIT.after(MOVES[action.kind], visit.state)
    apply(work, action, row, visit)
    return steps


def _steps_before(work: Work, last: ActionRow) -> Sequence[ActionRow]:
    """What they have said of how they came to it."""
    query = select(ActionRow).where(
        ActionRow.visit_id == last.visit_id,
        ActionRow.technician_id == last.technician_id,
        ActionRow.id != last.id,
        ActionRow.outcome == Outcome.CONFLICT,
        ActionRow.settled_at.is_(None),
        ActionRow.kind.in_((ActionKind.DEPART, ActionKind.CHECK_IN, *WORK)),
        ActionRow.happened_at <= last.happened_at,
    )
    return work.session.scalars(query.order_by(ActionRow.happened_at, ActionRow.sequence)).all()


def _give_back(
    work: Work,
    row: ActionRow,
    visit: VisitRow,
    said: Sequence[ActionRow],
    steps: Mapping[VisitAction, str],
) -> None:
    """Let a visit that nobody has any more be theirs, from when they say that they were at it."""
    if visit.state is not VisitState.UNSCHEDULED:
        return
    withdraw_standing(work, visit, "done")
    came = [step.happened_at for step in said if step.kind is not ActionKind.DEPART]
    began = min([row.happened_at, *came])
    visit.technician_id, visit.shift_id = row.technician_id, _shift(work, row.technician_id, began)
    visit.arrive_at = visit.start_at = began
    visit.end_at = row.happened_at
    for step, told in steps.items():
        visit.state = VISIT.after(step, visit.state)
        if step is VisitAction.RELEASE:
            _count(visit, said)
        work.note(f"visit.{told}", visit, why="accepted")


def _make_up(work: Work, visit: VisitRow, said: Sequence[ActionRow], move: VisitAction) -> None:
    """Let a visit come to where ``move`` can be its next step, if any steps lead there."""
    if visit.state in ENDED:
        return
    _count(visit, said)
    for step, told in MISSED.items():
        if visit.state not in VISIT.moves[move] and visit.state in VISIT.moves[step]:
            visit.state = VISIT.after(step, visit.state)
            work.note(f"visit.{told}", visit, why="accepted")


def _count(visit: VisitRow, said: Sequence[ActionRow]) -> None:
    """Count the time that they were at work, and their pauses."""
    for step in said:
        if step.kind in WORK:
            count_time(step.kind, visit, step.happened_at)


def _shift(work: Work, technician: UUID, moment: datetime) -> UUID | None:
    """In which of their shifts it was, if in any."""
    query = select(ShiftRow.id).where(
        ShiftRow.technician_id == technician, ShiftRow.start_at <= moment, ShiftRow.end_at > moment
    )
    return work.session.scalars(query.limit(1)).first()

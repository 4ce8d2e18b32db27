"""Take what a phone has to say, at once or after hours without a signal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from dispatch.domain import checks
from dispatch.domain.action import MOVES, Action, ActionKind, Outcome
from dispatch.domain.actor import Actor
from dispatch.domain.states.visit import ENDED, VISIT
from dispatch.errors import InvalidValue
from dispatch.operations.credit.follow import heard_of
from dispatch.operations.execute.completion import doubt_files, write_completion, write_parts
from dispatch.operations.execute.demands import unproven
from dispatch.operations.execute.device_clock import behind_s, by_our_clock
from dispatch.operations.execute.flags import flags_of, told_flags
from dispatch.operations.execute.judge import APPLIED, Verdict, judge
from dispatch.operations.execute.malformed import Malformed, Wrong, told_wrong
from dispatch.operations.execute.rest import leave_rest
from dispatch.operations.execute.working_time import count_time
from dispatch.store.board import day_of, touch_days
from dispatch.store.database import Database
from dispatch.store.events import Event
from dispatch.store.ids import new_id
from dispatch.store.jobs import follow_visits
from dispatch.store.rows.actions import ActionRow
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.said import said
from dispatch.store.work import Work

MOST_ACTIONS = 1_000
"""In one batch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What has become of an action; the same however often it is sent."""

    sequence: int
    outcome: Outcome
    reason: str
    """A code; empty if it was applied."""
    flags: tuple[str, ...]
    wrong: tuple[Wrong, ...] = ()
    """Of what could not be read (``action.malformed``)."""


def take_batch(
    database: Database,
    actor: Actor,
    technician_id: UUID,
    device: str,
    actions: Sequence[Action | Malformed],
    *,
    sent_at: datetime,
) -> list[Answer]:
    """Take the actions of a device in the order of their numbers, each by itself.

    Each is known by the technician, the device and its number, and ends exactly once: applied,
    rejected with a reason, or in the inbox of a dispatcher. Whatever was said is kept, also what
    nobody can read. Sent again, it has the same answer and does nothing.

    Parameters
    ----------
    sent_at
        When the batch was sent, by the device's clock, which may be off by any amount: how wrong
        it is, is seen from this.

    Raises
    ------
    InvalidValue
        The device's name or the batch's size are impossible; ``time.naive``.
    Missing
        There is no such technician, or the actor may not see them.
    """
    checks.identifier("device", device)
    checks.within("actions", len(actions), 0, MOST_ACTIONS)
    if sent_at.utcoffset() is None:
        raise InvalidValue("time.naive", field="sent_at", value=sent_at.isoformat())
    sender = _Sender(technician_id, device, sent_at)
    ordered = sorted(actions, key=lambda action: action.sequence)
    return [_take(database, actor, sender, action) for action in ordered]


@dataclass(frozen=True, slots=True)
class _Sender:
    technician: UUID
    device: str
    sent_at: datetime


def _take(database: Database, actor: Actor, sender: _Sender, action: Action | Malformed) -> Answer:
    with database.work(actor) as work:
        technician = work.get(TechnicianRow, sender.technician, lock=True)
        known = _known(work, sender, action.sequence)
        if known is not None:
            return _repeated(work, known, action)
        if isinstance(action, Malformed):
            return _keep(work, sender, technician, action)
        visit = _visit(work, action.visit)
        verdict = _verdict(work, action, visit, technician.id)
        row = _row(sender, technician, action.sequence, visit, work.now)
        row.kind, row.said = action.kind, said(action.kept)
        row.happened_at = min(work.now, by_our_clock(action.happened_at, row.skew_s))
        row.outcome, row.reason = verdict.outcome, verdict.reason
        row.flags = flags_of(work, row, action, visit)
        work.session.add(row)
        doubt_files(work, row, visit)
        work.note(f"action.{verdict.outcome.value}", row)
        if verdict.outcome is Outcome.APPLIED and visit is not None:
            apply(work, action, row, visit)
            heard_of(work, technician, visit, action.kind)
        work.commit()
        return _answer(row)


def _keep(work: Work, sender: _Sender, technician: TechnicianRow, action: Malformed) -> Answer:
    """Of what cannot be read what came; it has no effect."""
    visit = None if action.visit is None else _visit(work, action.visit)
    row = _row(sender, technician, action.sequence, visit, work.now)
    row.kind, row.said, row.happened_at = action.kind, action.document, work.now
    row.outcome, row.reason, row.flags = Outcome.REJECTED, "action.malformed", []
    work.session.add(row)
    work.note("action.rejected", row)
    work.commit()
    return _answer(row)


def apply(work: Work, action: Action, row: ActionRow, visit: VisitRow) -> None:
    """Let it have its effect: on the visit, its job, and what has to follow."""
    visit.state = VISIT.after(MOVES[action.kind], visit.state)
    count_time(action.kind, visit, row.happened_at)
    reason = action.reason or action.pause
    work.note(
        f"visit.{action.kind.value}",
        visit,
        why=action.note or (reason.value if reason else None),
        happened_at=row.happened_at,
        position=action.position,
    )
    if action.kind is ActionKind.COMPLETE:
        write_completion(work, action, row, visit)
    if visit.state in ENDED:
        write_parts(work, action, row, visit)
    job = work.get(JobRow, visit.job_id, lock=True)
    if action.kind is ActionKind.NOT_DONE:
        leave_rest(work, job, visit, action.reason)
    elif action.kind is ActionKind.SUSPEND:
        leave_rest(work, job, visit)
    else:
        follow_visits(work, [job])
    touch_days(work.session, [day_of(work.session, visit)])


def _verdict(work: Work, action: Action, visit: VisitRow | None, technician: UUID) -> Verdict:
    """What becomes of it, by what it says, what the board says, and what the customer holds."""
    verdict = judge(action, visit, technician)
    if verdict is APPLIED and visit is not None and action.kind is ActionKind.COMPLETE:
        code = unproven(work, action, visit)
        return Verdict(Outcome.REJECTED, code) if code else verdict
    return verdict


def _known(work: Work, sender: _Sender, sequence: int) -> ActionRow | None:
    query = select(ActionRow).where(
        ActionRow.technician_id == sender.technician,
        ActionRow.device == sender.device,
        ActionRow.sequence == sequence,
    )
    return work.session.scalars(query).one_or_none()


def _repeated(work: Work, known: ActionRow, action: Action | Malformed) -> Answer:
    """The answer there was; something else under a number that is used is kept in the log."""
    sent = action.document if isinstance(action, Malformed) else said(action.kept)
    if known.said == sent:
        return _answer(known)
    work.record(
        Event(
            kind="action.number_used",
            subject=known.id,
            outlet=known.outlet_id,
            after={"sent": sent},
        )
    )
    work.commit()
    return Answer(
        sequence=action.sequence,
        outcome=Outcome.REJECTED,
        reason="action.number-used",
        flags=(),
    )


def _visit(work: Work, visit: UUID) -> VisitRow | None:
    """It and all others of its job, held in the order in which everybody holds them."""
    job = select(VisitRow.job_id).where(VisitRow.id == visit).scalar_subquery()
    query = (
        select(VisitRow)
        .where(VisitRow.job_id == job)
        .order_by(VisitRow.id)
        .with_for_update(of=VisitRow)
        .execution_options(populate_existing=True)
    )
    return next((row for row in work.session.scalars(query) if row.id == visit), None)


def _row(
    sender: _Sender,
    technician: TechnicianRow,
    sequence: int,
    visit: VisitRow | None,
    now: datetime,
) -> ActionRow:
    return ActionRow(
        id=new_id(),
        outlet_id=technician.outlet_id,
        device=sender.device,
        sequence=sequence,
        technician_id=technician.id,
        visit_id=visit.id if visit is not None else None,
        received_at=now,
        skew_s=behind_s(sender.sent_at, now),
    )


def _answer(row: ActionRow) -> Answer:
    return Answer(
        sequence=row.sequence,
        outcome=row.outcome,
        reason=row.reason,
        flags=told_flags(row),
        wrong=told_wrong(row.said) if row.reason == "action.malformed" else (),
    )

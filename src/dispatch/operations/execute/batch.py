"""Take what a phone has to say, at once or after hours without a signal."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from dispatch.domain import checks
from dispatch.domain.action import Action, ActionKind, Outcome
from dispatch.domain.actor import Actor
from dispatch.errors import InvalidValue, Unavailable
from dispatch.operations.credit.follow import heard_of
from dispatch.operations.execute.completion import doubt_files
from dispatch.operations.execute.demands import unproven
from dispatch.operations.execute.device_clock import behind_s, by_our_clock
from dispatch.operations.execute.effect import apply, held_visit
from dispatch.operations.execute.flags import flags_of, told_flags
from dispatch.operations.execute.gap import EARLIER_MISSING, Device, after_gap, go_on
from dispatch.operations.execute.judge import Verdict, judge
from dispatch.operations.execute.malformed import Malformed, Wrong, told_wrong
from dispatch.store.database import Database
from dispatch.store.events import Event
from dispatch.store.ids import new_id
from dispatch.store.rows.actions import ActionRow
from dispatch.store.rows.jobs import VisitRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.said import said
from dispatch.store.work import Work

log = logging.getLogger(__name__)

MOST_ACTIONS = 1_000
"""In one batch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What has become of an action; the same however often it is sent, once nothing is missing."""

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
    nobody can read. Sent again, it has the same answer and does nothing; only what waits in the
    inbox for an earlier action of its device is applied when that has come, and told so from then.
    If the record fails after some were taken, only those are answered; what has no answer is to be
    sent again.

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
    Unavailable
        The record failed before any was taken.
    """
    checks.identifier("device", device)
    checks.within("actions", len(actions), 0, MOST_ACTIONS)
    if sent_at.utcoffset() is None:
        raise InvalidValue("time.naive", field="sent_at", value=sent_at.isoformat())
    sender = _Sender(Device(technician_id, device), sent_at)
    answers: list[Answer] = []
    followed: dict[int, Answer] = {}
    try:
        for action in sorted(actions, key=lambda action: action.sequence):
            answers.append(_take(database, actor, sender, action))  # noqa: PERF401 - some may fail
        for row in go_on(database, actor, sender.device):
            followed[row.sequence] = _answer(row)
    except Unavailable as error:
        if not answers:
            raise
        log.warning("%d of a batch of %d were taken: %s", len(answers), len(actions), error.code)
    return [_now(answer, followed) for answer in answers]


@dataclass(frozen=True, slots=True)
class _Sender:
    device: Device
    sent_at: datetime


def _take(database: Database, actor: Actor, sender: _Sender, action: Action | Malformed) -> Answer:
    with database.work(actor) as work:
        technician = work.get(TechnicianRow, sender.device.technician, lock=True)
        known = _known(work, sender.device, action.sequence)
        if known is not None:
            return _repeated(work, known, action)
        if isinstance(action, Malformed):
            return _keep(work, sender, technician, action)
        visit = held_visit(work, action.visit)
        verdict = _verdict(work, sender.device, action, visit)
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
    visit = None if action.visit is None else held_visit(work, action.visit)
    row = _row(sender, technician, action.sequence, visit, work.now)
    row.kind, row.said, row.happened_at = action.kind, action.document, work.now
    row.outcome, row.reason, row.flags = Outcome.REJECTED, "action.malformed", []
    work.session.add(row)
    work.note("action.rejected", row)
    work.commit()
    return _answer(row)


def _verdict(work: Work, device: Device, action: Action, visit: VisitRow | None) -> Verdict:
    """What becomes of it, by what it says, what the board says, and what the customer holds."""
    verdict = after_gap(work, device, action, judge(action, visit, device.technician))
    stands = verdict.outcome is Outcome.APPLIED or verdict.reason == EARLIER_MISSING
    if stands and visit is not None and action.kind is ActionKind.COMPLETE:
        code = unproven(work, action, visit)  # the customer's code is not kept until later
        return Verdict(Outcome.REJECTED, code) if code else verdict
    return verdict


def _known(work: Work, device: Device, sequence: int) -> ActionRow | None:
    query = select(ActionRow).where(device.said, ActionRow.sequence == sequence)
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
        device=sender.device.name,
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


def _now(answer: Answer, followed: Mapping[int, Answer]) -> Answer:
    """What waited when it was asked for, and does so no longer, is told as it is now."""
    return followed.get(answer.sequence, answer) if answer.reason == EARLIER_MISSING else answer

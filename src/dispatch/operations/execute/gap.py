"""What comes before an earlier action of its device waits for it, and follows when it has come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select

from dispatch.domain.action import MOVES, Action, ActionKind, Outcome
from dispatch.domain.actor import Actor
from dispatch.domain.states.visit import ENDED, VISIT
from dispatch.operations.credit.follow import heard_of
from dispatch.operations.execute.effect import apply, held_visit
from dispatch.operations.execute.judge import APPLIED, STEP, Verdict, judge
from dispatch.store.database import Database
from dispatch.store.rows.actions import ActionRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.said import heard
from dispatch.store.work import Work

EARLIER_MISSING = "action.earlier-missing"
WAITS = Verdict(Outcome.CONFLICT, EARLIER_MISSING)
WAITING = and_(
    ActionRow.outcome == Outcome.CONFLICT,
    ActionRow.reason == EARLIER_MISSING,
    ActionRow.settled_at.is_(None),
)
ENDS = frozenset(
    kind for kind, move in MOVES.items() if ENDED.intersection(VISIT.moves[move].values())
)
"""After these nothing more can be said of a visit."""


@dataclass(frozen=True, slots=True)
class Device:
    """One of a technician's; it counts its actions from 1."""

    technician: UUID
    name: str

    @property
    def said(self) -> ColumnElement[bool]:
        """Which actions are its own."""
        return and_(ActionRow.technician_id == self.technician, ActionRow.device == self.name)


def after_gap(work: Work, device: Device, action: Action, verdict: Verdict) -> Verdict:
    """The verdict, unless it has to wait for an earlier action of the device that has not come.

    So waits what cannot be the next step as far as is known, and what goes on from such a step or
    ends the visit after it, also if it could be the next step. What begins anew waits for nothing.
    """
    if verdict is not APPLIED and verdict.reason != STEP:
        return verdict
    last = _waiting_last(work, device, action)
    if last is not None and (verdict.reason == STEP or _goes_on(action.kind, last)):
        return WAITS
    if verdict.reason == STEP and _is_gap_before(work, device, action.sequence):
        return WAITS
    return verdict


def go_on(database: Database, actor: Actor, device: Device) -> Iterator[ActionRow]:
    """Let follow, in their order, what waited for actions that have come; answers what did.

    Each is a work of its own, as if it came now. What cannot be the next step after all stays in
    the inbox for that reason. Whoever fills a gap does this after it, so of batches that come at
    the same moment at least one sees to what the other left waiting.
    """
    with database.work(actor) as work:
        query = select(ActionRow.sequence).where(device.said, WAITING)
        waiting = sorted(work.session.scalars(query))
    for sequence in waiting:
        with database.work(actor) as work:
            technician = work.get(TechnicianRow, device.technician, lock=True)
            if _is_gap_before(work, device, sequence):
                return
            row = _still_waiting(work, device, sequence)
            if row is None:
                continue
            _follow(work, technician, row)
            work.commit()
        yield row


def _follow(work: Work, technician: TechnicianRow, row: ActionRow) -> None:
    """By what the board says now; a code was compared when it came."""
    action = heard(Action, row.said)
    visit = held_visit(work, action.visit)
    verdict = judge(action, visit, technician.id)
    row.reason = verdict.reason
    if verdict is not APPLIED or visit is None:
        work.note("action.conflict", row)
        return
    row.outcome = Outcome.APPLIED
    work.note("action.applied", row)
    apply(work, action, row, visit)
    heard_of(work, technician, visit, action.kind)


def _still_waiting(work: Work, device: Device, sequence: int) -> ActionRow | None:
    """It, unless it has followed or was settled; whoever does that holds its technician."""
    query = select(ActionRow).where(device.said, ActionRow.sequence == sequence, WAITING)
    return work.session.scalars(query).one_or_none()


def _is_gap_before(work: Work, device: Device, sequence: int) -> bool:
    query = select(func.count()).where(device.said, ActionRow.sequence < sequence)
    return (work.session.scalar(query) or 0) < sequence - 1


def _waiting_last(work: Work, device: Device, action: Action) -> ActionKind | None:
    """The last that the device said of the visit before it, and was not rejected, if it waits."""
    query = (
        select(ActionRow.kind, WAITING)
        .where(device.said, ActionRow.visit_id == action.visit)
        .where(ActionRow.sequence < action.sequence, ActionRow.outcome != Outcome.REJECTED)
        .order_by(ActionRow.sequence.desc())
        .limit(1)
    )
    last = work.session.execute(query).one_or_none()
    return last.kind if last is not None and last[1] else None


def _goes_on(kind: ActionKind, last: ActionKind) -> bool:
    """Whether it ends the visit, or can be the next step after the other."""
    after = VISIT.moves[MOVES[last]].values()
    return kind in ENDS or not VISIT.moves[MOVES[kind]].keys().isdisjoint(after)

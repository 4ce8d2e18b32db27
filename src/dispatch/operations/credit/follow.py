"""Let a score follow what a technician does."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from dispatch.domain.action import ActionKind, Outcome
from dispatch.domain.credit import GRACE_S, LATE_S, POINTS, CreditKind
from dispatch.domain.states.offer import OfferState, PushState
from dispatch.store.credit import credit_for, move_score
from dispatch.store.rows.actions import ActionRow
from dispatch.store.rows.jobs import VisitRow
from dispatch.store.rows.pool import OfferRow
from dispatch.store.rows.pushes import PushRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.scope import UNSCOPED
from dispatch.store.work import Work

KEPT = (CreditKind.ON_TIME, CreditKind.CAME_LATE)


def heard_of(work: Work, technician: TechnicianRow, visit: VisitRow, kind: ActionKind) -> None:
    """Somebody has done something of a visit of theirs; their row is held."""
    missed = credit_for(work, technician.id, visit.id, CreditKind.NO_SHOW)
    showed = credit_for(work, technician.id, visit.id, CreditKind.SHOWED)
    if missed is not None and showed is None:
        move_score(work, technician, CreditKind.SHOWED, -missed.points, visit=visit.id)
        work.session.flush()
    if kind is ActionKind.COMPLETE and credit_for(work, technician.id, visit.id, *KEPT) is None:
        arrived = _arrived(work, technician, visit)
        due = visit.promised_to or visit.start_at
        if arrived is None or due is None:
            return
        on_time = arrived <= due + timedelta(seconds=GRACE_S)
        moved = CreditKind.ON_TIME if on_time else CreditKind.CAME_LATE
        move_score(work, technician, moved, POINTS[moved], visit=visit.id)


def handed_back(work: Work, technician: TechnicianRow, visit: VisitRow, start: datetime) -> None:
    """Somebody hands on what they had taken themselves; what was planned for them is no fault."""
    if not _had_taken(work, technician, visit):
        return
    late = start - work.now < timedelta(seconds=LATE_S)
    kind = CreditKind.HANDED_BACK_LATE if late else CreditKind.HANDED_BACK
    move_score(work, technician, kind, POINTS[kind], visit=visit.id)


def _arrived(work: Work, technician: TechnicianRow, visit: VisitRow) -> datetime | None:
    query = select(ActionRow.happened_at).where(
        ActionRow.technician_id == technician.id,
        ActionRow.visit_id == visit.id,
        ActionRow.kind == ActionKind.CHECK_IN,
        ActionRow.outcome == Outcome.APPLIED,
    )
    first = query.order_by(ActionRow.happened_at).limit(1)
    return work.session.scalars(first, execution_options=UNSCOPED).first()


def _had_taken(work: Work, technician: TechnicianRow, visit: VisitRow) -> bool:
    claimed = select(OfferRow.id).where(
        OfferRow.visit_id == visit.id,
        OfferRow.technician_id == technician.id,
        OfferRow.state == OfferState.CLAIMED,
    )
    accepted = select(PushRow.id).where(
        PushRow.visit_id == visit.id,
        PushRow.technician_id == technician.id,
        PushRow.state == PushState.ACCEPTED,
    )
    return any(
        work.session.scalars(query.limit(1), execution_options=UNSCOPED).first() is not None
        for query in (claimed, accepted)
    )

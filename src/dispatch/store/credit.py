"""The credit scores of technicians, and what moves them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from dispatch.domain.credit import FIRST, CreditKind, moved
from dispatch.store.ids import new_id
from dispatch.store.rows.credit import CreditRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.scope import UNSCOPED
from dispatch.store.work import Work


def last_credit(work: Work, technician: UUID) -> CreditRow | None:
    """What has moved somebody's score last."""
    query = (
        select(CreditRow)
        .where(CreditRow.technician_id == technician)
        .order_by(CreditRow.number.desc())
        .limit(1)
    )
    return work.session.scalars(query, execution_options=UNSCOPED).first()


def score_of(work: Work, technician: UUID) -> int:
    """What it is now."""
    last = last_credit(work, technician)
    return FIRST if last is None else last.score


def credit_for(work: Work, technician: UUID, visit: UUID, *kinds: CreditKind) -> CreditRow | None:
    """What a visit has meant for somebody's score, of some kinds."""
    query = select(CreditRow).where(
        CreditRow.technician_id == technician,
        CreditRow.visit_id == visit,
        CreditRow.kind.in_(kinds),
    )
    return work.session.scalars(query.limit(1), execution_options=UNSCOPED).first()


def move_score(
    work: Work,
    technician: TechnicianRow,
    kind: CreditKind,
    points: int,
    *,
    visit: UUID | None = None,
    reason: str = "",
) -> CreditRow:
    """Write down that something has moved a score; the technician's row is held."""
    last = last_credit(work, technician.id)
    before = FIRST if last is None else last.score
    after = moved(before, points)
    row = CreditRow(
        id=new_id(),
        outlet_id=technician.outlet_id,
        technician_id=technician.id,
        number=1 if last is None else last.number + 1,
        kind=kind,
        points=after - before,
        score=after,
        visit_id=visit,
        at=work.now,
        by=work.actor.id,
        reason=reason,
    )
    work.session.add(row)
    work.note("credit.moved", row)
    return row

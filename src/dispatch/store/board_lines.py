"""What a board shows of a day: columns of its visits, not the rows of all that they name."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from sqlalchemy import BindParameter, RowMapping, bindparam, literal, or_, select
from sqlalchemy.orm import Session

from dispatch.domain.states.visit import COMMITTED, VisitState
from dispatch.store.days import of_day
from dispatch.store.kinds.kind import Span
from dispatch.store.rows.customers import SiteRow
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.scope import SCOPE, UNSCOPED
from dispatch.store.snapshot import to_plan

_SITE = SiteRow.__table__
"""As a bare table, which nothing narrows: a visit is shown also if its site is another outlet's."""
_LINES = (
    select(
        VisitRow.id,
        VisitRow.version,
        VisitRow.part,
        VisitRow.seat,
        VisitRow.state,
        VisitRow.technician_id.label("technician"),
        VisitRow.start_at.label("start"),
        VisitRow.end_at.label("end"),
        VisitRow.began_at.label("began"),
        VisitRow.ended_at.label("ended"),
        VisitRow.promised_from,
        VisitRow.promised_to,
        VisitRow.pin.is_not(None).label("pinned"),
        JobRow.id.label("job"),
        JobRow.key.label("job_key"),
        JobRow.name,
        JobRow.priority,
        _SITE.c.key.label("site"),
    )
    .join(JobRow, JobRow.id == VisitRow.job_id)
    .join(_SITE, _SITE.c.id == JobRow.site_id)
)
_START: BindParameter[datetime] = bindparam("start")
_END: BindParameter[datetime] = bindparam("end")
_PLANNED = _LINES.where(of_day(_START, _END)).order_by(
    VisitRow.technician_id, VisitRow.start_at, VisitRow.place
)
_THERE: BindParameter[Sequence[UUID]] = bindparam("there", expanding=True)
_TECHNICIANS = select(TechnicianRow.id, TechnicianRow.key, TechnicianRow.name).where(
    or_(TechnicianRow.active, TechnicianRow.id.in_(_THERE))
)
_PEOPLE = TechnicianRow.__table__
"""As a bare table too: somebody of another outlet who has a visit of this one has a route here."""
_STRANGERS = select(_PEOPLE.c.id, _PEOPLE.c.key, literal("").label("name")).where(
    _PEOPLE.c.id.in_(_THERE)
)

_BUSY = (
    select(
        VisitRow.technician_id.label("technician"),
        VisitRow.start_at.label("start"),
        VisitRow.end_at.label("end"),
    )
    .where(
        VisitRow.state.in_(COMMITTED),
        VisitRow.start_at < _END,
        VisitRow.end_at > _START,
        VisitRow.technician_id.in_(bindparam("whose", expanding=True)),
        VisitRow.outlet_id.not_in(bindparam("visible", expanding=True)),
    )
    .order_by(VisitRow.start_at)
    .execution_options(**UNSCOPED)
)

Line: TypeAlias = RowMapping


def planned_lines(session: Session, span: Span) -> Sequence[Line]:
    """The visits of a day, whatever has become of them, in the order of routes."""
    return session.execute(_PLANNED, {"start": span.start, "end": span.end}).mappings().all()


def unplanned_lines(session: Session, span: Span) -> Sequence[Line]:
    """Those that nobody has yet, of jobs that a plan of ``span`` is about."""
    query = _LINES.where(to_plan(span), VisitRow.state == VisitState.UNSCHEDULED)
    return session.execute(query.order_by(VisitRow.id)).mappings().all()


def busy_lines(session: Session, span: Span, whose: Collection[UUID]) -> Sequence[Line]:
    """When some people are at work for outlets that are not seen from here; no more of it."""
    visible = session.info.get(SCOPE)
    if visible is None:
        return []
    given = {"start": span.start, "end": span.end, "whose": list(whose), "visible": visible}
    return session.execute(_BUSY, given).mappings().all()


def technician_lines(session: Session, there: Collection[UUID]) -> Sequence[Line]:
    """Those who work here, and whoever else has one of the visits.

    Parameters
    ----------
    there
        Who has a visit: also those who have left; those of outlets that are not seen from here
        without their names.
    """
    found = list(session.execute(_TECHNICIANS, {"there": list(there)}).mappings())
    strange = set(there) - {line["id"] for line in found}
    if strange:
        found += session.execute(_STRANGERS, {"there": list(strange)}).mappings()
    return sorted(found, key=lambda line: line["id"])

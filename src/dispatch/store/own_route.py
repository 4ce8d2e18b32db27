"""What a technician is told of a day, in as few statements as it takes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Select, bindparam, func, literal_column, select
from sqlalchemy.orm import Session

from dispatch.domain.states.visit import NOT_TOLD, VisitState
from dispatch.errors import Missing
from dispatch.store.days import of_day
from dispatch.store.kinds.kind import Span
from dispatch.store.rows.customers import AssetRow, ContactRow, CustomerRow, SiteRow
from dispatch.store.rows.job_types import JobTypeRow
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.scope import UNSCOPED

MOST_ASSETS = 1_000
"""Of all sites of a day."""
TOLD = frozenset(VisitState) - NOT_TOLD
"""What technicians are told of."""
_NONE: ColumnElement[Any] = literal_column("'{}'::jsonb")
_OWN = (
    select(
        VisitRow.id.label("visit"),
        VisitRow.version,
        VisitRow.state,
        JobRow.key.label("job"),
        JobRow.name,
        func.coalesce(func.nullif(JobTypeRow.name, ""), JobTypeRow.key).label("type"),
        VisitRow.arrive_at.label("arrive"),
        VisitRow.start_at.label("start"),
        VisitRow.end_at.label("end"),
        VisitRow.promised_from,
        VisitRow.promised_to,
        SiteRow.key.label("site"),
        SiteRow.address,
        SiteRow.lat,
        SiteRow.lon,
        VisitRow.job_id,
        JobRow.site_id,
        SiteRow.customer_id,
        func.coalesce(CustomerRow.name, "").label("customer"),
        JobRow.fields,
        func.coalesce(JobRow.said["parts"], JobTypeRow.said["parts"], _NONE).label("parts"),
        JobTypeRow.checklist,
        JobTypeRow.demands.label("asked"),
    )
    .join(JobRow, JobRow.id == VisitRow.job_id)
    .join(JobTypeRow, JobTypeRow.id == JobRow.type_id)
    .join(SiteRow, SiteRow.id == JobRow.site_id)
    .outerjoin(CustomerRow, CustomerRow.id == SiteRow.customer_id)
    .where(
        VisitRow.technician_id == bindparam("technician"),
        VisitRow.state.in_(TOLD),
    )
    .execution_options(**UNSCOPED)
)
"""One's own, whichever outlet takes care of them."""
_STOPS = _OWN.where(
    of_day(bindparam("start"), bindparam("end"), technician=bindparam("technician"))
).order_by(VisitRow.start_at, VisitRow.place)
_STOP = _OWN.where(VisitRow.id == bindparam("id"))
_CONTACTS = (
    select(ContactRow.customer_id, ContactRow.name, ContactRow.phone)
    .where(ContactRow.customer_id.in_(bindparam("customers", expanding=True)))
    .order_by(ContactRow.id)
    .execution_options(**UNSCOPED)
)
_ASSETS = (
    select(
        AssetRow.site_id, AssetRow.key.label("serial"), AssetRow.product, AssetRow.warranty_until
    )
    .where(AssetRow.site_id.in_(bindparam("sites", expanding=True)))
    .order_by(AssetRow.id)
    .limit(MOST_ASSETS)
    .execution_options(**UNSCOPED)
)

Line: TypeAlias = RowMapping


def stop_lines(session: Session, technician: UUID, span: Span) -> Sequence[Line]:
    """What they have to do, in order."""
    given = {"technician": technician, "start": span.start, "end": span.end}
    return session.execute(_STOPS, given).mappings().all()


def stop_line(session: Session, technician: UUID, visit: UUID) -> Line:
    """One visit of theirs, on whatever day.

    Raises
    ------
    Missing
        There is none, it is somebody else's, or they were not told of it yet.
    """
    given = {"technician": technician, "id": visit}
    line = session.execute(_STOP, given).mappings().one_or_none()
    if line is None:
        raise Missing("store.missing", kind="visit", id=str(visit))
    return line


def contact_lines(session: Session, lines: Sequence[Line]) -> Mapping[UUID, list[Line]]:
    """Whom to call about these visits, by customer."""
    customers = {line["customer_id"] for line in lines} - {None}
    return _by(session, _CONTACTS, "customer_id", {"customers": list(customers)})


def asset_lines(session: Session, lines: Sequence[Line]) -> Mapping[UUID, list[Line]]:
    """Which products stand where these visits are, by site."""
    return _by(session, _ASSETS, "site_id", {"sites": list({line["site_id"] for line in lines})})


def _by(
    session: Session, query: Select[*tuple[Any, ...]], column: str, given: Mapping[str, list[UUID]]
) -> Mapping[UUID, list[Line]]:
    found: dict[UUID, list[Line]] = defaultdict(list)
    if all(given.values()):
        for line in session.execute(query, given).mappings():
            found[line[column]].append(line)
    return found

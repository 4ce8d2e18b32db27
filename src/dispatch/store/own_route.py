"""What a technician is told of a day, in as few statements as it takes.

Of a visit that ended some days ago only what pay and proof need is told: which job, of which type,
in which area, when. Where exactly that was, for whom, and what stands there, nobody needs any more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Label,
    RowMapping,
    Select,
    SQLColumnExpression,
    bindparam,
    case,
    func,
    literal_column,
    null,
    or_,
    select,
)
from sqlalchemy.orm import Session

from dispatch.domain.job import parts_of
from dispatch.domain.states.visit import ENDED, NOT_TOLD, VisitState
from dispatch.errors import Missing
from dispatch.store.days import of_day
from dispatch.store.kinds.kind import Span
from dispatch.store.rows.customers import AssetRow, ContactRow, CustomerRow, SiteRow
from dispatch.store.rows.job_types import JobTypeRow
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.outlets import OrganisationRow, TerritoryRow
from dispatch.store.scope import UNSCOPED
from dispatch.store.work import Work

MOST_ASSETS = 1_000
"""Of all sites of a day."""
WHOLE_FOR = timedelta(days=14)
"""So long after its end all of a visit is told to who has had it."""
TOLD = frozenset(VisitState) - NOT_TOLD
"""What technicians are told of."""
_NONE: ColumnElement[Any] = literal_column("'{}'::jsonb")
_EMPTY: ColumnElement[Any] = literal_column("''")
_HOUSE_ZONE = select(OrganisationRow.zone).scalar_subquery()
_WHOLE = or_(VisitRow.state.not_in(ENDED), VisitRow.end_at > bindparam("ended_since"))
"""Whether all of a visit is still told."""


def _private(
    column: SQLColumnExpression[Any], name: str, instead: ColumnElement[Any] | None = None
) -> Label[Any]:
    """Something that is told only while all is."""
    return case((_WHOLE, column), else_=null() if instead is None else instead).label(name)


_OWN = (
    select(
        VisitRow.id.label("visit"),
        VisitRow.version,
        VisitRow.state,
        _WHOLE.label("whole"),
        JobRow.key.label("job"),
        _private(JobRow.name, "name", _EMPTY),
        func.coalesce(func.nullif(JobTypeRow.name, ""), JobTypeRow.key).label("type"),
        TerritoryRow.key.label("area"),
        VisitRow.arrive_at.label("arrive"),
        VisitRow.start_at.label("start"),
        VisitRow.end_at.label("end"),
        VisitRow.began_at.label("began"),
        VisitRow.ended_at.label("ended"),
        VisitRow.promised_from,
        VisitRow.promised_to,
        func.coalesce(SiteRow.zone, _HOUSE_ZONE).label("zone"),
        _private(SiteRow.key, "site", _EMPTY),
        _private(SiteRow.name, "site_name", _EMPTY),
        _private(SiteRow.address, "address", _EMPTY),
        _private(SiteRow.lat, "lat"),
        _private(SiteRow.lon, "lon"),
        _private(VisitRow.job_id, "job_id"),
        _private(JobRow.site_id, "site_id"),
        _private(SiteRow.customer_id, "customer_id"),
        _private(func.coalesce(CustomerRow.name, ""), "customer", _EMPTY),
        _private(JobRow.fields, "fields", _NONE),
        VisitRow.seat,
        JobTypeRow.said["parts"].label("type_parts"),
        JobRow.said["parts"].label("job_parts"),
        JobTypeRow.checklist,
        JobTypeRow.demands.label("asked"),
    )
    .join(JobRow, JobRow.id == VisitRow.job_id)
    .join(JobTypeRow, JobTypeRow.id == JobRow.type_id)
    .join(SiteRow, SiteRow.id == JobRow.site_id)
    .outerjoin(CustomerRow, CustomerRow.id == SiteRow.customer_id)
    .outerjoin(TerritoryRow, TerritoryRow.id == SiteRow.territory_id)
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


def stop_lines(work: Work, technician: UUID, span: Span) -> Sequence[Line]:
    """What they have to do, in order."""
    given = {"technician": technician, "start": span.start, "end": span.end, **_since(work)}
    return work.session.execute(_STOPS, given).mappings().all()


def stop_line(work: Work, technician: UUID, visit: UUID) -> Line:
    """One visit of theirs, on whatever day.

    Raises
    ------
    Missing
        There is none, it is somebody else's, or they were not told of it yet.
    """
    given = {"technician": technician, "id": visit, **_since(work)}
    line = work.session.execute(_STOP, given).mappings().one_or_none()
    if line is None:
        raise Missing("store.missing", kind="visit", id=str(visit))
    return line


def contact_lines(session: Session, lines: Sequence[Line]) -> Mapping[UUID, list[Line]]:
    """Whom to call about these visits, by customer."""
    customers = {line["customer_id"] for line in lines} - {None}
    return _by(session, _CONTACTS, "customer_id", {"customers": list(customers)})


def asset_lines(session: Session, lines: Sequence[Line]) -> Mapping[UUID, list[Line]]:
    """Which products stand where these visits are, by site."""
    sites = {line["site_id"] for line in lines} - {None}
    return _by(session, _ASSETS, "site_id", {"sites": list(sites)})


def is_whole(work: Work, visit: UUID) -> bool:
    """Whether all of a visit is still told to who has it."""
    query = select(_WHOLE).where(VisitRow.id == visit)
    return bool(work.session.scalar(query, _since(work), execution_options=UNSCOPED))


def parts_to_bring(line: Line) -> Mapping[str, int]:
    """What a plan reckons with: all of the job's come in the van of its first seat."""
    if line["seat"]:
        return {}
    return parts_of(line["type_parts"] or {}, line["job_parts"] or {})


def _since(work: Work) -> Mapping[str, datetime]:
    return {"ended_since": work.now - WHOLE_FOR}


def _by(
    session: Session, query: Select[*tuple[Any, ...]], column: str, given: Mapping[str, list[UUID]]
) -> Mapping[UUID, list[Line]]:
    found: dict[UUID, list[Line]] = defaultdict(list)
    if all(given.values()):
        for line in session.execute(query, given).mappings():
            found[line[column]].append(line)
    return found

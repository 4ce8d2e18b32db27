"""Looking the whole record over: whether what it says of itself holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    and_,
    exists,
    func,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import aliased

from dispatch.domain.shift import AnchorKind
from dispatch.domain.states.job import DECIDED, OVER, JobState, state_from_visits
from dispatch.domain.states.offer import OfferState
from dispatch.domain.states.visit import COMMITTED, ENDED, PLANNED
from dispatch.errors import Finding, Place, Refused
from dispatch.planning.check.cycles import circles
from dispatch.store.database import Database
from dispatch.store.events import check_chain
from dispatch.store.ledger import check_ledger
from dispatch.store.migrate import newest, revision
from dispatch.store.pushes import goes_round
from dispatch.store.replay import differences_seen
from dispatch.store.rows.base import Row
from dispatch.store.rows.events import EventRow
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.money import LedgerRow
from dispatch.store.rows.pool import OfferRow
from dispatch.store.rows.pushes import PushRow
from dispatch.store.rows.technicians import ShiftRow, TechnicianRow
from dispatch.store.still import still

MOST_FINDINGS = 1_000
AT_ONCE = 5_000
"""Rows held in memory at a time."""
LOOKED_AT: tuple[type[Row], ...] = (EventRow, LedgerRow, JobRow, VisitRow)


@dataclass(frozen=True, slots=True)
class Audit:
    """What was looked at, and what does not hold."""

    counts: dict[str, int]
    """Rows by table."""
    findings: tuple[Finding, ...]
    """The first thousand."""


def audit(database: Database) -> Audit:
    """Look over the record as it is at one moment; people go on working meanwhile.

    The event log is as it was written and, replayed, gives the record; the ledger sums to zero,
    jobs stand where their visits say and do not wait for one another, nobody has to be in two
    places or in two shifts at once, nothing is left to do of what is over, and whoever starts or
    ends at home has one.

    Raises
    ------
    Refused
        ``audit.other-version``: the tables are not those of this version of the product, or there
        are none.
    """
    with still(database) as connection:
        found, wanted = revision(connection), newest(connection)
        if found != wanted:
            raise Refused("audit.other-version", found=found or "-", wanted=wanted)
        now = database.clock()
        findings = chain(
            *(check(connection) for check in OF_ALL), *(check(connection, now) for check in TO_COME)
        )
        told = tuple(islice(findings, MOST_FINDINGS))
        return Audit({kind.__tablename__: _count(connection, kind) for kind in LOOKED_AT}, told)


def check_replay(connection: Connection) -> Iterator[Finding]:
    """Every row that is not as the event log tells.

    ``audit.unlogged``, ``audit.gone`` and ``audit.differs``; values are not told: they may be of
    people.
    """
    for found in differences_seen(connection):
        values = {"table": found.table, "id": found.id, "column": found.column or ""}
        if found.log is None and found.column is None:
            yield Finding("audit.unlogged", values=values)
        elif found.column is None:
            yield Finding("audit.gone", values=values)
        else:
            yield Finding("audit.differs", values=values)


def check_states(connection: Connection) -> Iterator[Finding]:
    """Every job that is not where its visits say: ``audit.job-state``.

    Of a job that people have decided about, nothing is asked.
    """
    for job in connection.execute(_jobs(), execution_options={"yield_per": AT_ONCE}):
        expected = state_from_visits(job.visits, offered=job.offered)
        if job.state is not expected:
            yield Finding(
                "audit.job-state",
                Place(pointer=f"/jobs/{job.id}"),
                {"job": job.key, "state": job.state.value, "expected": expected.value},
            )


def check_over(connection: Connection) -> Iterator[Finding]:
    """Every visit to come of a job that people have ended or hold back: ``audit.left-over``."""
    ended = and_(JobRow.state.in_(OVER & DECIDED), VisitRow.state.not_in(ENDED))
    held = and_(JobRow.state == JobState.ON_HOLD, VisitRow.state.in_(PLANNED))
    query = (
        select(VisitRow.id, VisitRow.state, JobRow.key, JobRow.state.label("job_state"))
        .join(JobRow, JobRow.id == VisitRow.job_id)
        .where(or_(ended, held))
        .order_by(VisitRow.id)
    )
    for visit in connection.execute(query):
        yield Finding(
            "audit.left-over",
            Place(pointer=f"/visits/{visit.id}"),
            {"job": visit.key, "state": visit.job_state.value, "visit": visit.state.value},
        )


def check_routes(connection: Connection) -> Iterator[Finding]:
    """Every visit that begins while its technician is at another: ``audit.overlap``."""
    for visit in connection.execute(_overlaps()):
        yield Finding(
            "audit.overlap",
            Place(pointer=f"/visits/{visit.id}"),
            {
                "technician": visit.technician,
                "job": visit.job,
                "start": visit.start_at.isoformat(),
                "busy": visit.busy_until.isoformat(),
            },
        )


def check_circles(connection: Connection) -> Iterator[Finding]:
    """Every circle of jobs that wait for one another: ``audit.circle``. None of them can be done.

    Of jobs that are not over; what waits for one that is can be done.
    """
    query = select(JobRow.id, JobRow.key, JobRow.said["dependencies"].label("before")).where(
        JobRow.state.not_in(OVER), JobRow.said.has_key("dependencies")
    )
    jobs = connection.execute(query.order_by(JobRow.id)).all()
    ids = {job.key: job.id for job in jobs}
    waits = {job.key: {entry["job"] for entry in job.before} & ids.keys() for job in jobs}
    for circle in circles(waits):
        yield Finding(
            "audit.circle",
            Place(pointer=f"/jobs/{ids[circle[0]]}"),
            {"circle": " → ".join(circle)},
        )


def check_shifts(connection: Connection, now: datetime) -> Iterator[Finding]:
    """Every shift to come that begins in another of the same technician: ``audit.two-shifts``."""
    other = aliased(ShiftRow)
    query = (
        select(
            ShiftRow.id,
            ShiftRow.key,
            ShiftRow.start_at,
            other.key.label("other"),
            other.end_at.label("busy_until"),
            TechnicianRow.key.label("technician"),
        )
        .join(TechnicianRow, TechnicianRow.id == ShiftRow.technician_id)
        .join(
            other,
            and_(
                other.technician_id == ShiftRow.technician_id,
                tuple_(other.start_at, other.id) < tuple_(ShiftRow.start_at, ShiftRow.id),
                other.end_at > ShiftRow.start_at,
            ),
        )
        .where(TechnicianRow.active, ShiftRow.end_at > now)
        .order_by(TechnicianRow.key, ShiftRow.start_at)
    )
    for shift in connection.execute(query):
        yield Finding(
            "audit.two-shifts",
            Place(pointer=f"/shifts/{shift.id}"),
            {
                "technician": shift.technician,
                "shift": shift.key,
                "start": shift.start_at.isoformat(),
                "other": shift.other,
                "busy": shift.busy_until.isoformat(),
            },
        )


def check_homes(connection: Connection, now: datetime) -> Iterator[Finding]:
    """Every shift to come that starts or ends at a home nobody knows: ``audit.no-home``."""
    query = (
        select(ShiftRow.id, ShiftRow.key, ShiftRow.start_at, TechnicianRow.key.label("technician"))
        .join(TechnicianRow, TechnicianRow.id == ShiftRow.technician_id)
        .where(
            TechnicianRow.active,
            TechnicianRow.home_lat.is_(None),
            ShiftRow.end_at > now,
            or_(*(_is_home(ShiftRow.said[name]) for name in ("start_at", "end_at"))),
        )
        .order_by(TechnicianRow.key, ShiftRow.start_at)
    )
    for shift in connection.execute(query):
        yield Finding(
            "audit.no-home",
            Place(pointer=f"/shifts/{shift.id}"),
            {
                "technician": shift.technician,
                "shift": shift.key,
                "start": shift.start_at.isoformat(),
            },
        )


OF_ALL = (
    *(check_chain, check_ledger, check_states, check_over, check_routes, check_circles),
    check_replay,
)
TO_COME = (check_shifts, check_homes)
"""Of what is over, nothing is asked."""


def _is_home(anchor: ColumnElement[Any]) -> ColumnElement[bool]:
    """What a shift does not say is as usual: at home."""
    kind = func.coalesce(anchor["kind"].astext, AnchorKind.HOME.value)
    return kind == AnchorKind.HOME.value


def _jobs() -> Executable:
    """Jobs that follow their visits, with the states of these."""
    visits = (
        select(func.array_agg(VisitRow.state))
        .where(VisitRow.job_id == JobRow.id)
        .correlate(JobRow)
        .scalar_subquery()
    )
    pooled = exists().where(
        VisitRow.job_id == JobRow.id,
        OfferRow.visit_id == VisitRow.id,
        OfferRow.state == OfferState.OPEN,
    )
    pushed = exists().where(
        VisitRow.job_id == JobRow.id,
        PushRow.visit_id == VisitRow.id,
        goes_round(),
    )
    return (
        select(
            JobRow.id,
            JobRow.key,
            JobRow.state,
            func.coalesce(visits, []).label("visits"),
            (pooled | pushed).label("offered"),
        )
        .where(JobRow.state.not_in(DECIDED))
        .order_by(JobRow.id)
    )


def _overlaps() -> Executable:
    """Visits by their technician and the time until which these are busy with what began before."""
    earlier = func.max(VisitRow.end_at).over(
        partition_by=VisitRow.technician_id,
        order_by=(VisitRow.start_at, VisitRow.end_at, VisitRow.id),
        rows=(None, -1),
    )
    routes = (
        select(
            VisitRow.id,
            VisitRow.start_at,
            earlier.label("busy_until"),
            TechnicianRow.key.label("technician"),
            JobRow.key.label("job"),
        )
        .join(JobRow, JobRow.id == VisitRow.job_id)
        .join(TechnicianRow, TechnicianRow.id == VisitRow.technician_id)
        .where(VisitRow.state.in_(COMMITTED))
        .subquery()
    )
    at_another = routes.c.start_at < routes.c.busy_until
    return select(routes).where(at_another).order_by(routes.c.technician, routes.c.start_at)


def _count(connection: Connection, kind: type[Row]) -> int:
    return connection.scalar(select(func.count()).select_from(kind)) or 0

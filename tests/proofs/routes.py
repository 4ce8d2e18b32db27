"""Whether technicians can drive what the record gives them, by sums of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby, pairwise

from sqlalchemy import select
from sqlalchemy.orm import joinedload
from tests.operations.boards import DATE, TRAVEL
from tests.planning.made import MINUTE_DEGREES

from dispatch.domain.plan import Plan
from dispatch.domain.states.visit import COMMITTED
from dispatch.planning.compile import compile_day
from dispatch.planning.rebase import rebase
from dispatch.planning.verify import verify
from dispatch.store.board import span_of, standings, visits_of, zone_of
from dispatch.store.rows.customers import SiteRow
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.snapshot import snapshot
from dispatch.store.work import Work


def wrong_routes(work: Work) -> Iterator[str]:
    """Everything that cannot be driven; nothing if all can."""
    query = (
        select(VisitRow)
        .where(VisitRow.state.in_(COMMITTED))
        .order_by(VisitRow.technician_id, VisitRow.start_at)
        .options(joinedload(VisitRow.job).joinedload(JobRow.site), joinedload(VisitRow.technician))
    )
    for _, visits in groupby(work.session.scalars(query), lambda visit: visit.technician_id):
        yield from _wrong_route(list(visits))
    yield from _faults(work)


def _wrong_route(visits: list[VisitRow]) -> Iterator[str]:
    technician = visits[0].technician
    assert technician is not None
    for one, other in pairwise(visits):
        assert one.end_at is not None
        assert other.start_at is not None
        if one.end_at + travel(one.job.site, other.job.site) > other.start_at:
            yield f"route: {technician.key} cannot go from {one.job.key} to {other.job.key} in time"
    yield from _outside(technician, visits)
    if [visit.place for visit in visits] != list(range(len(visits))):
        yield f"route: the places of {technician.key} are {[visit.place for visit in visits]}"


def _outside(technician: TechnicianRow, visits: list[VisitRow]) -> Iterator[str]:
    shift = technician.shifts[0]
    for visit in visits:
        assert visit.start_at is not None
        assert visit.end_at is not None
        if not shift.start_at <= visit.start_at <= visit.end_at <= shift.end_at:
            yield f"route: {visit.job.key} is outside the shift of {technician.key}"


def travel(one: SiteRow, other: SiteRow) -> timedelta:
    """Along rows and columns, as the chessboard has it."""
    degrees = abs(one.lat - other.lat) + abs(one.lon - other.lon)
    return timedelta(minutes=round(degrees / MINUTE_DEGREES))


def _faults(work: Work) -> Iterator[str]:
    """What the day's checker says of the board as it stands."""
    span = span_of(DATE, zone_of(work.session))
    day = snapshot(work.session, "proof", span)
    board = standings(work.session, visits_of(work.session, span), span)
    bare = Plan(day=day.id, currency=day.policy.currency, routes=(), unassigned=(), costs_minor={})
    found = rebase(compile_day(day, TRAVEL), bare, {}, board)
    for broken in found.broken:
        yield f"route: the board breaks {broken.rule.value}"
    for fault in () if found.broken else verify(day, found.plan, TRAVEL).faults:
        yield f"route: {fault}"
    starts = {visit.job: visit.start for route in found.plan.routes for visit in route.visits}
    for seat, standing in board.items():
        if standing.spot and not found.broken and starts.get(seat.job) != standing.spot.start:
            yield f"route: {seat.job} is to start at {standing.spot.start}, not when it can"

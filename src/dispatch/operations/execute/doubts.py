"""What looks odd about a file; none of it keeps a file from being kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select

from dispatch.domain.action import ActionKind
from dispatch.domain.clock import elapsed_s, fixed
from dispatch.domain.position import Position
from dispatch.formats.pictures import Drawn
from dispatch.operations.execute.judge import GEOFENCE_M, apart_m
from dispatch.store.board import site_zone, zone_of
from dispatch.store.rows.actions import ActionRow
from dispatch.store.rows.evidence import EvidenceRow
from dispatch.store.rows.jobs import VisitRow
from dispatch.store.work import Work

APART_S = 1_800
"""A picture of an action is taken within half an hour of it."""
LONGEST = timedelta(hours=12)
"""One of no action that is known is taken within so long before it is received."""


def doubts(work: Work, row: EvidenceRow, visit: VisitRow | None, drawn: Drawn) -> None:
    """Write down when and where a picture was taken, and what looks odd about it."""
    row.taken_at = None if drawn.taken_at is None else _moment(work, visit, drawn.taken_at)
    if drawn.position is not None:
        row.lat, row.lon = drawn.position.lat, drawn.position.lon
    row.flags = list(_flags(work, row, visit))


def _moment(work: Work, visit: VisitRow | None, taken: datetime) -> datetime:
    """By the clocks at the site, where the camera says no offset of its own."""
    if taken.tzinfo is not None:
        return taken
    session = work.session
    zone = zone_of(session) if visit is None else site_zone(session, visit.job.site)
    return fixed(taken.replace(tzinfo=zone))


def _flags(work: Work, row: EvidenceRow, visit: VisitRow | None) -> Iterator[str]:
    if visit is None:
        yield "no-visit"
    elif visit.technician_id != row.technician_id:
        yield "not-yours"
    elif row.lat is not None and row.lon is not None:  # told only to whom it is
        site = Position(visit.job.site.lat, visit.job.site.lon)
        if apart_m(Position(row.lat, row.lon), site) > GEOFENCE_M:
            yield "far"
    if row.taken_at is not None and _is_odd(work, row, visit, row.taken_at):
        yield "time"


def doubt_time(work: Work, row: EvidenceRow, start: datetime, end: datetime) -> None:
    """Tell of a picture that was not taken between two moments, give or take half an hour."""
    if row.taken_at is None or "time" in row.flags or _is_between(row.taken_at, start, end):
        return
    row.flags = [*row.flags, "time"]
    work.note("evidence.doubted", row)


def _is_between(taken: datetime, start: datetime, end: datetime) -> bool:
    return elapsed_s(start, taken) >= -APART_S and elapsed_s(end, taken) <= APART_S


def _is_odd(work: Work, row: EvidenceRow, visit: VisitRow | None, taken: datetime) -> bool:
    """Whether it was taken at another time than what it is to show happened."""
    query = select(ActionRow.happened_at, ActionRow.kind).where(
        ActionRow.technician_id == row.technician_id,
        ActionRow.device == row.device,
        ActionRow.sequence == row.sequence,
        ActionRow.reason != "action.malformed",
    )
    action = None if row.device is None else work.session.execute(query).one_or_none()
    if action is None:
        return not _is_between(taken, row.received_at - LONGEST, row.received_at)
    begun = visit.began_at if visit is not None and action.kind is ActionKind.COMPLETE else None
    return not _is_between(taken, begun or action.happened_at, action.happened_at)

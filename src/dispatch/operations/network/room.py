"""Room in a shift for the visits that are planned in it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select

from dispatch.domain.states.visit import ENDED, PLANNED, UNDER_WAY, VisitState
from dispatch.errors import Refused
from dispatch.operations.network.freeing import days_of, free_visits, is_under_way
from dispatch.operations.pool.route import route_day
from dispatch.planning.travel_times import TravelTimes
from dispatch.store.board import span_of, zone_of
from dispatch.store.rows.jobs import VisitRow
from dispatch.store.rows.technicians import ShiftRow
from dispatch.store.scope import UNSCOPED
from dispatch.store.work import Work


class VisitsThen(StrEnum):
    """What becomes of visits for which a changed shift leaves no room."""

    KEEP = "keep"
    """The shift is not changed."""
    FREE = "free"
    """They are anybody's again."""


def is_sound(work: Work, row: ShiftRow, travel: TravelTimes) -> bool:
    """Whether all that is planned in a shift can be done in it as it is, from now on."""
    if row.end_at <= work.now:
        return True
    day = next(iter(days_of(work, [row.start_at])))
    span = span_of(day, zone_of(work.session))
    return route_day(work, row.technician_id, [], span, travel).holds()


def make_room(
    work: Work, row: ShiftRow, travel: TravelTimes, then: VisitsThen, *, sound: bool
) -> set[date]:
    """Free what a changed shift has no room for; answers on whose boards it was.

    What lies outside of it goes first, and then the last visits until the rest can be done.

    Parameters
    ----------
    sound
        Whether it could be done before; what was late already is not the change's fault.

    Raises
    ------
    Refused
        ``shift.has-visits``, ``shift.under-way``
    """
    if not all(_lies_in(visit, row) for visit in _in_states(work, row.id, UNDER_WAY)):
        raise Refused("shift.under-way", shift=row.key)
    held = _in_states(work, row.id, PLANNED)
    days = _free(work, row, [visit for visit in held if not _lies_in(visit, row)], then)
    left = sorted((visit.place or 0, visit.id) for visit in held if _lies_in(visit, row))
    visits = {visit.id: visit for visit in held}
    while sound and left and not is_sound(work, row, travel):
        days |= _free(work, row, [visits[left.pop()[1]]], then)
        work.session.flush()
    return days


def clear(work: Work, row: ShiftRow, then: VisitsThen) -> set[date]:
    """Free all that has not begun of a shift; raises as :func:`make_room`."""
    return _free(work, row, _in_states(work, row.id, PLANNED), then)


def _in_states(work: Work, shift: UUID, states: Collection[VisitState]) -> list[VisitRow]:
    """All of a shift, for whichever outlet; whoever may not free one is refused."""
    query = (
        select(VisitRow)
        .where(VisitRow.shift_id == shift, VisitRow.state.in_(states))
        .order_by(VisitRow.id)
        .with_for_update(of=VisitRow)
    )
    return list(work.session.scalars(query, execution_options=UNSCOPED))


def _lies_in(visit: VisitRow, row: ShiftRow) -> bool:
    """Overtime included."""
    latest = row.end_at + timedelta(seconds=int(row.said.get("overtime_s", 0)))
    begun, ended = visit.start_at, visit.end_at
    return begun is None or ended is None or (row.start_at <= begun and ended <= latest)


def _free(work: Work, row: ShiftRow, misfits: Sequence[VisitRow], then: VisitsThen) -> set[date]:
    if misfits and then is VisitsThen.KEEP:
        raise Refused("shift.has-visits", shift=row.key, count=len(misfits))
    return free_visits(work, misfits, "shift changed") if misfits else set()


def see_unworked(work: Work, row: ShiftRow) -> None:
    """See that nothing has happened in a shift; raises ``shift.under-way``, ``shift.worked``."""
    if is_under_way(work, row.technician_id, row.id):
        raise Refused("shift.under-way", shift=row.key)
    ended = select(VisitRow.id).where(VisitRow.shift_id == row.id, VisitRow.state.in_(ENDED))
    if work.session.execute(ended.limit(1), execution_options=UNSCOPED).first() is not None:
        raise Refused("shift.worked", shift=row.key)

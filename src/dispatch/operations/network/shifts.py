"""Shifts: add one, change it, take it away."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from dispatch.domain import checks
from dispatch.domain.actor import Actor
from dispatch.domain.clock import elapsed_s
from dispatch.domain.shift import AnchorKind, Shift
from dispatch.errors import Missing, Refused
from dispatch.operations.network.freeing import days_of
from dispatch.operations.network.room import VisitsThen, clear, is_sound, make_room, see_unworked
from dispatch.operations.network.technicians import see_home
from dispatch.planning.travel_times import TravelTimes
from dispatch.store.board import touch_days
from dispatch.store.database import Database
from dispatch.store.ids import new_id
from dispatch.store.kinds.kind import Frame, Span
from dispatch.store.kinds.technicians import SHIFT_OWN
from dispatch.store.rows.customers import SiteRow
from dispatch.store.rows.outlets import OutletRow
from dispatch.store.rows.technicians import ShiftRow, TechnicianRow
from dispatch.store.said import said
from dispatch.store.work import Work, expect


def add_shift(database: Database, actor: Actor, technician_id: UUID, shift: Shift) -> UUID:
    """Let somebody work for a stretch of time.

    Raises
    ------
    Missing
        There is no such technician, or no such place to start from or end at.
    Refused
        ``shift.overlap``; ``technician.no-home``; ``technician.ended``.
    """
    with database.work(actor) as work:
        technician = held_technician(work, technician_id)
        row = put_shift(work, technician, shift)
        technician.version += 1
        touch_days(work.session, days_of(work, [row.start_at]))
        return work.commit(row.id)


def change_shift(
    database: Database,
    actor: Actor,
    shift_id: UUID,
    shift: Shift,
    travel: TravelTimes,
    *,
    expected: int,
    visits: VisitsThen = VisitsThen.KEEP,
) -> None:
    """Let a shift begin or end otherwise, or be worked otherwise.

    Parameters
    ----------
    visits
        What becomes of those that lie outside of it then, and of the last ones of a route that it
        leaves no time for, the way home and breaks included.

    Raises
    ------
    Missing, Stale
        There is no such shift, or no such place; it is not at the version that is expected.
    Refused
        ``shift.has-visits``: visits would have no room, and nobody said what becomes of them;
        ``shift.under-way``: somebody is at one of those; as :func:`add_shift`.
    """
    with database.work(actor) as work:
        technician = held_technician(work, work.get(ShiftRow, shift_id).technician_id)
        row = _of(technician, shift_id)
        expect(row, expected)
        before, sound = row.start_at, is_sound(work, row, travel)
        _write(work, technician, row, shift)
        work.note("shift.changed", row)
        technician.version += 1
        work.session.flush()
        days = make_room(work, row, travel, visits, sound=sound)
        touch_days(work.session, days | days_of(work, [before, row.start_at]))
        work.commit()


def remove_shift(
    database: Database,
    actor: Actor,
    shift_id: UUID,
    *,
    expected: int,
    visits: VisitsThen = VisitsThen.KEEP,
) -> None:
    """Let somebody not work then.

    Raises
    ------
    Missing, Stale
        There is no such shift; it is not at the version that is expected.
    Refused
        ``shift.has-visits``; ``shift.under-way``; ``shift.worked``: visits have ended in it, so it
        stays on record.
    """
    with database.work(actor) as work:
        theirs = work.get(ShiftRow, shift_id).technician_id
        technician = held_technician(work, theirs, ended=True)
        row = _of(technician, shift_id)
        expect(row, expected)
        see_unworked(work, row)
        days = clear(work, row, visits) | days_of(work, [row.start_at])
        work.session.flush()
        technician.shifts = [other for other in technician.shifts if other is not row]
        technician.version += 1
        work.forget("shift.removed", row)
        touch_days(work.session, days)
        work.commit()


def held_technician(work: Work, technician_id: UUID, *, ended: bool = False) -> TechnicianRow:
    """Whose shifts nobody else changes until the work ends; who has left gets none."""
    technician = work.get(TechnicianRow, technician_id, lock=True)
    if not technician.active and not ended:
        raise Refused("technician.ended")
    return technician


def put_shift(work: Work, technician: TechnicianRow, shift: Shift) -> ShiftRow:
    """Write a new shift down, with its event."""
    row = ShiftRow(id=new_id(), technician_id=technician.id)
    _write(work, technician, row, shift)
    technician.shifts.append(row)
    work.note("shift.added", row)
    return row


def _write(work: Work, technician: TechnicianRow, row: ShiftRow, shift: Shift) -> None:
    checks.within("shift.breaks", len(shift.breaks), 0, checks.MOST_BREAKS)
    checks.duration("shift", elapsed_s(shift.start, shift.end))
    see_home(technician, shift)
    _see_places(work, shift)
    _see_alone(work, technician, row, shift)
    row.key, row.start_at, row.end_at = shift.id, shift.start, shift.end
    row.said = said(shift, but=SHIFT_OWN)


def _see_alone(work: Work, technician: TechnicianRow, row: ShiftRow, shift: Shift) -> None:
    """See that no other shift of theirs overlaps.

    The database is asked: who has looked at a day has only the shifts of that day at hand.
    """
    query = select(ShiftRow).where(
        ShiftRow.technician_id == technician.id,
        ShiftRow.id != row.id,
        ShiftRow.start_at < shift.end,
        ShiftRow.end_at > shift.start,
    )
    other = work.session.scalars(query.order_by(ShiftRow.start_at).limit(1)).first()
    if other is not None:
        ends, starts = min(other.end_at, shift.end), max(other.start_at, shift.start)
        raise Refused(
            "shift.overlap",
            technician=technician.key,
            first=f"{other.key} ({other.start_at.isoformat()})",
            second=f"{shift.id} ({shift.start.isoformat()})",
            minutes=-(-elapsed_s(starts, ends) // 60),
        )


def _see_places(work: Work, shift: Shift) -> None:
    frame = Frame(work.session, Span(work.now, work.now))
    for anchor in (shift.start_at, shift.end_at):
        if anchor.kind is AnchorKind.SITE and anchor.id is not None:
            frame.of(SiteRow, anchor.id)
        if anchor.kind is AnchorKind.OUTLET and anchor.id is not None:
            _see_place(work.by_key(OutletRow, anchor.id))


def _see_place(outlet: OutletRow) -> None:
    if outlet.lat is None:
        raise Refused("outlet.nowhere", id=outlet.key)


def _of(technician: TechnicianRow, shift_id: UUID) -> ShiftRow:
    for shift in technician.shifts:
        if shift.id == shift_id:
            return shift
    raise Missing("store.missing", kind="shift", id=str(shift_id))

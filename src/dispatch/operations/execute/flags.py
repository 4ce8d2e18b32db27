"""What looks odd about an action; none of it keeps anybody from working."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from dispatch.domain.action import Action, ActionKind, Outcome
from dispatch.domain.clock import elapsed_s
from dispatch.domain.legible import LOST
from dispatch.domain.position import Position
from dispatch.operations.execute.completion import files_named
from dispatch.operations.execute.demands import serial_known
from dispatch.operations.execute.device_clock import by_our_clock
from dispatch.operations.execute.judge import (
    CLOCK_S,
    FASTEST_M_PER_S,
    NO_REASON,
    NOT_YOURS,
    apart_m,
    is_far,
    is_in_vain,
    is_inaccurate,
    is_near,
)
from dispatch.store.rows.actions import ActionRow
from dispatch.store.rows.jobs import VisitRow
from dispatch.store.work import Work

OF_THE_VISIT = frozenset(("far", "dead-trip", "serial", "time"))
"""They tell something of the visit: where it is, or when."""
ALL = OF_THE_VISIT | {"clock", "inaccurate", "fast", "no-position", "text", "elsewhere"}
UNPROVEN = frozenset(("far", "inaccurate", "no-position"))
"""A check-in with one of these shows nothing."""
AWAY = timedelta(hours=12)
"""Before the planned start of a visit, and after its planned end, nobody is at it any more."""


def told_flags(row: ActionRow) -> tuple[str, ...]:
    """Those that whoever sent it is told: of the visit's none, if it may not be theirs."""
    unknown = row.reason in (NOT_YOURS, NO_REASON)
    return tuple(flag for flag in row.flags if not (unknown and flag in OF_THE_VISIT))


def flags_of(work: Work, row: ActionRow, action: Action, visit: VisitRow | None) -> list[str]:
    """All that is odd about it."""
    found = []
    if abs(row.skew_s) > CLOCK_S:
        found.append("clock")
    there = action.kind is ActionKind.CHECK_IN or is_in_vain(action)
    if visit is not None and there and is_far(action, visit):
        found.append("far")
    scanned = None if visit is None else serial_known(work, action, visit)
    if action.kind is ActionKind.CHECK_IN and action.position is None and not scanned:
        found.append("no-position")
    if _is_at_odd_time(row, action, visit):
        found.append("time")
    if is_inaccurate(action):
        found.append("inaccurate")
    if visit is not None and is_in_vain(action) and _was_there(work, row, action, visit):
        found.append("dead-trip")
    if _is_fast(work, row, action):
        found.append("fast")
    if scanned is False:
        found.append("serial")
    found += _of_files(work, row, action, visit)
    if any(LOST in text for text in (action.note, *action.checklist.values())):
        found.append("text")
    return found


def _was_there(work: Work, row: ActionRow, action: Action, visit: VisitRow) -> bool:
    """Whether they have proven to have been at the site: by this, or by their check-in."""
    if is_near(action, visit):
        return True
    arrivals = select(ActionRow).where(
        ActionRow.visit_id == visit.id,
        ActionRow.technician_id == row.technician_id,
        ActionRow.kind == ActionKind.CHECK_IN,
        ActionRow.outcome == Outcome.APPLIED,
    )
    return any(UNPROVEN.isdisjoint(arrival.flags) for arrival in work.session.scalars(arrivals))


def _of_files(work: Work, row: ActionRow, action: Action, visit: VisitRow | None) -> list[str]:
    """Whether a completion names a file that was sent for another visit."""
    if visit is None or action.kind is not ActionKind.COMPLETE:
        return []
    known = files_named(work, row.technician_id, action.evidence)
    return ["elsewhere"] if any(file.visit_id != visit.id for file in known) else []


def _is_at_odd_time(row: ActionRow, action: Action, visit: VisitRow | None) -> bool:
    """Whether it happened later than it was heard of, or when nobody can have been at its visit."""
    said = by_our_clock(action.happened_at, row.skew_s)
    if said > row.received_at + timedelta(seconds=CLOCK_S):
        return True
    if visit is None or visit.start_at is None or visit.end_at is None:
        return False
    said_before = [moment for moment in (visit.began_at, visit.paused_at) if moment is not None]
    first = max([visit.start_at - AWAY, *said_before])
    return not first <= row.happened_at <= visit.end_at + AWAY


def _is_fast(work: Work, row: ActionRow, action: Action) -> bool:
    """Whether nobody can have got here from where they were when they last said something."""
    if action.position is None:
        return False
    query = (
        select(ActionRow)
        .where(
            ActionRow.technician_id == row.technician_id,
            ActionRow.reason != "action.malformed",
            ActionRow.happened_at <= row.happened_at,
        )
        .order_by(ActionRow.happened_at.desc(), ActionRow.sequence.desc())
        .limit(1)
    )
    last = work.session.scalars(query).first()
    if last is None or not last.said.get("position"):
        return False
    there = Position(**last.said["position"])
    seconds = max(1, elapsed_s(last.happened_at, row.happened_at))
    return apart_m(there, action.position) > 1_000 + FASTEST_M_PER_S * seconds

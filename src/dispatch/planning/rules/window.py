"""A visit starts in one of its windows, at a time when the technician works."""

from __future__ import annotations

from dispatch.planning.duty import Duty
from dispatch.planning.rules.room import HOPELESS_S, late_alone_s, minutes
from dispatch.planning.rules.rule import Miss
from dispatch.planning.visit import Visit


def window_miss(visit: Visit, duty: Duty) -> Miss | None:
    """How far the windows are from the working time; None if they meet."""
    late = late_alone_s(visit, duty, out_s=0, work_s=0, back_s=0)
    if late <= 0:
        return None
    if late == HOPELESS_S:
        return Miss("window.none", gap=late)
    return Miss("window", {"minutes": minutes(late), "shift": duty.shift.id}, late)

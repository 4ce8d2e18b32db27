"""The work fits between its window and the end of the shift, overtime included."""

from __future__ import annotations

from dispatch.errors import Value
from dispatch.planning.duty import Duty
from dispatch.planning.rules.room import late_alone_s, minutes
from dispatch.planning.rules.rule import Miss
from dispatch.planning.visit import Visit
from dispatch.planning.work import work_s


def duration_miss(visit: Visit, duty: Duty) -> Miss | None:
    """How many minutes are missing even if the technician were there already."""
    needed = visit.site.setup_s + work_s(visit, duty.technician)
    late = late_alone_s(visit, duty, out_s=0, work_s=needed, back_s=0)
    if late <= 0:
        return None
    values: dict[str, Value] = {
        "minutes": minutes(late),
        "work": minutes(needed),
        "shift": duty.shift.id,
    }
    return Miss("duration", values, late)

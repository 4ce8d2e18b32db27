"""There, work and back fit into the shift, and the way is not longer than the shift allows."""

from __future__ import annotations

from dataclasses import dataclass

from dispatch.errors import Value
from dispatch.planning.duty import Duty
from dispatch.planning.rules.room import late_alone_s, minutes
from dispatch.planning.rules.rule import Miss
from dispatch.planning.visit import Visit
from dispatch.planning.work import work_s


@dataclass(frozen=True, slots=True)
class Way:
    """From the start of a duty to a visit, and from there to its end; 0 at an open one."""

    out_s: int
    back_s: int


def reach_miss(visit: Visit, duty: Duty, way: Way) -> Miss | None:
    """How many minutes are missing for a shift with this visit alone."""
    most = duty.shift.max_travel_s
    if most is not None and way.out_s + way.back_s > most:
        over = way.out_s + way.back_s - most
        return Miss("travel.most", {"minutes": minutes(over), "most": minutes(most)}, over)
    work = visit.site.setup_s + work_s(visit, duty.technician)
    for code, back_s in (("travel.window", 0), ("travel.shift", way.back_s)):
        late = late_alone_s(visit, duty, out_s=way.out_s, work_s=work, back_s=back_s)
        if late > 0:
            values: dict[str, Value] = {
                "minutes": minutes(late),
                "way": minutes(way.out_s),
                "shift": duty.shift.id,
            }
            return Miss(code, values, late)
    return None

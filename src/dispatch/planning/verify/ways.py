"""Travel asked for once more, from the source itself.

A road graph is cut at every place it is asked for, and rounds there; the hour of departure
changes the speed. So the question is the one that any planner of this day has to ask: all sites
with jobs, then where working shifts start, then where they end, at the middle one of the shifts'
starts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from dispatch.domain.clock import after, elapsed_s
from dispatch.domain.day import Day
from dispatch.domain.position import Place, Position
from dispatch.domain.shift import Anchor, AnchorKind, Shift
from dispatch.domain.technician import Technician
from dispatch.planning.travel_times import Progress, TravelMatrix, TravelTimes


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """Travel between the places of a day, for each profile in use."""

    rows: Mapping[str, int]
    """By the place's name."""
    by_profile: Mapping[str, TravelMatrix]

    def between(
        self, technician: Technician, origin: str, destination: str
    ) -> tuple[int, int] | None:
        """Seconds and metres between two places as routes name them; None if one is nowhere."""
        matrix = self.by_profile.get(technician.profile)
        start, end = (self.rows.get(_own(name, technician)) for name in (origin, destination))
        if matrix is None or start is None or end is None:
            return None
        return int(matrix.seconds[start, end]), int(matrix.metres[start, end])


def ways_of(day: Day, travel: TravelTimes, progress: Progress | None = None) -> Ways:
    """Ask ``travel`` once for each profile; raises what it raises."""
    working = [
        (technician, shift)
        for technician in day.technicians
        for shift in technician.shifts
        if _is_worked(day, technician, shift)
    ]
    places = {place.id: place for place in _places(day, working)}
    profiles = list(dict.fromkeys(technician.profile for technician, _ in working))
    if not places or not profiles:
        return Ways({}, {})
    starts = sorted((shift.start for _, shift in working), key=lambda it: elapsed_s(day.start, it))
    departure = after(starts[len(starts) // 2], 0, day.zone_info)
    return Ways(
        rows={name: row for row, name in enumerate(places)},
        by_profile={
            profile: travel.matrix(
                tuple(places.values()),
                profile=profile,
                departure=departure,
                progress=_share(progress, number, len(profiles)),
            )
            for number, profile in enumerate(profiles)
        },
    )


def _is_worked(day: Day, technician: Technician, shift: Shift) -> bool:
    """Whether absences leave anything of a shift within the day."""
    moments = [shift.start, day.start, *(absence.end for absence in technician.absences)]
    return any(_is_free(day, technician, shift, moment) for moment in moments)


def _is_free(day: Day, technician: Technician, shift: Shift, moment: datetime) -> bool:
    away = any(_holds(off.start, moment, off.end) for off in technician.absences)
    return (
        _holds(shift.start, moment, shift.end) and _holds(day.start, moment, day.end) and not away
    )


def _holds(start: datetime, moment: datetime, end: datetime) -> bool:
    return elapsed_s(start, moment) >= 0 and elapsed_s(end, moment) < 0


def _places(day: Day, working: Iterable[tuple[Technician, Shift]]) -> Iterator[Place]:
    shifts = list(working)
    sites = day.sites_by_id
    named = [f"site:{job.site}" for job in day.jobs if job.site in sites]
    for name in dict.fromkeys(named):
        yield Place(name, sites[name.removeprefix("site:")].position)
    anchors = [(technician, shift.start_at) for technician, shift in shifts]
    anchors += [(technician, shift.end_at) for technician, shift in shifts]
    for technician, anchor in anchors:
        position = _position(day, technician, anchor)
        place = name_of(anchor)
        if position is not None and place is not None:
            yield Place(_own(place, technician), position)


def name_of(anchor: Anchor) -> str | None:
    """What a route calls the place of an anchor; None if it is open."""
    if anchor.kind is AnchorKind.OPEN:
        return None
    return "home" if anchor.kind is AnchorKind.HOME else f"{anchor.kind.value}:{anchor.id}"


def _position(day: Day, technician: Technician, anchor: Anchor) -> Position | None:
    if anchor.kind is AnchorKind.HOME:
        return technician.home
    named = day.sites_by_id if anchor.kind is AnchorKind.SITE else day.outlets_by_id
    found = named.get(anchor.id or "")
    return found.position if found else None


def _own(name: str, technician: Technician) -> str:
    return f"home:{technician.id}" if name == "home" else name


def _share(progress: Progress | None, number: int, count: int) -> Progress | None:
    if progress is None:
        return None
    return lambda done: progress((number + done) / count)

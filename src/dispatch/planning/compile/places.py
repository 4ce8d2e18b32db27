"""The places of a problem: where jobs are, and where duties start and end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dispatch.domain.day import Day
from dispatch.domain.position import Place, Position
from dispatch.domain.shift import Anchor, AnchorKind, Shift
from dispatch.domain.technician import Technician
from dispatch.errors import Refused
from dispatch.planning.duty import Duty
from dispatch.planning.visit import Visit
from dispatch.solver.problem import OPEN


@dataclass(frozen=True, slots=True)
class Places:
    """All places with the row each has in the travel matrix."""

    all: tuple[Place, ...]
    """Named ``site:ID``, ``outlet:ID`` and ``home:TECHNICIAN``."""
    of_visit: tuple[int, ...]
    start_of_duty: tuple[int, ...]
    """OPEN where the start is open."""
    end_of_duty: tuple[int, ...]


def places_of(day: Day, visits: Sequence[Visit], duties: Sequence[Duty]) -> Places:
    """Each place once, in the order in which it is first named."""
    rows: dict[str, int] = {}
    found: list[Place] = []

    def row(place: Place | None) -> int:
        if place is None:
            return OPEN
        if place.id not in rows:
            rows[place.id] = len(found)
            found.append(place)
        return rows[place.id]

    of_visit = [row(Place(f"site:{visit.site.id}", visit.site.position)) for visit in visits]
    shifts = [(duty.technician, duty.shift) for duty in duties]
    starts = [row(anchored(day, who, shift, shift.start_at)) for who, shift in shifts]
    ends = [row(anchored(day, who, shift, shift.end_at)) for who, shift in shifts]
    return Places(tuple(found), tuple(of_visit), tuple(starts), tuple(ends))


def anchored(day: Day, technician: Technician, shift: Shift, anchor: Anchor) -> Place | None:
    """Where a shift starts or ends; None if that is open.

    Raises
    ------
    Refused
        ``technician.no-home``: it is at home, and nobody has said where that is.
    """
    if anchor.kind is AnchorKind.OPEN:
        return None
    return Place(_name(technician, anchor), _position(day, technician, shift, anchor))


def _name(technician: Technician, anchor: Anchor) -> str:
    if anchor.kind is AnchorKind.HOME:
        return f"home:{technician.id}"
    return f"{anchor.kind.value}:{anchor.id}"


def _position(day: Day, technician: Technician, shift: Shift, anchor: Anchor) -> Position:
    if anchor.kind is AnchorKind.OUTLET:
        return day.outlets_by_id[anchor.id or ""].position
    if anchor.kind is AnchorKind.SITE:
        return day.sites_by_id[anchor.id or ""].position
    if technician.home is None:
        raise Refused("technician.no-home", technician=technician.id, shift=shift.id)
    return technician.home

"""When the technicians of a sample day work: shifts, breaks and absences."""

from __future__ import annotations

import numpy as np

from dispatch.demo.calendar import at
from dispatch.demo.company import BRANCH, HEADQUARTERS, territory_of
from dispatch.demo.draw import chance, some, weighted
from dispatch.domain.position import Position
from dispatch.domain.shift import HOME, Absence, Anchor, AnchorKind, Break, Shift
from dispatch.domain.site import Outlet
from dispatch.domain.technician import Technician

OPEN = Anchor(kind=AnchorKind.OPEN)
HOURS = {(7.0, 15.5): 0.3, (7.5, 16.0): 0.35, (8.0, 16.5): 0.25, (10.5, 19.0): 0.1}
LUNCH_S = {30 * 60: 0.6, 45 * 60: 0.4}


def own_outlet(home: Position) -> Outlet:
    """The own outlet in charge of a home: the branch north of the river, else headquarters."""
    return BRANCH if territory_of(home) == "north" else HEADQUARTERS


def own(rng: np.random.Generator, technician: Technician, index: int) -> tuple[Shift, ...]:
    """An employee's working time: usually one shift, for one in fifteen a split one."""
    if index % 15 == 6:
        return _split(technician.id)
    start, end = weighted(rng, HOURS)
    return (
        Shift(
            id=f"{technician.id}-day",
            start=at(start),
            end=at(end),
            start_at=_start_at(rng, technician),
            breaks=_breaks(rng, late=start > 10),
            overtime_s=weighted(rng, {0: 0.2, 30 * 60: 0.3, 60 * 60: 0.5}),
            max_jobs=16 if chance(rng, 0.1) else None,
        ),
    )


def contractor(identifier: str) -> Shift:
    """A contractor's day: it starts and ends at a customer's."""
    return Shift(
        id=f"{identifier}-day",
        start=at(8),
        end=at(16),
        start_at=OPEN,
        end_at=OPEN,
        breaks=(lunch(30 * 60),),
        max_jobs=8,
    )


def lunch(duration_s: int) -> Break:
    """Half past eleven or so; it floats from eleven to half past one."""
    return Break(earliest=at(11), latest=at(13.5), duration_s=duration_s)


def absences(
    rng: np.random.Generator, worked: tuple[Shift, ...], *, gone: bool
) -> tuple[Absence, ...]:
    """All day, or for one in ten a few hours of it."""
    start, end = worked[0].start, worked[-1].end
    if gone:
        return (Absence(start=start, end=end, reason="sick"),)
    if not chance(rng, 0.1):
        return ()
    return tuple(
        some(
            rng,
            (
                Absence(start=start, end=at(11), reason="dentist"),
                Absence(start=at(14), end=end, reason="training"),
            ),
            1,
        )
    )


def _start_at(rng: np.random.Generator, technician: Technician) -> Anchor:
    """One in five fetches the van at the outlet."""
    if chance(rng, 0.2):
        return Anchor(kind=AnchorKind.OUTLET, id=technician.outlet)
    return HOME


def _breaks(rng: np.random.Generator, *, late: bool) -> tuple[Break, ...]:
    duration_s = weighted(rng, LUNCH_S)
    if late:
        return (Break(earliest=at(13.5), latest=at(15.5), duration_s=duration_s),)
    if chance(rng, 0.15):
        coffee = Break(earliest=at(14.5), latest=at(14.5), duration_s=15 * 60)
        return (lunch(duration_s), coffee)
    return (lunch(duration_s),)


def _split(identifier: str) -> tuple[Shift, ...]:
    return (
        Shift(id=f"{identifier}-am", start=at(7), end=at(11.5)),
        Shift(id=f"{identifier}-pm", start=at(13.5), end=at(17.5), overtime_s=30 * 60),
    )

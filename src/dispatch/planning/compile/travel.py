"""The travel matrices of a problem, one for each profile in use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from dispatch.domain.position import Place
from dispatch.planning.duty import Duty
from dispatch.planning.horizon import Horizon
from dispatch.planning.travel_times import Progress, TravelTimes
from dispatch.solver.arrays import AnyInts


@dataclass(frozen=True, slots=True, eq=False)
class Matrices:
    """Travel between all places by each profile."""

    profiles: tuple[str, ...]
    seconds: AnyInts
    """(profiles, places, places)"""
    metres: AnyInts
    """(profiles, places, places)"""


def matrices(
    travel: TravelTimes,
    places: Sequence[Place],
    duties: Sequence[Duty],
    horizon: Horizon,
    progress: Progress | None = None,
) -> Matrices:
    """Ask ``travel`` once for each profile; raises what it raises."""
    profiles = tuple(dict.fromkeys(duty.technician.profile for duty in duties))
    if not profiles or not places:
        empty = np.zeros((max(1, len(profiles)), len(places), len(places)), dtype=np.int64)
        return Matrices(profiles, empty, empty)
    departure = usual_departure(duties, horizon)
    found = [
        travel.matrix(
            places,
            profile=profile,
            departure=departure,
            progress=_part(progress, at, len(profiles)),
        )
        for at, profile in enumerate(profiles)
    ]
    return Matrices(
        profiles,
        _stacked([matrix.seconds for matrix in found]),
        _stacked([matrix.metres for matrix in found]),
    )


def _stacked(layers: Sequence[AnyInts]) -> AnyInts:
    """(profiles, places, places) to read only; a single one is not copied."""
    whole = layers[0][np.newaxis] if len(layers) == 1 else np.stack(layers)
    whole.setflags(write=False)
    return whole


def usual_departure(duties: Sequence[Duty], horizon: Horizon) -> datetime:
    """The middle one of the shifts' starts: travel times are those of that hour."""
    starts = sorted(horizon.from_s(duty.shift.start) for duty in duties)
    return horizon.moment(starts[len(starts) // 2])


def _part(progress: Progress | None, at: int, count: int) -> Progress | None:
    if progress is None:
        return None
    return lambda done: progress((at + done) / count)

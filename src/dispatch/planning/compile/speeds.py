"""Speeds by the wall clock as the solver's, in seconds of the horizon."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from dispatch.domain.day import Day
from dispatch.planning.horizon import Horizon
from dispatch.solver.problem import USUAL_PERCENT, Speeds


def speeds_of(day: Day, profiles: Sequence[str], horizon: Horizon) -> Speeds:
    """A step wherever the speed of a profile changes within the horizon."""
    steps = [
        (number, second, percent)
        for number, profile in enumerate(profiles)
        if any(speed.profile == profile for speed in day.speeds)
        for second, percent in _steps(day, profile, horizon)
    ]
    table = np.array(steps, dtype=np.int64).reshape(len(steps), 3)
    return Speeds(profile=table[:, 0], from_s=table[:, 1], percent=table[:, 2])


def _steps(day: Day, profile: str, horizon: Horizon) -> Iterator[tuple[int, int]]:
    """Looked at minute by minute, as the wall clock shows them: clocks may change in between."""
    before = USUAL_PERCENT
    first_whole = -horizon.start.second % 60
    for second in (0, *range(first_whole, horizon.end_s, 60)):
        shown = horizon.moment(second)
        percent = percent_at(day, profile, 60 * shown.hour + shown.minute)
        if percent != before:
            yield second, percent
        before = percent


def percent_at(day: Day, profile: str, minute: int) -> int:
    """The speed of a profile in a minute since midnight by the wall clock."""
    found = (s.percent for s in day.speeds if s.profile == profile and s.holds_at(minute))
    return next(found, USUAL_PERCENT)

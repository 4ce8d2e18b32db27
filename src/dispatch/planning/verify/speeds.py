"""How long a way takes at the speed of the hour, minute by minute on the wall clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from math import ceil

from dispatch.domain.clock import elapsed_s
from dispatch.domain.day import Day

Rest = tuple[datetime, datetime]


def driving_s(
    day: Day, profile: str, depart: datetime, usual_s: int, rests: Sequence[Rest] = ()
) -> int:
    """Seconds of driving until a way of so many usual seconds is driven; nobody drives at rest."""
    speeds = [speed for speed in day.speeds if speed.profile == profile]
    if not speeds:
        return usual_s
    spans = sorted((elapsed_s(depart, start), elapsed_s(depart, end)) for start, end in rests)
    left, driven, second = Fraction(usual_s), 0, 0
    while left > 0:
        resting = [end for start, end in spans if start <= second < end]
        if resting:
            second = max(resting)
            continue
        moment = depart.astimezone(UTC) + timedelta(seconds=second)
        next_rest = min((start for start, _ in spans if start > second), default=second + 60)
        length = min(60 - moment.second, next_rest - second)
        pace = _pace(day, profile, moment)
        if pace * length >= left:
            return driven + ceil(left / pace)
        left -= pace * length
        driven, second = driven + length, second + length
    return driven


def _pace(day: Day, profile: str, moment: datetime) -> Fraction:
    clock = f"{moment.astimezone(day.zone_info):%H:%M}"
    for speed in day.speeds:
        over_midnight = speed.end <= speed.start
        within = (clock >= speed.start, clock < speed.end)
        if speed.profile == profile and (any(within) if over_midnight else all(within)):
            return Fraction(speed.percent, 100)
    return Fraction(1)

"""There is one speed at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dispatch.domain.day import Day
from dispatch.domain.speed import DAY_MIN, Speed
from dispatch.errors import Finding
from dispatch.planning.check.pointer import at


def clashing_speeds(day: Day) -> Iterator[Finding]:
    """Speeds of one profile that hold at once."""
    yield from clashes(day.speeds)


def clashes(speeds: Sequence[Speed]) -> Iterator[Finding]:
    """The same of speeds that are no day's yet."""
    first: dict[tuple[str, int], int] = {}
    for index, speed in enumerate(speeds):
        held = [minute for minute in range(DAY_MIN) if speed.holds_at(minute)]
        others = {first.setdefault((speed.profile, minute), index) for minute in held} - {index}
        if others:
            other = speeds[min(others)]
            yield Finding(
                "speed.clash",
                at("speeds", index),
                {
                    "profile": speed.profile,
                    "start": speed.start,
                    "end": speed.end,
                    "other": f"{other.start}-{other.end}",
                },
            )

"""How far a run is, and how much to do before looking again."""

from __future__ import annotations

from typing import Protocol

from dispatch.solver.engine import Stop

CHUNK_S = 0.05
"""Seconds between two looks at the clock."""
CHUNK = 100
"""Iterations between two looks, where iterations are what ends the run."""
SHARE_OF_REST = 0.5
"""The last chunks shrink, so that a slow one does not pass the limit by much."""

FORGETTING = 0.9
"""Iterations differ much where jobs are tied: a slow chunk is remembered for some time."""


class Clock(Protocol):
    """Knows how long the run has been going on."""

    @property
    def seconds(self) -> float:
        """Since the run began."""
        ...


class Pace:
    """Chunks by measured speed; by count alone where iterations are limited, to be repeatable."""

    def __init__(self, stop: Stop, clock: Clock) -> None:
        self.done = 0
        self.ending_s = 0.0
        """How long what comes after the last chunk takes."""
        self._stop = stop
        self._clock = clock
        self._seconds_each: float | None = None

    @property
    def progress(self) -> float:
        """The part of the run that is over, 0 to 1."""
        if self._stop.iterations is not None:
            return min(1.0, self.done / max(1, self._stop.iterations))
        return min(1.0, self._clock.seconds / self._stop.seconds)

    @property
    def called_off(self) -> bool:
        """Whether the run is to end before its time."""
        return self._stop.called_off()

    def next_chunk(self) -> int:
        """How many iterations to run now; 0 at the end."""
        left_s = self._stop.seconds - self.ending_s - self._clock.seconds
        if left_s <= 0 or self.called_off:
            return 0
        if self._stop.iterations is not None:
            return min(CHUNK, self._stop.iterations - self.done)
        if self._seconds_each is None:
            return 1
        if self._seconds_each > left_s:
            return 0
        wanted_s = min(CHUNK_S, SHARE_OF_REST * left_s)
        return max(1, int(wanted_s / self._seconds_each))

    def ran(self, iterations: int, seconds: float) -> None:
        """Take note of a chunk."""
        self.done += iterations
        each = max(seconds, 1e-9) / iterations
        self._seconds_each = max(each, FORGETTING * (self._seconds_each or 0))

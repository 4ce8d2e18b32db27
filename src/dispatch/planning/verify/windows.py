"""Hard windows hold."""

from __future__ import annotations

from collections.abc import Iterator

from dispatch.domain.clock import elapsed_s
from dispatch.domain.window import WindowKind
from dispatch.planning.verify.facts import Facts
from dispatch.planning.verify.fault import Fault


def hard_windows(facts: Facts) -> Iterator[Fault]:
    """A visit starts in one of its hard windows; a pin to a time stands in for them."""
    for known, stop in facts.stops():
        hard = [window for window in stop.job.windows if window.kind is WindowKind.HARD]
        if not hard or (stop.pin and stop.pin.start):
            continue
        start = stop.planned.start
        by_s = min(
            max(elapsed_s(start, window.start), elapsed_s(window.end, start)) for window in hard
        )
        if by_s > 0:
            yield known.fault("window.missed", stop, by_s=by_s)

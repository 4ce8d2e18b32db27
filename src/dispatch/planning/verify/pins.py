"""What is pinned stays: with whom, in which order, when."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from dispatch.domain.clock import elapsed_s
from dispatch.planning.verify.facts import Facts
from dispatch.planning.verify.fault import Fault


def pinned_technicians(facts: Facts) -> Iterator[Fault]:
    """A pinned visit stays with its technician, in its shift where the pin names one."""
    for known, stop in facts.stops():
        if stop.pin is None:
            continue
        if stop.pin.technician != known.technician.id:
            yield known.fault("pin.technician", stop, pinned=stop.pin.technician)
        elif stop.pin.shift not in (None, known.shift.id):
            yield known.fault("pin.shift", stop, pinned=stop.pin.shift or "")


def pinned_order(facts: Facts) -> Iterator[Fault]:
    """The visits of a route that are pinned to an order keep it."""
    for known in facts.routes:
        ranked = [
            (stop.pin.order, stop)
            for stop in known.stops
            if stop.pin is not None and stop.pin.order is not None
        ]
        for (order_before, before), (order, stop) in pairwise(ranked):
            if order < order_before:
                yield known.fault("pin.order", stop, before=before.job.id)


def pinned_times(facts: Facts) -> Iterator[Fault]:
    """A visit that is pinned to a time starts then."""
    for known, stop in facts.stops():
        if stop.pin is not None and stop.pin.start is not None:
            by_s = abs(elapsed_s(stop.pin.start, stop.planned.start))
            if by_s:
                yield known.fault("pin.time", stop, by_s=by_s)

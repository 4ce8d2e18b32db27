"""Driving where the speed depends on the time of day.

The speed of a profile is constant from each of its steps to the next, in percent of the usual one;
what has been driven is the area under it. Whoever leaves later never arrives earlier (Ichoua,
Gendreau and Potvin, Vehicle dispatching with time-dependent travel times, European Journal of
Operational Research 144(2), 2003). A *way* is its usual seconds times 100, so that everything is
whole; an arrival is rounded up to the second.
"""

from __future__ import annotations

from dispatch.solver.kernels.columns import (
    END_STEP,
    FASTEST,
    FIRST_STEP,
    STEP_FROM,
    STEP_PERCENT,
)
from dispatch.solver.kernels.compiled import inlined, kernel
from dispatch.solver.kernels.model import Model
from dispatch.solver.problem import NEVER, USUAL_PERCENT


@inlined
def varies(model: Model, vehicle: int) -> bool:
    """Whether the speed of a vehicle depends on the time of day."""
    return bool(model.fleet[vehicle, FIRST_STEP] < model.fleet[vehicle, END_STEP])


@kernel
def arrival(model: Model, vehicle: int, depart: int, way: int) -> int:
    """When ``way`` has been driven, leaving at ``depart``."""
    if not varies(model, vehicle):
        return int(depart - (-way // USUAL_PERCENT))
    first, end = model.fleet[vehicle, FIRST_STEP], model.fleet[vehicle, END_STEP]
    step = _step_at(model, first, end, depart)
    clock = depart
    while True:
        percent = model.speeds[step, STEP_PERCENT] if step >= first else USUAL_PERCENT
        until = model.speeds[step + 1, STEP_FROM] if step + 1 < end else NEVER * USUAL_PERCENT
        if (until - clock) * percent >= way:
            return int(clock - (-way // percent))
        way -= (until - clock) * percent
        clock, step = until, step + 1


@kernel
def driven(model: Model, vehicle: int, start: int, end: int) -> int:
    """The way that is driven from ``start`` to ``end``."""
    if not varies(model, vehicle):
        return int((end - start) * USUAL_PERCENT)
    first, last = model.fleet[vehicle, FIRST_STEP], model.fleet[vehicle, END_STEP]
    step = _step_at(model, first, last, start)
    way, clock = 0, start
    while clock < end:
        percent = model.speeds[step, STEP_PERCENT] if step >= first else USUAL_PERCENT
        until = model.speeds[step + 1, STEP_FROM] if step + 1 < last else end
        until = min(until, end)
        way += (until - clock) * percent
        clock, step = until, step + 1
    return int(way)


@kernel
def departure(model: Model, vehicle: int, there: int, way: int) -> int:
    """The latest departure from which ``way`` is driven by ``there``."""
    first, end = model.fleet[vehicle, FIRST_STEP], model.fleet[vehicle, END_STEP]
    step = _step_at(model, first, end, there - 1)
    clock = there
    while step >= first:
        percent, since = model.speeds[step, STEP_PERCENT], model.speeds[step, STEP_FROM]
        if (clock - since) * percent >= way:
            return int(clock + (-way // percent))
        way -= (clock - since) * percent
        clock, step = since, step - 1
    return int(clock + (-way // USUAL_PERCENT))


@kernel
def least_s(model: Model, vehicle: int, seconds: int) -> int:
    """A way of so many usual seconds never takes less."""
    if not varies(model, vehicle):
        return seconds
    return int(-(-seconds * USUAL_PERCENT // model.fleet[vehicle, FASTEST]))


@kernel
def _step_at(model: Model, first: int, end: int, moment: int) -> int:
    """The step in force; the one before the first, if none is yet."""
    step = end - 1
    while step >= first and model.speeds[step, STEP_FROM] > moment:
        step -= 1
    return step

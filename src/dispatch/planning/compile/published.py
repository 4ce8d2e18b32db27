"""The published schedule as what the solver may change at a price."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from dispatch.domain.policy import Policy
from dispatch.domain.published import Published as Told
from dispatch.planning.compile.money import PER_MINUTE, units
from dispatch.planning.duty import Duty
from dispatch.planning.horizon import Horizon
from dispatch.planning.visit import Visit
from dispatch.solver.arrays import NEVER, Ints
from dispatch.solver.problem import NOWHERE, Published


def published_of(
    visits: Sequence[Visit], duties: Sequence[Duty], policy: Policy, horizon: Horizon
) -> Published:
    """A row for each visit that has been published."""
    rows = [(at, visit.published) for at, visit in enumerate(visits) if visit.published]
    routes = {(duty.technician.id, duty.shift.id): at for at, duty in enumerate(duties)}
    only = {duty.technician.id: _only_shift(duty) for duty in duties}
    promises = [_promise(told, horizon) for _, told in rows]
    promised = [promise is not None for promise in promises]
    return Published(
        visit=_ints([at for at, _ in rows]),
        promised_start_s=_ints([promise[0] if promise else 0 for promise in promises]),
        promised_end_s=_ints([promise[1] if promise else NEVER for promise in promises]),
        moved_price=_ints(promised) * units(policy.promise_moved_minor),
        moved_second_price=_ints(promised) * units(policy.promise_moved_minor_per_min, PER_MINUTE),
        vehicle=_ints([_route(told, routes, only) for _, told in rows]),
        rank=_ints([told.order or 0 for _, told in rows]),
        order_price=np.full(len(rows), units(policy.order_changed_minor)),
    )


def _only_shift(duty: Duty) -> str | None:
    shifts = duty.technician.shifts
    return shifts[0].id if len(shifts) == 1 else None


def _promise(told: Told, horizon: Horizon) -> tuple[int, int] | None:
    if told.start is None or told.end is None:
        return None
    # One that is over before the horizon begins stays in it as a point.
    return max(0, horizon.from_s(told.start)), max(0, horizon.until_s(told.end))


def _route(
    told: Told, routes: Mapping[tuple[str, str], int], only: Mapping[str, str | None]
) -> int:
    """On whose route it has a place in the order, or NOWHERE."""
    shift = told.shift or only.get(told.technician)
    if told.order is None or shift is None:
        return NOWHERE
    return routes.get((told.technician, shift), NOWHERE)


def _ints(values: Sequence[object]) -> Ints:
    return np.array(values, dtype=np.int64)

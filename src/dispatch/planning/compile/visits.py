"""Visits as the solver's arrays: where, when, how long, by whom, at what price."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dispatch.domain.policy import Policy
from dispatch.planning.compile.money import PER_MINUTE, units
from dispatch.planning.compile.places import Places
from dispatch.planning.duty import Duty
from dispatch.planning.horizon import Horizon, Span
from dispatch.planning.rules.eligibility import Ways, eligible, prices_minor, reachable
from dispatch.planning.visit import Visit
from dispatch.planning.work import work_table
from dispatch.solver.arrays import HIGHEST_PRICE, NEVER, AnyInts, Ints
from dispatch.solver.problem import COST_SCALE, OPEN, Ragged, Vehicles, Visits


def visits_arrays(
    visits: Sequence[Visit],
    duties: Sequence[Duty],
    vehicles: Vehicles,
    quickest: AnyInts,
    *,
    horizon: Horizon,
    policy: Policy,
    places: Places,
    parts: Sequence[str],
) -> Visits:
    """All visits, those that nobody may do included: the solver leaves them out, at their price.

    ``quickest`` is the travel matrix at the fastest speed of any hour.
    """
    work = work_table(visits, duties)
    ways = ways_of(vehicles, np.array(places.of_visit, dtype=np.int64), quickest)
    groups = {job: at for at, job in enumerate(dict.fromkeys(visit.job.id for visit in visits))}
    lateness = [
        units(policy.lateness_minor_per_min[visit.job.priority], PER_MINUTE) for visit in visits
    ]
    due = [_due_s(visit, horizon) for visit in visits]
    allowed = eligible(visits, duties, policy) & reachable(visits, duties, work, ways)
    return Visits(
        place=_ints(places.of_visit),
        group=_ints([groups[visit.job.id] for visit in visits]),
        setup_s=_ints([visit.site.setup_s for visit in visits]),
        duration_s=work,
        allowed=allowed,
        assign_price=np.minimum(
            _assign_price(visits, duties, policy) + _late_already(due, lateness)[:, np.newaxis],
            HIGHEST_PRICE,
        ),
        load=_ints(
            [[dict(visit.parts).get(part, 0) for part in parts] for visit in visits]
        ).reshape(len(visits), len(parts)),
        # A visit whose windows all lie outside the horizon is allowed nobody; any window will do.
        windows=_ragged([visit.windows or (Span(0, 0),) for visit in visits]),
        preferred=_ragged([visit.preferred for visit in visits]),
        preferred_price=np.full(
            len(visits), units(policy.preferred_window_minor_per_min, PER_MINUTE)
        ),
        due_s=np.maximum(0, _ints(due)),
        lateness_price=_ints(lateness),
        rank=_ints([_rank(visit) for visit in visits]),
    )


def ways_of(vehicles: Vehicles, place: Ints, quickest: AnyInts) -> Ways:
    """The least travel from every vehicle's start to every visit and back to its end."""

    def leg(anchor: Ints, *, out: bool) -> Ints:
        profile, end, here = vehicles.profile[None, :], anchor[None, :], place[:, None]
        seconds = quickest[profile, end, here] if out else quickest[profile, here, end]
        return np.where(end == OPEN, 0, seconds)

    return Ways(leg(vehicles.start_place, out=True), leg(vehicles.end_place, out=False))


def _assign_price(visits: Sequence[Visit], duties: Sequence[Duty], policy: Policy) -> Ints:
    minor = prices_minor(visits, duties, policy)
    return np.minimum(minor, HIGHEST_PRICE // COST_SCALE) * COST_SCALE


def _due_s(visit: Visit, horizon: Horizon) -> int:
    due = visit.job.sla_due
    return NEVER if due is None else min(horizon.until_s(due), NEVER)


def _late_already(due: Sequence[int], lateness: Sequence[int]) -> Ints:
    """The price of lateness before the horizon begins: the same whoever does the visit."""
    return _ints(
        [
            min(max(0, -second) * price, HIGHEST_PRICE)
            for second, price in zip(due, lateness, strict=True)
        ]
    )


def _rank(visit: Visit) -> int:
    return visit.pin.order if visit.pin and visit.pin.order is not None else -1


def _ragged(spans: Sequence[Sequence[Span]]) -> Ragged:
    return Ragged(
        offset=np.cumsum([0, *(len(own) for own in spans)], dtype=np.int64),
        start_s=_ints([span.start_s for own in spans for span in own]),
        end_s=_ints([span.end_s for own in spans for span in own]),
    )


def _ints(values: Sequence[object]) -> Ints:
    return np.array(values, dtype=np.int64)

"""Duties as the solver's vehicles, their pauses as its breaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from dispatch.domain.policy import Policy
from dispatch.planning.compile.money import PER_HOUR, PER_KILOMETRE, units, wage_minor_per_h
from dispatch.planning.compile.places import Places
from dispatch.planning.duty import Duty
from dispatch.solver.arrays import NEVER, Ints
from dispatch.solver.problem import Breaks, Vehicles


def vehicles_of(
    duties: Sequence[Duty],
    policy: Policy,
    places: Places,
    profiles: Sequence[str],
    parts: Sequence[str],
    *,
    shares: Mapping[tuple[str, str], int],
) -> Vehicles:
    """A vehicle for each duty, a capacity for each of ``parts``; fair ``shares`` by shift."""
    count = len(duties)
    return Vehicles(
        owner=_ints([duty.owner for duty in duties]),
        profile=_ints([profiles.index(duty.technician.profile) for duty in duties]),
        start_place=_ints(places.start_of_duty),
        end_place=_ints(places.end_of_duty),
        earliest_s=_ints([duty.earliest_s for duty in duties]),
        end_s=_ints([duty.end_s for duty in duties]),
        latest_s=_ints([duty.latest_s for duty in duties]),
        max_duration_s=np.full(count, NEVER),
        max_travel_s=_limits([duty.shift.max_travel_s for duty in duties]),
        max_visits=_limits([duty.shift.max_jobs for duty in duties]),
        capacity=_ints(
            [[duty.technician.capacity.get(part, 0) for part in parts] for duty in duties]
        ).reshape(count, len(parts)),
        use_price=np.full(count, units(policy.shift_used_minor)),
        travel_price=np.full(count, units(policy.travel_minor_per_h, PER_HOUR)),
        distance_price=np.full(count, units(policy.travel_minor_per_km, PER_KILOMETRE)),
        time_price=_ints(
            [units(wage_minor_per_h(duty.technician, policy), PER_HOUR) for duty in duties]
        ),
        overtime_price=np.full(count, units(policy.overtime_minor_per_h, PER_HOUR)),
        fair_share_s=_ints([shares[duty.technician.id, duty.shift.id] for duty in duties]),
        unfairness_price=np.full(count, units(policy.unfairness_minor_per_h, PER_HOUR)),
    )


def breaks_of(duties: Sequence[Duty]) -> Breaks:
    """All pauses, by duty and then by earliest start."""
    pauses = [(at, pause) for at, duty in enumerate(duties) for pause in duty.pauses]
    return Breaks(
        vehicle=_ints([at for at, _ in pauses]),
        earliest_s=_ints([pause.earliest_s for _, pause in pauses]),
        latest_s=_ints([pause.latest_s for _, pause in pauses]),
        duration_s=_ints([pause.duration_s for _, pause in pauses]),
    )


def _ints(values: Sequence[object]) -> Ints:
    return np.array(values, dtype=np.int64)


def _limits(values: Sequence[int | None]) -> Ints:
    return _ints([NEVER if value is None else value for value in values])

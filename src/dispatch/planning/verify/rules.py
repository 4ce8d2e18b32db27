"""Every rule of the checker, in the order in which faults are told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from dispatch.planning.verify import (
    breaks,
    costs,
    crews,
    dependencies,
    legs,
    parts,
    people,
    pins,
    service,
    shifts,
    skills,
    visits,
    windows,
)
from dispatch.planning.verify.facts import Facts
from dispatch.planning.verify.fault import Fault

Rule: TypeAlias = Callable[[Facts], Iterator[Fault]]
"""Looks at everything, and tells each break of itself."""

RULES: tuple[Rule, ...] = (
    service.served_or_left_out,
    service.every_seat_once,
    service.work_on_every_route,
    people.required,
    people.prohibited,
    people.territories,
    skills.all_skills,
    skills.any_skill,
    skills.no_excluded_skill,
    crews.different_technicians,
    crews.in_step,
    dependencies.dependencies,
    pins.pinned_technicians,
    pins.pinned_order,
    pins.pinned_times,
    windows.hard_windows,
    visits.one_after_the_other,
    visits.after_arrival,
    visits.setup,
    visits.duration,
    visits.lateness,
    visits.in_the_horizon,
    legs.chain,
    legs.joints,
    legs.open_ends,
    legs.pace,
    shifts.shift_start,
    shifts.shift_end,
    shifts.overtime,
    shifts.in_the_horizon,
    shifts.forwards,
    shifts.one_route_at_a_time,
    shifts.absences,
    shifts.most_jobs,
    shifts.most_travel,
    breaks.taken_as_owed,
    breaks.in_peace,
    breaks.one_at_a_time,
    breaks.in_the_shift,
    parts.capacity,
    costs.costs,
)

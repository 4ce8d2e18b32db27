"""What ties visits to one another: groups served together, by different people, in step."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from dispatch.solver.arrays import NEVER
from dispatch.solver.ortools_routing.model import RoutingModel
from dispatch.solver.ortools_routing.times import TIME


def add_ties(model: RoutingModel) -> None:
    """Groups and links."""
    groups = model.problem.visits.group
    for group in np.flatnonzero(np.bincount(groups) > 1).tolist():
        _tie_group(model, np.flatnonzero(groups == group).tolist())
    for link in range(len(model.problem.links.before)):
        _tie_times(model, link)


def _tie_group(model: RoutingModel, visits: list[int]) -> None:
    """All or none, each by another owner."""
    for one, other in pairwise(visits):
        model.solver.Add(model.active(one) == model.active(other))
    owners = [_owner(model, visit) for visit in visits]
    model.solver.Add(model.solver.AllDifferentExcept(owners, -1))


def _owner(model: RoutingModel, visit: int) -> Any:
    owners = model.problem.vehicles.owner
    if len(np.unique(owners)) == len(owners):
        return model.vehicle(visit)
    known = [-1, *owners.tolist()]
    return model.solver.Element(known, model.vehicle(visit) + 1).Var()


def _tie_times(model: RoutingModel, link: int) -> None:
    """``after`` in its delay from ``before``, where it is served at all.

    The delay counts on a set-up at each visit. Where the start does without one, the delay may be
    wrong by it, to the good.
    """
    links = model.problem.links
    before, after = int(links.before[link]), int(links.after[link])
    low, high = int(links.min_delay_s[link]), int(links.max_delay_s[link])
    served = model.active(after)
    model.solver.Add(served <= model.active(before))
    setup_s, sure_s = model.problem.visits.setup_s.tolist(), model.sure_setup_s.tolist()
    ready, ready_before = _ready(model, after), _ready(model, before)
    if links.from_end[link]:
        soonest = latest = ready_before + _duration(model, before)
    else:
        soonest, latest = ready_before - setup_s[before], ready_before - sure_s[before]
    free = 3 * model.horizon_s  # more than any two times differ, so that it frees the unserved
    model.solver.Add(ready - sure_s[after] - soonest >= low - free + served * free)
    if high < NEVER:
        model.solver.Add(ready - setup_s[after] - latest <= high + free - served * free)


def _ready(model: RoutingModel, visit: int) -> Any:
    return model.routing.GetDimensionOrDie(TIME).CumulVar(model.index(visit))


def _duration(model: RoutingModel, visit: int) -> Any:
    """By whoever does it."""
    durations = model.durations[visit].tolist()
    if len(set(durations)) == 1:
        return durations[0]
    return model.solver.Element([0, *durations], model.vehicle(visit) + 1)

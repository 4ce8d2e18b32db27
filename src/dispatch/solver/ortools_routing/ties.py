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
    """``after`` in its delay from ``before``, where it is served at all."""
    links = model.problem.links
    before, after = int(links.before[link]), int(links.after[link])
    low, high = int(links.min_delay_s[link]), int(links.max_delay_s[link])
    served = model.active(after)
    model.solver.Add(served <= model.active(before))
    base = _start(model, before)
    if links.from_end[link]:
        base += _occupied(model, before)
    delay = _start(model, after) - base
    slack = 3 * model.horizon_s  # more than any two times differ, so that it frees the unserved
    model.solver.Add(delay >= low - slack + served * slack)
    if high < NEVER:
        model.solver.Add(delay <= high + slack - served * slack)


def _start(model: RoutingModel, visit: int) -> Any:
    time = model.routing.GetDimensionOrDie(TIME)
    return time.CumulVar(model.index(visit)) - int(model.problem.visits.setup_s[visit])


def _occupied(model: RoutingModel, visit: int) -> Any:
    """From a visit's start to its end, by whoever does it."""
    setup_s = int(model.problem.visits.setup_s[visit])
    durations = model.durations[visit].tolist()
    if len(set(durations)) == 1:
        return setup_s + durations[0]
    by_vehicle = [0, *durations]
    return model.solver.Element(by_vehicle, model.vehicle(visit) + 1) + setup_s

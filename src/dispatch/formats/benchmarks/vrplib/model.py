"""A routing instance, and routes for it, as the set's files hold them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

Kind: TypeAlias = Literal["vrptw", "sdvrptw", "pcvrptw", "mdvrptw"]
IntArray: TypeAlias = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Convention:
    """How a kind turns coordinates into whole numbers, and in which unit its cost is given."""

    scale: int
    """Whole numbers are the file's times this."""
    truncates: bool
    """Distances are cut to a whole number; otherwise rounded."""
    cost_scale: int
    """The published cost is the whole-number cost divided by this."""


CONVENTIONS: dict[Kind, Convention] = {
    # One decimal, cut, as in the 12th DIMACS challenge; only VRPTW publishes the decimal point.
    "vrptw": Convention(scale=10, truncates=True, cost_scale=10),
    "pcvrptw": Convention(scale=10, truncates=True, cost_scale=1),
    "sdvrptw": Convention(scale=1000, truncates=False, cost_scale=1),
    "mdvrptw": Convention(scale=1000, truncates=False, cost_scale=1),
}


@dataclass(frozen=True, slots=True, eq=False)
class RoutingCase:
    """Everything that one instance file says, in whole numbers of its convention.

    Nodes are numbered from 0, depots first. Travel time equals distance.
    """

    kind: Kind
    depots: int
    """How many of the nodes are depots."""
    distance: IntArray
    """(nodes, nodes)"""
    demand: IntArray
    """(nodes,)"""
    service: IntArray
    """(nodes,)"""
    earliest: IntArray
    """(nodes,): opening of a depot, earliest start at a customer."""
    latest: IntArray
    """(nodes,): closing of a depot, latest start at a customer."""
    capacity: IntArray
    """(vehicles,)"""
    vehicle_depot: IntArray
    """(vehicles,): node where the vehicle starts and ends."""
    allowed: npt.NDArray[np.bool_]
    """(vehicles, nodes): whether the vehicle may serve the customer."""
    max_duration: int | None
    """From leaving the depot to being back, waiting included; the start is free."""
    prize: IntArray | None
    """(nodes,): what leaving a customer out costs; None where all must be served."""

    @property
    def convention(self) -> Convention:
        """Scale and rounding of this kind."""
        return CONVENTIONS[self.kind]

    @property
    def customers(self) -> range:
        """The nodes that are customers."""
        return range(self.depots, len(self.demand))


@dataclass(frozen=True, slots=True)
class VehicleRoutes:
    """A solution: the nodes that each vehicle visits, in order, without its depot.

    Route ``v`` is driven by vehicle ``v``; routes may be empty, and trailing ones left out.
    """

    routes: tuple[tuple[int, ...], ...]
    stated_cost: float | None = None
    """What the file says it costs."""

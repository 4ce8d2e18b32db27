"""What is to be solved, as arrays that check themselves.

Times are int seconds from the start of the horizon, distances int metres, prices int *cost
units*: ``COST_SCALE`` of them are one minor unit of money, so that a price per hour or per
kilometre is a whole number of cost units per second or per metre and every sum is exact.

The terms are those of vehicle routing. A *vehicle* is one shift of one technician (its *owner*);
a *visit* is one technician's part of a job; a *group* is all visits of one job: they are served
all or none, each by another owner. *Links* tie the times of two visits. *Breaks* are activities
of a vehicle. An index counts from 0 in the order given.

How a route is timed
--------------------
A route is a sequence of visits and of all breaks of its vehicle. Everything starts as early as it
can (the least fixed point, where links tie routes together):

- travel to a visit starts when the activity before has ended; at an open start there is none;
- a visit starts at the first moment of its hard windows that is not before it is reached, nor
  before what its links demand; it occupies its set-up time, unless the visit before was at the
  same place, and its duration on this vehicle;
- a break before the first visit is taken at the start place before leaving; between two visits
  it starts as early as possible and may interrupt the way; it begins from ``earliest_s`` to
  ``latest_s``; one after the last visit is not owed if the route is over by ``earliest_s``;
- the vehicle leaves as late as its first visit's start allows, but not before ``earliest_s``;
- where ``max_duration_s`` limits a vehicle, its visits move as late as the earliest finish
  allows (their links hold them), which makes the route as short as it can be.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from dispatch.errors import Finding, InvalidInput, Place
from dispatch.solver.arrays import HIGHEST_PRICE, NEVER, Bools, Ints, Refused, booleans, integers

COST_SCALE = 18_000
"""Cost units in a minor unit: 3,600 s/h times 5, since a metre is 3.6/3,600 km/h."""
OPEN = -1
"""A start or end place that is wherever the first or last visit is."""
FASTEST_M_PER_S = 200 / 3.6
"""No vehicle is faster; a matrix that says so is wrong."""
MOST_PLACES = 20_000
MOST_VISITS = 20_000
MOST_VEHICLES = 5_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ragged:
    """A list of intervals for each visit: those of visit i are ``offset[i]`` to ``offset[i+1]``."""

    offset: Ints
    """(visits + 1,)"""
    start_s: Ints
    """(intervals,) ascending within a visit"""
    end_s: Ints
    """(intervals,) included; before the next interval's start"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Vehicles:
    """Shifts."""

    owner: Ints
    """(vehicles,) whose shift it is"""
    profile: Ints
    """(vehicles,) which travel matrix"""
    start_place: Ints
    """(vehicles,) or OPEN"""
    end_place: Ints
    """(vehicles,) or OPEN"""
    earliest_s: Ints
    """(vehicles,)"""
    end_s: Ints
    """(vehicles,) overtime counts from here"""
    latest_s: Ints
    """(vehicles,) the route must be over"""
    max_duration_s: Ints
    """(vehicles,) from leaving to being back, or NEVER"""
    max_travel_s: Ints
    """(vehicles,) or NEVER"""
    max_visits: Ints
    """(vehicles,) or NEVER"""
    capacity: Ints
    """(vehicles, dimensions)"""
    use_price: Ints
    """(vehicles,) if it has any visit"""
    travel_price: Ints
    """(vehicles,) per second of travel"""
    distance_price: Ints
    """(vehicles,) per metre"""
    time_price: Ints
    """(vehicles,) per second from leaving to being back"""
    overtime_price: Ints
    """(vehicles,) per second past end_s"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Visits:
    """Single technicians' parts of jobs."""

    place: Ints
    """(visits,)"""
    group: Ints
    """(visits,) ascending; visits of one group are neighbours"""
    setup_s: Ints
    """(visits,)"""
    duration_s: Ints
    """(visits, vehicles)"""
    allowed: Bools
    """(visits, vehicles)"""
    assign_price: Ints
    """(visits, vehicles) preferences, over-qualification, territory, fee"""
    load: Ints
    """(visits, dimensions)"""
    windows: Ragged
    """hard; at least one for each visit"""
    preferred: Ragged
    """none means no preference"""
    preferred_price: Ints
    """(visits,) per second from the start to the nearest preferred window"""
    due_s: Ints
    """(visits,) when it should have ended, or NEVER"""
    lateness_price: Ints
    """(visits,) per second past due_s"""
    rank: Ints
    """(visits,) visits of one route that have one keep ascending order; -1 has none"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Links:
    """``after`` starts ``min_delay_s`` to ``max_delay_s`` after ``before`` starts, or ends.

    ``after`` can only be served if ``before`` is.
    """

    before: Ints
    """(links,) a visit"""
    after: Ints
    """(links,) another visit"""
    from_end: Bools
    """(links,) counted from the end of before, not from its start"""
    min_delay_s: Ints
    """(links,)"""
    max_delay_s: Ints
    """(links,) or NEVER"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Breaks:
    """Breaks of vehicles, by vehicle and then by earliest start."""

    vehicle: Ints
    """(breaks,) ascending"""
    earliest_s: Ints
    """(breaks,)"""
    latest_s: Ints
    """(breaks,) of its start"""
    duration_s: Ints
    """(breaks,)"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Problem:
    """All of it. Anything that numpy reads as numbers is taken, copied and checked.

    Raises
    ------
    InvalidInput
        Every field that is not what it says, by JSON pointer.
    """

    travel_s: Ints
    """(profiles, places, places)"""
    distance_m: Ints
    """(profiles, places, places)"""
    vehicles: Vehicles
    visits: Visits
    unserved_price: Ints
    """(groups,) leaving the group out"""
    links: Links
    breaks: Breaks
    worst_lateness_price: int = 0
    """Per second of the largest lateness of any visit."""

    def __post_init__(self) -> None:
        findings: list[Finding] = []
        try:
            sizes = self._sizes()
        except Refused as refused:
            raise InvalidInput([refused.finding]) from None
        for part, shapes in _FIELDS(sizes).items():
            holder = getattr(self, part) if part else self
            for name, read in shapes.items():
                label = f"{part}/{name}" if part else name
                try:
                    object.__setattr__(holder, name, read(label, getattr(holder, name)))
                except Refused as refused:
                    findings.append(refused.finding)
        if not findings:
            findings += self._contradictions()
        if findings:
            raise InvalidInput(findings)

    @property
    def places(self) -> int:
        """How many places there are."""
        return self.travel_s.shape[1]

    @property
    def vehicle_count(self) -> int:
        """How many vehicles there are."""
        return len(self.vehicles.owner)

    @property
    def visit_count(self) -> int:
        """How many visits there are."""
        return len(self.visits.place)

    @property
    def group_count(self) -> int:
        """How many groups there are."""
        return len(self.unserved_price)

    @property
    def break_count(self) -> int:
        """How many breaks there are."""
        return len(self.breaks.vehicle)

    def _sizes(self) -> _Sizes:
        shape = np.shape(_measurable("travel_s", self.travel_s))
        if len(shape) != 3 or shape[1] != shape[2]:
            raise Refused("not-square", "travel_s", found=str(shape))
        sizes = _Sizes(
            profiles=shape[0],
            places=shape[1],
            vehicles=_length("vehicles/owner", self.vehicles.owner),
            visits=_length("visits/place", self.visits.place),
            groups=_length("unserved_price", self.unserved_price),
            links=_length("links/before", self.links.before),
            breaks=_length("breaks/vehicle", self.breaks.vehicle),
            windows=_length("visits/windows/start_s", self.visits.windows.start_s),
            preferred=_length("visits/preferred/start_s", self.visits.preferred.start_s),
            dimensions=_dimensions(self.vehicles.capacity),
        )
        for field, size, most in (
            ("travel_s", sizes.places, MOST_PLACES),
            ("visits/place", sizes.visits, MOST_VISITS),
            ("vehicles/owner", sizes.vehicles, MOST_VEHICLES),
        ):
            if size > most:
                raise Refused("size", field, found=size, most=most)
        return sizes

    def _contradictions(self) -> list[Finding]:
        return [refused.finding for check in _CONTRADICTIONS for refused in check(self)]


@dataclass(frozen=True, slots=True)
class _Sizes:
    profiles: int
    places: int
    vehicles: int
    visits: int
    groups: int
    links: int
    breaks: int
    windows: int
    preferred: int
    dimensions: int


def _measurable(field: str, values: object) -> Any:
    try:
        return np.asarray(values)
    except (ValueError, OverflowError, TypeError):
        raise Refused("ragged", field) from None


def _length(field: str, values: object) -> int:
    array = _measurable(field, values)
    if array.ndim != 1:
        raise Refused("shape", field, found=str(array.shape), wanted="(n,)")
    return len(array)


def _dimensions(capacity: object) -> int:
    array = _measurable("vehicles/capacity", capacity)
    if array.ndim != 2:
        raise Refused("shape", "vehicles/capacity", found=str(array.shape), wanted="(n, m)")
    return int(array.shape[1])


def _ints(*shape: int, low: int = 0, high: int = NEVER) -> Callable[[str, object], Ints]:
    return lambda field, values: integers(field, values, shape, low, high)


def _bools(*shape: int) -> Callable[[str, object], Bools]:
    return lambda field, values: booleans(field, values, shape)


def _ragged(visits: int, intervals: int) -> Callable[[str, object], Ragged]:
    def read(field: str, values: object) -> Ragged:
        given: dict[str, Any] = {
            entry.name: getattr(values, entry.name, None) for entry in fields(Ragged)
        }
        return Ragged(
            offset=integers(f"{field}/offset", given["offset"], (visits + 1,), 0, intervals),
            start_s=integers(f"{field}/start_s", given["start_s"], (intervals,)),
            end_s=integers(f"{field}/end_s", given["end_s"], (intervals,)),
        )

    return read


def _FIELDS(n: _Sizes) -> dict[str, dict[str, Callable[[str, object], object]]]:
    v, m, p = n.vehicles, n.visits, n.places
    return {
        "": {
            "travel_s": _ints(n.profiles, p, p),
            "distance_m": _ints(n.profiles, p, p),
            "unserved_price": _ints(n.groups, high=HIGHEST_PRICE),
        },
        "vehicles": {
            "owner": _ints(v),
            "profile": _ints(v, high=n.profiles - 1),
            "start_place": _ints(v, low=OPEN, high=p - 1),
            "end_place": _ints(v, low=OPEN, high=p - 1),
            "capacity": _ints(v, n.dimensions),
            **{
                name: _ints(v)
                for name in (
                    *("earliest_s", "end_s", "latest_s"),
                    *("max_duration_s", "max_travel_s", "max_visits"),
                )
            },
            **{
                name: _ints(v, high=HIGHEST_PRICE)
                for name in (
                    *("use_price", "travel_price", "distance_price"),
                    *("time_price", "overtime_price"),
                )
            },
        },
        "visits": {
            "place": _ints(m, high=p - 1),
            "group": _ints(m, high=n.groups - 1),
            "setup_s": _ints(m),
            "duration_s": _ints(m, v),
            "allowed": _bools(m, v),
            "assign_price": _ints(m, v, high=HIGHEST_PRICE),
            "load": _ints(m, n.dimensions),
            "windows": _ragged(m, n.windows),
            "preferred": _ragged(m, n.preferred),
            "preferred_price": _ints(m, high=HIGHEST_PRICE),
            "due_s": _ints(m),
            "lateness_price": _ints(m, high=HIGHEST_PRICE),
            "rank": _ints(m, low=-1),
        },
        "links": {
            "before": _ints(n.links, high=m - 1),
            "after": _ints(n.links, high=m - 1),
            "from_end": _bools(n.links),
            "min_delay_s": _ints(n.links),
            "max_delay_s": _ints(n.links),
        },
        "breaks": {
            "vehicle": _ints(n.breaks, high=v - 1),
            "earliest_s": _ints(n.breaks),
            "latest_s": _ints(n.breaks),
            "duration_s": _ints(n.breaks),
        },
    }


def _diagonal(problem: Problem) -> list[Refused]:
    return [
        Refused("diagonal", name)
        for name in ("travel_s", "distance_m")
        if np.diagonal(getattr(problem, name), axis1=1, axis2=2).any()
    ]


def _speed(problem: Problem) -> list[Refused]:
    seconds = problem.travel_s.astype(np.float64)
    # Rounding to whole seconds may make a short way look fast: allow it the second it lost.
    fast = problem.distance_m > FASTEST_M_PER_S * (seconds + 1)
    if not fast.any():
        return []
    at = tuple(int(axis[0]) for axis in np.nonzero(fast))
    return [
        Refused(
            "speed",
            "travel_s",
            at=str(at),
            metres=int(problem.distance_m[at]),
            seconds=int(problem.travel_s[at]),
        )
    ]


def _order(problem: Problem) -> list[Refused]:
    vehicles, breaks, links = problem.vehicles, problem.breaks, problem.links
    pairs = (
        ("vehicles/end_s", vehicles.earliest_s, vehicles.end_s),
        ("vehicles/latest_s", vehicles.end_s, vehicles.latest_s),
        ("breaks/latest_s", breaks.earliest_s, breaks.latest_s),
        ("links/max_delay_s", links.min_delay_s, links.max_delay_s),
        ("visits/windows/end_s", problem.visits.windows.start_s, problem.visits.windows.end_s),
        (
            "visits/preferred/end_s",
            problem.visits.preferred.start_s,
            problem.visits.preferred.end_s,
        ),
    )
    return [
        Refused("reversed", field, at=int(np.nonzero(low > high)[0][0]))
        for field, low, high in pairs
        if (low > high).any()
    ]


def _ragged_order(problem: Problem) -> list[Refused]:
    found = []
    for name, least in (("windows", 1), ("preferred", 0)):
        ragged: Ragged = getattr(problem.visits, name)
        field = f"visits/{name}/offset"
        counts = np.diff(ragged.offset)
        ends = ragged.offset[[0, -1]].tolist()
        if (counts < least).any() or ends != [0, len(ragged.start_s)]:
            found.append(Refused("offsets", field, least=least))
            continue
        same_visit = np.ones(max(len(ragged.start_s) - 1, 0), dtype=np.bool_)
        firsts = ragged.offset[1:-1]
        same_visit[firsts[(firsts > 0) & (firsts < len(ragged.start_s))] - 1] = False
        if (same_visit & (ragged.end_s[:-1] >= ragged.start_s[1:])).any():
            found.append(Refused("overlap", field))
    return found


def _grouping(problem: Problem) -> list[Refused]:
    group = problem.visits.group
    steps = np.diff(group, prepend=-1, append=problem.group_count)
    if ((steps < 0) | (steps > 1)).any() or (len(group) and steps[-1] != 1):
        return [Refused("grouping", "visits/group")]
    return []


def _sorted_breaks(problem: Problem) -> list[Refused]:
    keys = np.lexsort((problem.breaks.earliest_s, problem.breaks.vehicle))
    return [] if (np.diff(keys) == 1).all() else [Refused("unsorted", "breaks/vehicle")]


def _self_links(problem: Problem) -> list[Refused]:
    same = problem.links.before == problem.links.after
    return [Refused("self-link", "links/after", at=int(np.argmax(same)))] if same.any() else []


def _worst_price(problem: Problem) -> list[Refused]:
    price = problem.worst_lateness_price
    if isinstance(price, int) and 0 <= price <= HIGHEST_PRICE:
        return []
    return [
        Refused("range", "worst_lateness_price", at="", value=str(price), low=0, high=HIGHEST_PRICE)
    ]


_CONTRADICTIONS = (
    _diagonal,
    _speed,
    _order,
    _ragged_order,
    _grouping,
    _sorted_breaks,
    _self_links,
    _worst_price,
)

__all__ = [
    "COST_SCALE",
    "NEVER",
    "OPEN",
    "Breaks",
    "Links",
    "Place",
    "Problem",
    "Ragged",
    "Vehicles",
    "Visits",
]

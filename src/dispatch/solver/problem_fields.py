"""Which shape and range each field of a problem has, and how it is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from dispatch.errors import Finding
from dispatch.solver.arrays import HIGHEST_PRICE, NEVER, Refused, booleans, integers

if TYPE_CHECKING:
    from dispatch.solver.problem import Problem

OPEN = -1
"""A start or end place that is wherever the first or last visit is."""
NOWHERE = -1
"""Instead of the vehicle on whose route a visit was published."""
MOST_PLACES = 20_000
MOST_VISITS = 20_000
MOST_VEHICLES = 5_000

_Read: TypeAlias = Callable[[str, object], object]


def read_fields(problem: Problem) -> list[Finding]:
    """Replace every field by a read-only array of its shape; what could not be, as findings."""
    findings: list[Finding] = []
    sizes = _sizes(problem, findings)
    if findings:
        return findings
    for part, shapes in _shapes(sizes).items():
        holder = _part(problem, part)
        for name, read in shapes.items():
            try:
                array = read(f"{part}/{name}" if part else name, getattr(holder, name))
            except Refused as refused:
                findings.append(refused.finding)
            else:
                object.__setattr__(holder, name, array)
    return findings


@dataclass(frozen=True, slots=True)
class _Sizes:
    profiles: int
    places: int
    vehicles: int
    visits: int
    groups: int
    links: int
    breaks: int
    published: int
    windows: int
    preferred: int
    dimensions: int


def _sizes(problem: Problem, findings: list[Finding]) -> _Sizes:
    """How many there are of everything, each told by one field that every problem has."""

    def shape(field: str, *wanted: str) -> tuple[int, ...]:
        try:
            found = _shape(field, _field(problem, field))
            if len(found) != len(wanted):
                raise Refused("shape", field, found=str(found), wanted=f"({', '.join(wanted)})")
        except Refused as refused:
            findings.append(refused.finding)
            return (0,) * len(wanted)
        return found

    profiles, places, columns = shape("travel_s", "profiles", "places", "places")
    (vehicles,) = shape("vehicles/owner", "vehicles")
    (visits,) = shape("visits/place", "visits")
    sizes = _Sizes(
        profiles=profiles,
        places=places,
        vehicles=vehicles,
        visits=visits,
        groups=shape("unserved_price", "groups")[0],
        links=shape("links/before", "links")[0],
        breaks=shape("breaks/vehicle", "breaks")[0],
        published=shape("published/visit", "published")[0],
        windows=shape("visits/windows/start_s", "intervals")[0],
        preferred=shape("visits/preferred/start_s", "intervals")[0],
        dimensions=shape("vehicles/capacity", "vehicles", "dimensions")[1],
    )
    findings += [refused.finding for refused in _wrong_sizes(sizes, columns)]
    return sizes


def _wrong_sizes(sizes: _Sizes, columns: int) -> Iterator[Refused]:
    if sizes.places != columns:
        yield Refused("not-square", "travel_s", found=str((sizes.profiles, sizes.places, columns)))
    for field, size, most in (
        ("travel_s", sizes.places, MOST_PLACES),
        ("visits/place", sizes.visits, MOST_VISITS),
        ("vehicles/owner", sizes.vehicles, MOST_VEHICLES),
    ):
        if size > most:
            yield Refused("size", field, found=size, most=most)


def _field(problem: Problem, path: str) -> object:
    part, _, name = path.rpartition("/")
    return getattr(_part(problem, part), name)


def _part(problem: Problem, path: str) -> Any:
    holder: Any = problem
    for name in filter(None, path.split("/")):
        holder = getattr(holder, name)
    return holder


def _shape(field: str, values: object) -> tuple[int, ...]:
    try:
        return np.shape(np.asarray(values))
    except (ValueError, OverflowError, TypeError):
        raise Refused("ragged", field) from None


def _ints(*shape: int, low: int = 0, high: int = NEVER) -> _Read:
    return lambda field, values: integers(field, values, shape, low, high)


def _prices(*shape: int) -> _Read:
    return _ints(*shape, high=HIGHEST_PRICE)


def _price(field: str, value: object) -> int:
    return int(integers(field, value, (), high=HIGHEST_PRICE))


def _bools(*shape: int) -> _Read:
    return lambda field, values: booleans(field, values, shape)


def _ragged(visits: int, intervals: int) -> dict[str, _Read]:
    return {
        "offset": _ints(visits + 1, high=intervals),
        "start_s": _ints(intervals),
        "end_s": _ints(intervals),
    }


def _shapes(n: _Sizes) -> dict[str, dict[str, _Read]]:
    """How each field of each part is read."""
    v, m, p = n.vehicles, n.visits, n.places
    return {
        "": {
            "travel_s": _ints(n.profiles, p, p),
            "distance_m": _ints(n.profiles, p, p),
            "unserved_price": _prices(n.groups),
            "worst_lateness_price": _price,
        },
        "vehicles": {
            "owner": _ints(v),
            "profile": _ints(v, high=n.profiles - 1),
            "start_place": _ints(v, low=OPEN, high=p - 1),
            "end_place": _ints(v, low=OPEN, high=p - 1),
            "earliest_s": _ints(v),
            "end_s": _ints(v),
            "latest_s": _ints(v),
            "max_duration_s": _ints(v),
            "max_travel_s": _ints(v),
            "max_visits": _ints(v),
            "capacity": _ints(v, n.dimensions),
            "use_price": _prices(v),
            "travel_price": _prices(v),
            "distance_price": _prices(v),
            "time_price": _prices(v),
            "overtime_price": _prices(v),
        },
        "visits": {
            "place": _ints(m, high=p - 1),
            "group": _ints(m, high=n.groups - 1),
            "setup_s": _ints(m),
            "duration_s": _ints(m, v),
            "allowed": _bools(m, v),
            "assign_price": _prices(m, v),
            "load": _ints(m, n.dimensions),
            "preferred_price": _prices(m),
            "due_s": _ints(m),
            "lateness_price": _prices(m),
            "rank": _ints(m, low=-1),
        },
        "visits/windows": _ragged(m, n.windows),
        "visits/preferred": _ragged(m, n.preferred),
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
        "published": {
            "visit": _ints(n.published, high=m - 1),
            "promised_start_s": _ints(n.published),
            "promised_end_s": _ints(n.published),
            "moved_price": _prices(n.published),
            "moved_second_price": _prices(n.published),
            "vehicle": _ints(n.published, low=NOWHERE, high=v - 1),
            "rank": _ints(n.published),
            "order_price": _prices(n.published),
        },
    }

"""Which shape and range each field of a problem has, and how it is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from dispatch.errors import Finding
from dispatch.solver.arrays import (
    HIGHEST_PRICE,
    LONGEST,
    NEVER,
    Refused,
    booleans,
    integers,
)

if TYPE_CHECKING:
    from dispatch.solver.problem import Problem

OPEN = -1
"""A start or end place that is wherever the first or last visit is."""
NOWHERE = -1
"""Instead of the vehicle on whose route a visit was published."""
SLOWEST, FASTEST = 1, 1_000
"""Percent of the usual speed."""
MOST_PLACES = 20_000
MOST_VISITS = 20_000
MOST_VEHICLES = 5_000


class Axis(StrEnum):
    """What an array runs along, and what its entries may number."""

    PROFILES = "profiles"
    PLACES = "places"
    VEHICLES = "vehicles"
    VISITS = "visits"
    GROUPS = "groups"
    LINKS = "links"
    BREAKS = "breaks"
    PUBLISHED = "published"
    SPEEDS = "speeds"
    WINDOWS = "windows"
    PREFERRED = "preferred"
    DIMENSIONS = "dimensions"


@dataclass(frozen=True, slots=True)
class Field:
    """What a field of a problem holds."""

    axes: tuple[Axis, ...] = ()
    """What it runs along; nothing for a single number."""
    low: int = 0
    high: int = NEVER
    kind: type[np.int64 | np.int32 | np.bool_] = np.int64
    numbers: Axis | None = None
    """Its entries are indices along this axis, or below 0 where they are none."""
    fence: bool = False
    """One entry more than its axis: what belongs to i lies from entry i to entry i + 1."""


def _index(*axes: Axis, of: Axis, low: int = 0) -> Field:
    return Field(axes, low=low, numbers=of)


def _prices(*axes: Axis) -> Field:
    return Field(axes, high=HIGHEST_PRICE)


def _long(*axes: Axis) -> Field:
    """Of which there are so many that each entry has to be small."""
    return Field(axes, high=LONGEST, kind=np.int32)


def _ragged(axis: Axis) -> dict[str, Field]:
    return {
        "offset": Field((Axis.VISITS,), numbers=axis, fence=True),
        "start_s": Field((axis,)),
        "end_s": Field((axis,)),
    }


_VEHICLE, _VISIT, _LINK, _BREAK = Axis.VEHICLES, Axis.VISITS, Axis.LINKS, Axis.BREAKS
_PROMISE = Axis.PUBLISHED

FIELDS: Mapping[str, Mapping[str, Field]] = {
    "": {
        "travel_s": _long(Axis.PROFILES, Axis.PLACES, Axis.PLACES),
        "distance_m": _long(Axis.PROFILES, Axis.PLACES, Axis.PLACES),
        "unserved_price": _prices(Axis.GROUPS),
        "worst_lateness_price": _prices(),
    },
    "vehicles": {
        "owner": Field((_VEHICLE,)),
        "profile": _index(_VEHICLE, of=Axis.PROFILES),
        "start_place": _index(_VEHICLE, of=Axis.PLACES, low=OPEN),
        "end_place": _index(_VEHICLE, of=Axis.PLACES, low=OPEN),
        "earliest_s": Field((_VEHICLE,)),
        "end_s": Field((_VEHICLE,)),
        "latest_s": Field((_VEHICLE,)),
        "max_duration_s": Field((_VEHICLE,)),
        "max_travel_s": Field((_VEHICLE,)),
        "max_visits": Field((_VEHICLE,)),
        "capacity": Field((_VEHICLE, Axis.DIMENSIONS)),
        "use_price": _prices(_VEHICLE),
        "travel_price": _prices(_VEHICLE),
        "distance_price": _prices(_VEHICLE),
        "time_price": _prices(_VEHICLE),
        "overtime_price": _prices(_VEHICLE),
        "fair_share_s": Field((_VEHICLE,)),
        "unfairness_price": _prices(_VEHICLE),
    },
    "visits": {
        "place": _index(_VISIT, of=Axis.PLACES),
        "group": _index(_VISIT, of=Axis.GROUPS),
        "setup_s": Field((_VISIT,)),
        "duration_s": _long(_VISIT, _VEHICLE),
        "allowed": Field((_VISIT, _VEHICLE), kind=np.bool_),
        "assign_price": _prices(_VISIT, _VEHICLE),
        "load": Field((_VISIT, Axis.DIMENSIONS)),
        "preferred_price": _prices(_VISIT),
        "due_s": Field((_VISIT,)),
        "lateness_price": _prices(_VISIT),
        "rank": Field((_VISIT,), low=-1),
    },
    "visits/windows": _ragged(Axis.WINDOWS),
    "visits/preferred": _ragged(Axis.PREFERRED),
    "links": {
        "before": _index(_LINK, of=_VISIT),
        "after": _index(_LINK, of=_VISIT),
        "from_end": Field((_LINK,), kind=np.bool_),
        "min_delay_s": Field((_LINK,)),
        "max_delay_s": Field((_LINK,)),
    },
    "breaks": {
        "vehicle": _index(_BREAK, of=_VEHICLE),
        "earliest_s": Field((_BREAK,)),
        "latest_s": Field((_BREAK,)),
        "duration_s": Field((_BREAK,)),
    },
    "published": {
        "visit": _index(_PROMISE, of=_VISIT),
        "promised_start_s": Field((_PROMISE,)),
        "promised_end_s": Field((_PROMISE,)),
        "moved_price": _prices(_PROMISE),
        "moved_second_price": _prices(_PROMISE),
        "vehicle": _index(_PROMISE, of=_VEHICLE, low=NOWHERE),
        "rank": Field((_PROMISE,)),
        "order_price": _prices(_PROMISE),
    },
    "speeds": {
        "profile": _index(Axis.SPEEDS, of=Axis.PROFILES),
        "from_s": Field((Axis.SPEEDS,)),
        "percent": Field((Axis.SPEEDS,), low=SLOWEST, high=FASTEST),
    },
}
"""By part of a problem and by name."""

Sizes: TypeAlias = Mapping[Axis, int]
"""How many there are of everything."""


def read_fields(problem: Problem) -> list[Finding]:
    """Replace every field by a read-only array of its shape; what could not be, as findings."""
    findings: list[Finding] = []
    sizes = _sizes(problem, findings)
    if findings:
        return findings
    for part, fields in FIELDS.items():
        holder = part_of(problem, part)
        for name, field in fields.items():
            try:
                path = f"{part}/{name}" if part else name
                array = _read(path, getattr(holder, name), field, sizes)
            except Refused as refused:
                findings.append(refused.finding)
            else:
                object.__setattr__(holder, name, array)
    return findings


def part_of(problem: Problem, path: str) -> Any:
    """The part of a problem that a path names; the problem itself for none."""
    holder: Any = problem
    for name in filter(None, path.split("/")):
        holder = getattr(holder, name)
    return holder


def _read(path: str, value: object, field: Field, sizes: Sizes) -> object:
    shape = tuple(sizes[axis] + field.fence for axis in field.axes)
    if field.kind is np.bool_:
        return booleans(path, value, shape)
    high = field.high
    if field.numbers is not None:
        high = sizes[field.numbers] - (not field.fence)
    array = integers(path, value, shape, field.low, high, kind=field.kind)
    return array if field.axes else int(array)


def _sizes(problem: Problem, findings: list[Finding]) -> Sizes:
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
    sizes = {
        Axis.PROFILES: profiles,
        Axis.PLACES: places,
        Axis.VEHICLES: shape("vehicles/owner", "vehicles")[0],
        Axis.VISITS: shape("visits/place", "visits")[0],
        Axis.GROUPS: shape("unserved_price", "groups")[0],
        Axis.LINKS: shape("links/before", "links")[0],
        Axis.BREAKS: shape("breaks/vehicle", "breaks")[0],
        Axis.PUBLISHED: shape("published/visit", "published")[0],
        Axis.SPEEDS: shape("speeds/profile", "speeds")[0],
        Axis.WINDOWS: shape("visits/windows/start_s", "intervals")[0],
        Axis.PREFERRED: shape("visits/preferred/start_s", "intervals")[0],
        Axis.DIMENSIONS: shape("vehicles/capacity", "vehicles", "dimensions")[1],
    }
    findings += [refused.finding for refused in _wrong_sizes(sizes, columns)]
    return sizes


def _wrong_sizes(sizes: Sizes, columns: int) -> Iterator[Refused]:
    places = sizes[Axis.PLACES]
    if places != columns:
        found = (sizes[Axis.PROFILES], places, columns)
        yield Refused("not-square", "travel_s", found=str(found))
    for field, size, most in (
        ("travel_s", places, MOST_PLACES),
        ("visits/place", sizes[Axis.VISITS], MOST_VISITS),
        ("vehicles/owner", sizes[Axis.VEHICLES], MOST_VEHICLES),
    ):
        if size > most:
            yield Refused("size", field, found=size, most=most)


def _field(problem: Problem, path: str) -> object:
    part, _, name = path.rpartition("/")
    return getattr(part_of(problem, part), name)


def _shape(field: str, values: object) -> tuple[int, ...]:
    try:
        return np.shape(np.asarray(values))
    except (ValueError, OverflowError, TypeError):
        raise Refused("ragged", field) from None

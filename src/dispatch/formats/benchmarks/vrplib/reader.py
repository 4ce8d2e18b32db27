"""Reads a VRPLIB instance of the four kinds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from dispatch.formats.benchmarks.vrplib.lines import VrplibLines, read_lines
from dispatch.formats.benchmarks.vrplib.model import (
    CONVENTIONS,
    Convention,
    IntArray,
    Kind,
    RoutingCase,
)

MOST_NODES = 5_000
"""A distance matrix of this size holds 200 MB."""
MOST_VEHICLES = 5_000


def read_instance(path: Path) -> RoutingCase:
    """Read an instance.

    Raises
    ------
    InvalidInput
        The file is not an instance of a kind that is known; every problem is listed.
    """
    lines = read_lines(path)
    kind = _kind(lines)
    lines.refuse_if_wrong()
    return _case(lines, kind)


def _kind(lines: VrplibLines) -> Kind:
    line, text = lines.headers.get("TYPE", (1, ""))
    for kind in CONVENTIONS:
        if kind == text.lower():
            return kind
    lines.wrong("bench.vrplib.kind", line, kind=text[:40], known=", ".join(CONVENTIONS).upper())
    return "vrptw"


def _case(lines: VrplibLines, kind: Kind) -> RoutingCase:
    convention = CONVENTIONS[kind]
    nodes = _count(lines, "DIMENSION", most=MOST_NODES)
    vehicles = _count(lines, "VEHICLES", most=MOST_VEHICLES)
    lines.refuse_if_wrong()
    depots = _depots(lines, nodes)
    windows = _scaled(lines.column("TIME_WINDOW_SECTION", nodes, width=2), convention)
    for node in np.flatnonzero(windows[:, 0] > windows[:, 1]):
        lines.wrong("bench.vrplib.window.reversed", node=int(node) + 1)
    longest = lines.header("VEHICLES_MAX_DURATION")
    case = RoutingCase(
        kind=kind,
        depots=depots,
        distance=_distance(np.array(lines.column("NODE_COORD_SECTION", nodes, 2)), convention),
        demand=_whole(lines, "DEMAND_SECTION", nodes),
        service=_service(lines, nodes, depots, convention),
        earliest=windows[:, 0],
        latest=windows[:, 1],
        capacity=_capacity(lines, vehicles),
        vehicle_depot=_vehicle_depot(lines, vehicles, depots),
        allowed=_allowed(lines, vehicles, nodes),
        max_duration=None if longest is None else round(longest * convention.scale),
        prize=_prize(lines, nodes, convention) if kind == "pcvrptw" else None,
    )
    lines.refuse_if_wrong()
    return case


def _count(lines: VrplibLines, name: str, most: int) -> int:
    if name not in lines.headers:
        lines.wrong("bench.vrplib.header.missing", name=name)
        return 1
    line, text = lines.headers[name]
    return lines.index(text, line, most)


def _depots(lines: VrplibLines, nodes: int) -> int:
    """How many depots; they stand first. A file without the section has one."""
    rows = [row for row in lines.sections.get("DEPOT_SECTION", []) if row[1] != ["-1"]]
    if not rows:
        return 1
    found = [lines.index(words[0], line, nodes) for line, words in rows]
    if found != list(range(1, len(found) + 1)):
        lines.wrong("bench.vrplib.depots", rows[0][0])
    return len(found)


def _distance(points: npt.NDArray[np.float64], convention: Convention) -> IntArray:
    """Euclidean, (nodes, nodes), in whole numbers of the convention.

    The scale goes under the root, where whole coordinates keep the sum exact, so that cutting
    never loses a distance that is a whole number.
    """
    apart = points[:, None, :] - points[None, :, :]
    scaled = np.sqrt((apart**2).sum(axis=-1) * convention.scale**2)
    whole: IntArray = (np.floor if convention.truncates else np.rint)(scaled).astype(np.int64)
    return whole


def _scaled(values: list[list[float]], convention: Convention) -> IntArray:
    whole: IntArray = np.rint(np.array(values) * convention.scale).astype(np.int64)
    return whole


def _whole(lines: VrplibLines, section: str, count: int) -> IntArray:
    """One whole number of 0 or more for each row."""
    values = np.array(lines.column(section, count))[:, 0]
    for row in np.flatnonzero((values < 0) | (values % 1 != 0)):
        lines.wrong("bench.vrplib.whole", name=section, index=int(row) + 1)
    return values.astype(np.int64)


def _service(lines: VrplibLines, nodes: int, depots: int, convention: Convention) -> IntArray:
    if "SERVICE_TIME_SECTION" in lines.sections:
        service = _scaled(lines.column("SERVICE_TIME_SECTION", nodes), convention)[:, 0]
    else:
        each = lines.header("SERVICE_TIME")
        if each is None:
            lines.wrong("bench.vrplib.header.missing", name="SERVICE_TIME")
        service = np.full(nodes, round((each or 0.0) * convention.scale), dtype=np.int64)
        service[:depots] = 0
    for node in np.flatnonzero(service < 0):
        lines.wrong("bench.vrplib.whole", name="SERVICE_TIME", index=int(node) + 1)
    return service


def _prize(lines: VrplibLines, nodes: int, convention: Convention) -> IntArray:
    prize = _scaled(lines.column("PRIZE_SECTION", nodes), convention)[:, 0]
    for node in np.flatnonzero(prize < 0):
        lines.wrong("bench.vrplib.whole", name="PRIZE_SECTION", index=int(node) + 1)
    return prize


def _capacity(lines: VrplibLines, vehicles: int) -> IntArray:
    if "CAPACITY_SECTION" in lines.sections:
        return _whole(lines, "CAPACITY_SECTION", vehicles)
    each = lines.header("CAPACITY")
    if each is None:
        lines.wrong("bench.vrplib.header.missing", name="CAPACITY")
    return np.full(vehicles, int(each or 0), dtype=np.int64)


def _vehicle_depot(lines: VrplibLines, vehicles: int, depots: int) -> IntArray:
    if "VEHICLES_DEPOT_SECTION" not in lines.sections:
        return np.zeros(vehicles, dtype=np.int64)
    found = _whole(lines, "VEHICLES_DEPOT_SECTION", vehicles) - 1
    for vehicle in np.flatnonzero((found < 0) | (found >= depots)):
        lines.wrong("bench.vrplib.vehicle.depot", vehicle=int(vehicle) + 1, depots=depots)
    return found


def _allowed(lines: VrplibLines, vehicles: int, nodes: int) -> npt.NDArray[np.bool_]:
    """(vehicles, nodes); everything is allowed where the file says nothing."""
    rows = lines.sections.get("VEHICLES_ALLOWED_CLIENTS_SECTION")
    if rows is None:
        return np.ones((vehicles, nodes), dtype=np.bool_)
    allowed = np.zeros((vehicles, nodes), dtype=np.bool_)
    for line, (first, *others) in rows:
        vehicle = lines.index(first, line, vehicles) - 1
        allowed[vehicle, [lines.index(word, line, nodes) - 1 for word in others]] = True
    return allowed

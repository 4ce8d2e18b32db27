"""Reads and writes ``.sol`` files: one line for each vehicle, then the cost."""

from __future__ import annotations

import re
from pathlib import Path

from dispatch.errors import Finding, InvalidInput, Place, Value
from dispatch.formats.benchmarks.bounded import read_text
from dispatch.formats.benchmarks.vrplib.model import VehicleRoutes

_ROUTE = re.compile(r"Route\s*#?(?P<number>\d{1,6})\s*:(?P<customers>[\s\d]*)", re.ASCII)
_COST = re.compile(r"Cost\s*:?\s*(?P<cost>\d{1,15}(\.\d{1,6})?)", re.ASCII)
_LARGEST_CUSTOMER = 10**6


def read_solution(path: Path) -> VehicleRoutes:
    """Read ``Route #1: 3 1 2`` lines and ``Cost: 42``.

    Raises
    ------
    InvalidInput
        A line is neither; every such line is listed.
    """
    routes: list[tuple[int, ...]] = []
    cost: float | None = None
    findings: list[Finding] = []
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        text = line.strip()
        if (found := _ROUTE.fullmatch(text)) and int(found["number"]) == len(routes) + 1:
            routes.append(
                tuple(min(int(word[:9]), _LARGEST_CUSTOMER) for word in found["customers"].split())
            )
        elif found := _COST.fullmatch(text):
            cost = float(found["cost"])
        elif text:
            place = Place(file=str(path), row=number)
            values: dict[str, Value] = {"text": text[:40], "route": len(routes) + 1}
            findings.append(Finding("bench.sol.line", place, values))
    if findings:
        raise InvalidInput(findings)
    return VehicleRoutes(tuple(routes), cost)


def write_solution(solution: VehicleRoutes, cost: float, path: Path) -> None:
    """Write routes in vehicle order and the cost in the set's own unit."""
    lines = [
        f"Route #{number}: {' '.join(map(str, route))}".rstrip()
        for number, route in enumerate(solution.routes, start=1)
    ]
    path.write_text("\n".join([*lines, f"Cost: {cost:.10g}"]) + "\n", encoding="utf-8")

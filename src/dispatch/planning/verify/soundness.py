"""Whether the plan is made of moments and numbers at all. What is not cannot be checked further."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from dispatch.domain.checks import EARLIEST_YEAR, LATEST_YEAR
from dispatch.domain.plan import Plan, Route
from dispatch.planning.verify.fault import Fault


def unsound(plan: Plan) -> Iterator[Fault]:
    """Moments without an offset, and numbers that are not whole or below zero."""
    for route in plan.routes:
        for field, moment in _moments(route):
            if not _is_moment(moment):
                yield _at(route, "time.naive", field, moment)
        for field, number in _numbers(route):
            if not _is_count(number):
                yield _at(route, "number.invalid", field, number)
    for kind, minor in plan.costs_minor.items():
        if not _is_count(minor):
            values = {"field": f"costs_minor.{kind}", "found": repr(minor)}
            yield Fault(code="number.invalid", values=values)


def _at(route: Route, code: str, field: str, found: object) -> Fault:
    return Fault(
        code=code,
        technician=route.technician,
        shift=route.shift,
        values={"field": field, "found": repr(found)},
    )


def _is_moment(moment: object) -> bool:
    return (
        isinstance(moment, datetime)
        and moment.utcoffset() is not None
        and EARLIEST_YEAR <= moment.year <= LATEST_YEAR
    )


def _is_count(number: object) -> bool:
    # A bool is an int to Python, NaN is a float: neither counts anything.
    return type(number) is int and number >= 0


def _moments(route: Route) -> Iterator[tuple[str, object]]:
    yield "depart", route.depart
    yield "finish", route.finish
    for visit in route.visits:
        yield f"{visit.job}.arrive", visit.arrive
        yield f"{visit.job}.start", visit.start
        yield f"{visit.job}.end", visit.end
    for number, leg in enumerate(route.legs, 1):
        yield f"leg {number}.depart", leg.depart
        yield f"leg {number}.arrive", leg.arrive
    for number, rest in enumerate(route.breaks, 1):
        yield f"break {number}.start", rest.start
        yield f"break {number}.end", rest.end


def _numbers(route: Route) -> Iterator[tuple[str, object]]:
    yield "overtime_s", route.overtime_s
    for visit in route.visits:
        yield f"{visit.job}.seat", visit.seat
        yield f"{visit.job}.setup_s", visit.setup_s
        yield f"{visit.job}.lateness_s", visit.lateness_s
    for number, leg in enumerate(route.legs, 1):
        yield f"leg {number}.travel_s", leg.travel_s
        yield f"leg {number}.distance_m", leg.distance_m

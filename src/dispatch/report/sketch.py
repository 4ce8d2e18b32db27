"""What every picture of a plan shows: places in flat metres, moments in seconds, colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from dispatch.domain.clock import elapsed_s
from dispatch.domain.day import Day
from dispatch.domain.plan import Plan, Route
from dispatch.domain.position import Position
from dispatch.domain.shift import Anchor, AnchorKind, Shift
from dispatch.domain.technician import Technician
from dispatch.report.lines import Frame, Line, frame_around, joined, simplified, surroundings
from dispatch.report.palette import spread
from dispatch.report.phases import Phase, phases
from dispatch.report.projection import Projection, centred
from dispatch.report.streets import Street, StreetWeight, street_lines

RouteKey: TypeAlias = tuple[str, str]
"""Technician's id and shift's id."""
RouteLines: TypeAlias = Mapping[RouteKey, Sequence[Position]]
"""The way of each route along the streets."""

ROUTE_TOLERANCE_M = 2.0
MARGIN, LEAST_MARGIN_M = 0.04, 250.0


@dataclass(frozen=True, slots=True, eq=False)
class SketchRoute:
    """One route, ready to be drawn. Times are seconds from the day's start."""

    route: Route
    technician: Technician
    shift: Shift
    date: date
    """On which the shift starts, in the day's zone."""
    colour: int
    """Index into :data:`dispatch.report.palette.COLOURS`."""
    line: Line
    stops: Line
    """(visits, 2)."""
    anchors: Line
    """(0..2, 2): where it starts and ends, if that is somewhere."""
    phases: tuple[Phase, ...]
    shift_start_s: int
    shift_end_s: int
    depart_s: int
    finish_s: int


@dataclass(frozen=True, slots=True, eq=False)
class Sketch:
    """A plan, ready to be drawn."""

    projection: Projection
    frame: Frame
    streets: Mapping[StreetWeight, tuple[Line, ...]]
    routes: tuple[SketchRoute, ...]
    """By technician in the day's order, then by time."""
    unassigned: Line
    """(jobs left out, 2)."""
    outlets: Line
    """(outlets with a name on the map, 2): all of the day."""


def sketch(day: Day, plan: Plan, streets: Sequence[Street], lines: RouteLines) -> Sketch:
    """Everything of ``plan`` in flat metres and seconds; a route without a line goes straight.

    The plan must fit the day (:func:`dispatch.report.fit.check_fit`).
    """
    projection = centred([site.position for site in day.sites])
    routes = _routes(day, plan, lines, projection)
    left_out = [_site(day, entry.job) for entry in plan.unassigned]
    outlets = projection.flat([outlet.position for outlet in day.outlets])
    unassigned = projection.flat(left_out)
    shown = [*(route.line for route in routes), *(route.stops for route in routes)]
    frame = frame_around(joined([*shown, unassigned, outlets]), MARGIN, LEAST_MARGIN_M)
    return Sketch(
        projection=projection,
        frame=frame,
        streets=street_lines(streets, projection, surroundings(frame)),
        routes=routes,
        unassigned=unassigned,
        outlets=outlets,
    )


def _routes(
    day: Day, plan: Plan, lines: RouteLines, projection: Projection
) -> tuple[SketchRoute, ...]:
    order = {technician.id: index for index, technician in enumerate(day.technicians)}
    sorted_routes = sorted(
        plan.routes, key=lambda route: (order[route.technician], elapsed_s(day.start, route.depart))
    )
    stops = [
        projection.flat([_site(day, visit.job) for visit in route.visits])
        for route in sorted_routes
    ]
    colours = _colours(sorted_routes, stops)
    return tuple(
        _route(day, route, lines, projection, colour=colours[route.technician])
        for route in sorted_routes
    )


def _colours(routes: Sequence[Route], stops: Sequence[Line]) -> dict[str, int]:
    """One colour for each technician, by the middle of all their stops."""
    by_technician: dict[str, list[Line]] = {}
    for route, points in zip(routes, stops, strict=True):
        by_technician.setdefault(route.technician, []).append(points)
    middles = [
        points.mean(axis=0) if len(points := joined(parts)) else points.sum(axis=0)
        for parts in by_technician.values()
    ]
    return dict(zip(by_technician, spread(middles), strict=True))


def _route(
    day: Day, route: Route, lines: RouteLines, projection: Projection, *, colour: int
) -> SketchRoute:
    technician = day.technicians_by_id[route.technician]
    shift = next(shift for shift in technician.shifts if shift.id == route.shift)
    first, last = (_anchored(day, technician, at) for at in (shift.start_at, shift.end_at))
    sites = [_site(day, visit.job) for visit in route.visits]
    course = lines.get((route.technician, route.shift)) or [*first, *sites, *last]
    return SketchRoute(
        route=route,
        technician=technician,
        shift=shift,
        date=shift.start.astimezone(day.zone_info).date(),
        colour=colour,
        line=simplified(projection.flat(course), ROUTE_TOLERANCE_M),
        stops=projection.flat(sites),
        anchors=projection.flat([*first, *last]),
        phases=phases(route, day.start),
        shift_start_s=elapsed_s(day.start, shift.start),
        shift_end_s=elapsed_s(day.start, shift.end),
        depart_s=elapsed_s(day.start, route.depart),
        finish_s=elapsed_s(day.start, route.finish),
    )


def _site(day: Day, job: str) -> Position:
    return day.sites_by_id[day.jobs_by_id[job].site].position


def _anchored(day: Day, technician: Technician, anchor: Anchor) -> tuple[Position, ...]:
    """Where the anchor is; nothing if it is open or not known to the day."""
    if anchor.kind is AnchorKind.HOME:
        return (technician.home,) if technician.home else ()
    if anchor.kind is AnchorKind.OUTLET and anchor.id in day.outlets_by_id:
        return (day.outlets_by_id[anchor.id].position,)
    if anchor.kind is AnchorKind.SITE and anchor.id in day.sites_by_id:
        return (day.sites_by_id[anchor.id].position,)
    return ()

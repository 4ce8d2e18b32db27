"""The way: a leg from each place to the next, as long as the travel times say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise, zip_longest

from dispatch.domain.clock import elapsed_s
from dispatch.domain.plan import Leg
from dispatch.planning.verify.facts import Facts, KnownRoute, Stop
from dispatch.planning.verify.fault import Fault
from dispatch.planning.verify.speeds import driving_s
from dispatch.planning.verify.ways import name_of


@dataclass(frozen=True, slots=True)
class Point:
    """A place that a route passes."""

    name: str
    arrive: datetime
    leave: datetime
    stop: Stop | None = None
    """None at the start and the end of the shift."""


def chain(facts: Facts) -> Iterator[Fault]:
    """The legs lead from the start through every visit to the end, each where the last arrived."""
    for known in facts.routes:
        hops = list(pairwise(_points(known)))
        for leg, hop in zip_longest(known.route.legs, hops):
            if hop is None:
                found = {"origin": leg.origin, "destination": leg.destination}
                yield known.fault("leg.unexpected", **found)
                continue
            origin, destination = hop
            expected = {"origin": origin.name, "destination": destination.name}
            if leg is None:
                yield known.fault("leg.missing", destination.stop, **expected)
            elif (leg.origin, leg.destination) != (origin.name, destination.name):
                found = {"found_origin": leg.origin, "found_destination": leg.destination}
                yield known.fault("leg.place", destination.stop, **expected, **found)


def joints(facts: Facts) -> Iterator[Fault]:
    """A leg departs when what was before is over, and arrives when the plan says so."""
    for known, leg, origin, destination in _matched(facts):
        if origin.stop is None:
            yield from _leaves(known, leg.depart)
        else:
            early_s = elapsed_s(leg.depart, origin.leave)
            if early_s > 0:
                yield known.fault("leg.depart", destination.stop, by_s=early_s)
        by_s = abs(elapsed_s(leg.arrive, destination.arrive))
        if by_s:
            code = "leg.arrival" if destination.stop else "route.finish"
            yield known.fault(code, destination.stop, by_s=by_s)


def open_ends(facts: Facts) -> Iterator[Fault]:
    """An open start departs with the first visit; an open end is over with the last, and rests."""
    for known in facts.routes:
        if not known.stops:
            continue
        if name_of(known.shift.start_at) is None:
            yield from _leaves(known, known.stops[0].planned.arrive)
        if name_of(known.shift.end_at) is None:
            end, finish = known.stops[-1].planned.end, known.route.finish
            by_s = abs(elapsed_s(end, finish) - known.rest_s(end, finish))
            if by_s:
                yield known.fault("route.finish", by_s=by_s)


def pace(facts: Facts) -> Iterator[Fault]:
    """A leg takes the travel time of its hour, and the rests on the way; it covers the distance."""
    for known, leg, origin, destination in _matched(facts):
        way = facts.ways.between(known.technician, origin.name, destination.name)
        if way is None:
            yield known.fault("leg.unlocated", destination.stop, **_between(leg))
            continue
        usual_s, metres = way
        profile, rests = known.technician.profile, known.rests()
        seconds = driving_s(facts.day, profile, leg.depart, usual_s, rests)
        if leg.travel_s != seconds:
            times = {"expected_s": seconds, "found_s": leg.travel_s}
            yield known.fault("leg.travel-time", destination.stop, **times, **_between(leg))
        if leg.distance_m != metres:
            lengths = {"expected_m": metres, "found_m": leg.distance_m}
            yield known.fault("leg.distance", destination.stop, **lengths, **_between(leg))
        spent = elapsed_s(leg.depart, leg.arrive) - known.rest_s(leg.depart, leg.arrive)
        if spent != seconds:
            code = "leg.too-fast" if spent < seconds else "leg.too-slow"
            yield known.fault(code, destination.stop, by_s=abs(spent - seconds), **_between(leg))


def _points(known: KnownRoute) -> Iterator[Point]:
    """Start, visits and end; none of a route without work, which is reported as such."""
    route, shift = known.route, known.shift
    start, end = name_of(shift.start_at), name_of(shift.end_at)
    if not known.stops:
        return
    if start is not None:
        yield Point(start, route.depart, route.depart)
    for stop in known.stops:
        visit = stop.planned
        yield Point(f"site:{stop.site.id}", visit.arrive, visit.end, stop)
    if end is not None:
        yield Point(end, route.finish, route.finish)


def _matched(facts: Facts) -> Iterator[tuple[KnownRoute, Leg, Point, Point]]:
    """The legs that lead where they should."""
    for known in facts.routes:
        hops = pairwise(_points(known))
        for leg, (origin, destination) in zip(known.route.legs, hops, strict=False):
            if (leg.origin, leg.destination) == (origin.name, destination.name):
                yield known, leg, origin, destination


def _leaves(known: KnownRoute, moment: datetime) -> Iterator[Fault]:
    by_s = abs(elapsed_s(known.route.depart, moment))
    if by_s:
        yield known.fault("route.depart", known.stops[0], by_s=by_s)


def _between(leg: Leg) -> dict[str, str]:
    return {"origin": leg.origin, "destination": leg.destination}

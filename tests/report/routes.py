"""Random sound routes for property tests, and a slow way to say what happens in each minute."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from hypothesis import strategies as st
from tests.report.examples import at

from dispatch.domain.clock import elapsed_s
from dispatch.domain.plan import Leg, PlannedBreak, PlannedVisit, Route

MINUTE_S = 60


@st.composite
def routes(draw: st.DrawFn) -> Route:
    """Legs, perhaps broken by a rest, waits, setups and visits, all in whole minutes."""
    minutes = st.integers(0, 40)
    depart = now = at(8)
    legs, visits, breaks = [], [], []
    for number in range(draw(st.integers(1, 4))):
        leg_start, travel = now, draw(minutes)
        rest = draw(st.sampled_from([0, 0, 30]))
        before_rest = draw(st.integers(0, travel))
        if rest:
            start = leg_start + timedelta(minutes=before_rest)
            breaks.append(PlannedBreak(start=start, end=start + timedelta(minutes=rest)))
        arrive = leg_start + timedelta(minutes=travel + rest)
        legs.append(
            Leg(
                origin="home",
                destination=f"site:{number}",
                depart=leg_start,
                arrive=arrive,
                travel_s=travel * MINUTE_S,
                distance_m=travel * 500,
            )
        )
        start = arrive + timedelta(minutes=draw(minutes))
        setup, work = draw(st.integers(0, 9)), draw(st.integers(1, 60))
        now = start + timedelta(minutes=setup + work)
        late = draw(st.sampled_from([0, 0, 300]))
        visits.append(
            PlannedVisit(
                job=f"J{number + 1}",
                seat=0,
                arrive=arrive,
                start=start,
                end=now,
                setup_s=setup * MINUTE_S,
                lateness_s=late,
            )
        )
    return Route(
        technician="ana",
        shift="day",
        depart=depart,
        finish=now,
        visits=tuple(visits),
        legs=tuple(legs),
        breaks=tuple(breaks),
        overtime_s=draw(st.sampled_from([0, 600])),
    )


def spent_s(route: Route) -> Counter[str]:
    """Seconds by what is done, found minute by minute."""
    spent: Counter[str] = Counter()
    for minute in range(elapsed_s(route.depart, route.finish) // MINUTE_S):
        spent[_doing(route, route.depart + timedelta(minutes=minute))] += MINUTE_S
    return spent


def _doing(route: Route, moment: object) -> str:
    if any(rest.start <= moment < rest.end for rest in route.breaks):
        return "break"
    for visit in route.visits:
        if visit.start <= moment < visit.end:
            ready = visit.start + timedelta(seconds=visit.setup_s)
            return "setup" if moment < ready else "work"
    if any(leg.depart <= moment < leg.arrive for leg in route.legs):
        return "travel"
    return "wait"

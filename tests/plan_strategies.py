"""Plans made up by hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st
from tests.strategies import delays, factors, identifiers, moments_in, names, prices

from dispatch.domain.day import Day
from dispatch.domain.plan import (
    CostKind,
    Leg,
    Plan,
    PlannedBreak,
    PlannedVisit,
    Progress,
    Reason,
    Route,
    Unassigned,
)


@st.composite
def plans(draw: st.DrawFn, day: Day) -> Plan:
    """Plans that name what the day has; they keep no rule."""
    moments = moments_in(day.zone)
    jobs = st.sampled_from([job.id for job in day.jobs])
    visits = st.builds(
        PlannedVisit,
        job=jobs,
        seat=st.integers(0, 2),
        arrive=moments,
        start=moments,
        end=moments,
        setup_s=delays,
        lateness_s=delays,
    )
    legs = st.builds(
        Leg,
        origin=st.just("home"),
        destination=jobs.map("site:{}".format),
        depart=moments,
        arrive=moments,
        travel_s=delays,
        distance_m=delays,
    )
    breaks = st.builds(PlannedBreak, start=moments, end=moments)
    routes = st.builds(
        Route,
        technician=st.sampled_from([technician.id for technician in day.technicians]),
        shift=identifiers,
        depart=moments,
        finish=moments,
        visits=st.lists(visits, max_size=2).map(tuple),
        legs=st.lists(legs, max_size=2).map(tuple),
        breaks=st.lists(breaks, max_size=1).map(tuple),
        overtime_s=delays,
    )
    values = st.dictionaries(identifiers, names | delays | factors, max_size=2)
    reasons = st.builds(Reason, code=identifiers, technician=st.none() | identifiers, values=values)
    return Plan(
        day=day.id,
        currency=day.policy.currency,
        routes=tuple(draw(st.lists(routes, max_size=2))),
        unassigned=tuple(
            draw(
                st.lists(
                    st.builds(
                        Unassigned, job=jobs, reasons=st.lists(reasons, max_size=2).map(tuple)
                    ),
                    max_size=2,
                )
            )
        ),
        costs_minor=draw(st.dictionaries(st.sampled_from(CostKind), prices)),
        engine=draw(names),
        seed=draw(st.integers(0, 2**31)),
        seconds=draw(st.floats(0, 100)),
        travel=draw(names),
        curve=tuple(
            draw(
                st.lists(
                    st.builds(
                        Progress,
                        seconds=st.floats(0, 100),
                        cost_minor=prices,
                        unserved=st.integers(0, 9),
                    ),
                    max_size=2,
                )
            )
        ),
    )

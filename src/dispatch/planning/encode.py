"""A plan as routes of a problem: where the solver starts from, and what explanations look at."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from dispatch.domain.plan import Plan, Route
from dispatch.planning.compile import Compiled
from dispatch.planning.duty import Duty, Pause
from dispatch.solver.arrays import Ints


def encode(compiled: Compiled, plan: Plan) -> tuple[Ints, ...]:
    """For each vehicle its activities in the plan's order; every break of a used one is there.

    What the day does not know (a job, a technician, a shift) is left out.
    """
    visits = {(visit.job.id, visit.seat): at for at, visit in enumerate(compiled.visits)}
    routes = {(route.technician, route.shift): route for route in plan.routes}
    first_break = len(compiled.visits)
    rows = []
    for duty in compiled.duties:
        route = routes.get((duty.technician.id, duty.shift.id))
        row: list[int] = []
        if route is not None:
            stops = [
                (compiled.horizon.from_s(visit.start), 1, visits[visit.job, visit.seat])
                for visit in route.visits
                if (visit.job, visit.seat) in visits
            ]
            rests = [
                (start, 0, first_break + at)
                for at, start in enumerate(_starts(compiled, duty, route))
            ]
            row = [activity for _, _, activity in sorted([*stops, *rests])] if stops else []
        rows.append(np.array(row, dtype=np.int64))
        first_break += len(duty.pauses)
    return tuple(rows)


def _starts(compiled: Compiled, duty: Duty, route: Route) -> Iterator[int]:
    """When each pause begins; one that the plan does not show begins at its earliest."""
    taken = [
        (compiled.horizon.from_s(rest.start), compiled.horizon.until_s(rest.end))
        for rest in route.breaks
    ]
    for pause in duty.pauses:
        found = next((span for span in taken if _is(pause, *span)), None)
        if found is not None:
            taken.remove(found)
        yield found[0] if found is not None else pause.earliest_s


def _is(pause: Pause, start_s: int, end_s: int) -> bool:
    return (
        not pause.absence
        and pause.earliest_s <= start_s <= pause.latest_s
        and end_s - start_s == pause.duration_s
    )

"""Plans as CP-SAT has them, and as we have them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from ortools.sat.python import cp_model

from dispatch.solver.arrays import Ints
from dispatch.solver.cpsat.model import DEPOT, DayModel
from dispatch.solver.cpsat.times import Times
from dispatch.solver.solution import ABSENT, Solution


def read_routes(
    model: DayModel, times: Times, value: Callable[[cp_model.IntVar], int]
) -> list[Ints]:
    """For each vehicle its visits in order, each break before the first visit that it precedes."""
    rows = []
    for vehicle, arcs in enumerate(model.arcs):
        follower = {tail: head for (tail, head), arc in arcs.items() if value(arc)}
        row: list[int] = []
        waiting = list(times.pauses[vehicle].each)
        waiting.sort(key=lambda pause: value(pause.begin))
        at = follower.get(DEPOT, DEPOT)
        while at != DEPOT:
            due = [pause for pause in waiting if value(pause.before[at])]
            row += (model.problem.visit_count + pause.index for pause in due)
            row.append(at)
            waiting = [pause for pause in waiting if pause not in due]
            at = follower[at]
        if row:
            row += (model.problem.visit_count + pause.index for pause in waiting)
        rows.append(np.asarray(row, dtype=np.int64))
    return rows


def hint(model: DayModel, times: Times, plan: Solution) -> None:
    """Tell the model of a plan to start from."""
    problem, cp = model.problem, model.cp
    for vehicle, row in enumerate(plan.routes):
        activities = row.tolist()
        visits = [at for at in activities if at < problem.visit_count]
        ways = set(zip([DEPOT, *visits], [*visits, DEPOT], strict=True)) if visits else set()
        cp.add_hint(model.used[vehicle], bool(visits))
        for at, arc in model.arcs[vehicle].items():
            cp.add_hint(arc, at in ways)
        for visit, one in model.serves[vehicle].items():
            cp.add_hint(one, visit in visits)
        for pause in times.pauses[vehicle].each:
            taken = int(plan.break_start_s[pause.index])
            mine = problem.visit_count + pause.index
            passed = activities[activities.index(mine) :] if visits else []
            cp.add_hint(pause.taken, taken != ABSENT)
            for visit, before in pause.before.items():
                cp.add_hint(before, visit in passed)
            if taken != ABSENT:
                cp.add_hint(pause.begin, taken)
        if visits:
            cp.add_hint(times.depart[vehicle], int(plan.depart_s[vehicle]))
            cp.add_hint(times.finish[vehicle], int(plan.finish_s[vehicle]))
    for visit in np.flatnonzero(plan.vehicle != ABSENT).tolist():
        cp.add_hint(times.start[visit], int(plan.start_s[visit]))
        cp.add_hint(times.end[visit], int(plan.end_s[visit]))
    for group, served in enumerate(model.served):
        cp.add_hint(served, bool((plan.vehicle[problem.visits.group == group] != ABSENT).all()))

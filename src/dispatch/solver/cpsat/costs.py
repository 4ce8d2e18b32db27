"""What times cost. Each price is exact, but for that of another order than was published."""

from __future__ import annotations

from ortools.sat.python import cp_model

from dispatch.solver.cpsat.model import DayModel
from dispatch.solver.cpsat.times import Times
from dispatch.solver.problem import NEVER


def add_costs(model: DayModel, times: Times) -> None:
    """The objective."""
    _price_shifts(model, times)
    _price_lateness(model, times)
    _price_preferences(model, times)
    _price_promises(model, times)
    model.cp.minimize(sum(model.terms))


def _price_shifts(model: DayModel, times: Times) -> None:
    shift, cp = model.problem.vehicles, model.cp
    for vehicle, serves in enumerate(model.serves):
        span = times.finish[vehicle] - times.depart[vehicle]
        model.price(span, int(shift.time_price[vehicle]))
        if shift.overtime_price[vehicle]:
            over = cp.new_int_var(0, model.horizon_s, "")
            end_s = int(shift.end_s[vehicle])
            used = model.used[vehicle]
            cp.add(over >= times.finish[vehicle] - end_s).only_enforce_if(used)
            model.price(over, int(shift.overtime_price[vehicle]))
        if shift.unfairness_price[vehicle]:
            unfair = cp.new_int_var(0, model.horizon_s, "")
            work = sum(_work(model, times, visit, one) for visit, one in serves.items())
            cp.add(unfair >= work - int(shift.fair_share_s[vehicle]))
            model.price(unfair, int(shift.unfairness_price[vehicle]))


def _work(model: DayModel, times: Times, visit: int, one: cp_model.IntVar) -> cp_model.LinearExprT:
    """Seconds on a visit, if it is this vehicle's."""
    work = model.cp.new_int_var(0, model.horizon_s, "")
    model.cp.add(work >= times.end[visit] - times.start[visit]).only_enforce_if(one)
    return work


def _price_lateness(model: DayModel, times: Times) -> None:
    visits, cp = model.problem.visits, model.cp
    worst_price = model.problem.worst_lateness_price
    worst = cp.new_int_var(0, model.horizon_s, "")
    for visit, due in enumerate(visits.due_s.tolist()):
        price = int(visits.lateness_price[visit])
        if due < NEVER and (price or worst_price):
            late = cp.new_int_var(0, model.horizon_s, "")
            cp.add(late >= times.end[visit] - due).only_enforce_if(model.is_served(visit))
            cp.add(worst >= late)
            model.price(late, price)
    model.price(worst, worst_price)


def _price_preferences(model: DayModel, times: Times) -> None:
    """Seconds from the start to one of the preferred windows; the cheapest will be chosen."""
    visits = model.problem.visits
    for visit, price in enumerate(visits.preferred_price.tolist()):
        first, last = visits.preferred.offset[visit : visit + 2].tolist()
        if first == last or not price:
            continue
        farthest = max(model.horizon_s, int(visits.preferred.start_s[last - 1]))
        missed = model.cp.new_int_var(0, farthest, "")
        chosen = [model.cp.new_bool_var("") for _ in range(first, last)]
        model.cp.add(sum(chosen) == model.is_served(visit))
        for at, one in zip(range(first, last), chosen, strict=True):
            opening, closing = visits.preferred.start_s[at], visits.preferred.end_s[at]
            start = times.start[visit]
            model.cp.add(missed >= int(opening) - start).only_enforce_if(one)
            model.cp.add(missed >= start - int(closing)).only_enforce_if(one)
        model.price(missed, price)


def _price_promises(model: DayModel, times: Times) -> None:
    told, cp = model.problem.published, model.cp
    for at, visit in enumerate(told.visit.tolist()):
        start, served = times.start[visit], model.is_served(visit)
        moved = cp.new_bool_var("")
        opening, closing = int(told.promised_start_s[at]), int(told.promised_end_s[at])
        missed = cp.new_int_var(0, max(model.horizon_s, opening), "")
        cp.add(missed >= opening - start).only_enforce_if(served)
        cp.add(missed >= start - closing).only_enforce_if(served)
        cp.add(missed == 0).only_enforce_if(~moved)
        model.price(moved, int(told.moved_price[at]))
        model.price(missed, int(told.moved_second_price[at]))

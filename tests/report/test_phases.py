from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from tests.report.examples import MIDNIGHT, at, small_plan
from tests.report.routes import routes, spent_s

from dispatch.domain.clock import elapsed_s
from dispatch.domain.plan import PlannedBreak, Route
from dispatch.report.phases import PhaseKind, phases

HOUR_S = 3600


@given(routes())
def test_phases_lie_end_to_end_and_say_what_a_slow_count_says(route: Route) -> None:
    found = phases(route, route.depart)
    spent: Counter[str] = Counter()
    for phase in found:
        spent[phase.kind.value] += phase.duration_s
    assert +spent == spent_s(route)
    assert all(one.end_s == other.start_s for one, other in pairwise(found))
    if found:
        assert found[0].start_s == 0
        assert found[-1].end_s == elapsed_s(route.depart, route.finish)


def test_a_break_interrupts_the_way() -> None:
    ana = next(route for route in small_plan().routes if route.technician == "ana")
    kinds = [phase.kind for phase in phases(ana, MIDNIGHT)]
    rest = kinds.index(PhaseKind.BREAK)
    assert kinds[rest - 1] is kinds[rest + 1] is PhaseKind.TRAVEL


def test_seconds_count_from_the_origin() -> None:
    bo = next(route for route in small_plan().routes if route.technician == "bo")
    assert phases(bo, MIDNIGHT)[0].start_s == 8.5 * HOUR_S


def test_a_route_that_contradicts_itself_is_shown_as_it_stands() -> None:
    ana = next(route for route in small_plan().routes if route.technician == "ana")
    overlapping = replace(ana, breaks=(PlannedBreak(start=at(8.5), end=at(9)),))
    found = phases(overlapping, MIDNIGHT)
    assert any(phase.kind is PhaseKind.BREAK for phase in found)
    assert max(phase.end_s for phase in found) == 13.75 * HOUR_S

"""What may happen to a thing: every table is whole, and what it does not name cannot happen."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import pytest

from dispatch.domain.states.charge import CHARGE, ChargeState
from dispatch.domain.states.job import (
    JOB,
    JobAction,
    JobState,
    asked_of,
    is_bound,
    state_from_visits,
)
from dispatch.domain.states.offer import CLAIM, OFFER, PUSH, ClaimState, OfferState, PushState
from dispatch.domain.states.payment import SETTLEMENT, SettlementState
from dispatch.domain.states.run import PLAN, RUN, PlanState, RunState
from dispatch.domain.states.table import StateTable
from dispatch.domain.states.visit import (
    COMMITTED,
    ENDED,
    UNDER_WAY,
    VISIT,
    VisitAction,
    VisitState,
)
from dispatch.domain.states.wish import WISH, WishState
from dispatch.errors import Refused

TABLES: dict[str, tuple[StateTable[Any, Any], type[StrEnum]]] = {
    "job": (JOB, JobState),
    "visit": (VISIT, VisitState),
    "offer": (OFFER, OfferState),
    "claim": (CLAIM, ClaimState),
    "push": (PUSH, PushState),
    "run": (RUN, RunState),
    "plan": (PLAN, PlanState),
    "charge": (CHARGE, ChargeState),
    "wish": (WISH, WishState),
    "settlement": (SETTLEMENT, SettlementState),
}


@pytest.fixture(params=TABLES, ids=str)
def table(request: pytest.FixtureRequest) -> StateTable[Any, Any]:
    return TABLES[request.param][0]


def test_every_action_leads_somewhere(table: StateTable[Any, Any]) -> None:
    actions = type(next(iter(table.moves)))
    assert set(table.moves) == set(actions)
    assert all(table.moves.values())


@pytest.mark.parametrize("name", TABLES)
def test_a_refused_action_says_from_where_it_can_happen(name: str) -> None:
    table, states = TABLES[name]
    for action, steps in table.moves.items():
        for state in states:
            if state in steps:
                assert table.after(action, state) is steps[state]
                continue
            with pytest.raises(Refused) as refused:
                table.after(action, state)
            assert refused.value.code == f"state.{name}"
            assert refused.value.values["allowed"] == ", ".join(steps)
            assert refused.value.finding().cure()


def test_every_visit_can_come_to_an_end() -> None:
    reached = {VISIT.first}
    while True:
        following = {
            to for steps in VISIT.moves.values() for state, to in steps.items() if state in reached
        }
        if following <= reached:
            break
        reached |= following
    assert reached == set(VisitState)


def test_ended_visits_stay_ended() -> None:
    assert {state for state in VisitState if VISIT.final(state)} == ENDED
    assert not ENDED & (COMMITTED | UNDER_WAY)


@pytest.mark.parametrize("state", list(VisitState))
def test_a_job_that_somebody_is_at_is_not_cancelled(state: VisitState) -> None:
    """Nor split, as one that is done; a rest that nobody is at can be given up."""
    assert VisitState.IN_PROGRESS not in VISIT.moves[VisitAction.CANCEL]
    binds = state in UNDER_WAY or state is VisitState.COMPLETED
    for others in ([], [VisitState.UNSCHEDULED]):
        visits = [state, *others]
        crew = list(enumerate(visits))
        asked = asked_of(state_from_visits(visits), crew)
        stays = state in UNDER_WAY or (state is VisitState.COMPLETED and not others)
        assert (JobAction.CANCEL in asked) is not stays
        assert not (binds and JobAction.SPLIT in asked)


@pytest.mark.parametrize(
    ("visits", "bound"),
    [
        ([(0, VisitState.COMPLETED), (0, VisitState.UNSCHEDULED)], False),
        ([(0, VisitState.COMPLETED), (0, VisitState.EN_ROUTE)], True),
        ([(0, VisitState.COMPLETED), (0, VisitState.CANCELLED)], True),
        ([(0, VisitState.COMPLETED), (0, VisitState.COMPLETED)], True),
        ([(0, VisitState.COMPLETED), (1, VisitState.UNSCHEDULED)], True),
        ([(0, VisitState.COMPLETED), (0, VisitState.NOT_DONE), (0, VisitState.DISPATCHED)], False),
    ],
)
def test_a_seat_that_is_to_go_once_more_binds_nobody(
    visits: list[tuple[int, VisitState]], bound: bool
) -> None:
    assert is_bound(visits) is bound
    asked = asked_of(state_from_visits([state for _, state in visits]), visits)
    assert not (bound and JobAction.SPLIT in asked)
    given_up = {state for _, state in visits} & {VisitState.UNSCHEDULED, VisitState.DISPATCHED}
    assert (JobAction.CANCEL in asked) is bool(given_up)


def test_what_is_done_is_verified_settled_or_reopened() -> None:
    done = [(0, VisitState.COMPLETED)]
    assert asked_of(JobState.COMPLETED, done) == (JobAction.VERIFY, JobAction.REOPEN)
    assert asked_of(JobState.VERIFIED, done) == (JobAction.SETTLE, JobAction.REOPEN)
    assert asked_of(JobState.SETTLED, done) == ()

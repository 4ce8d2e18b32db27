"""A job's state follows from its visits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.domain.states.job import JobState, state_from_visits
from dispatch.domain.states.visit import ENDED, UNDER_WAY, VisitState

V = VisitState


@pytest.mark.parametrize(
    ("visits", "state"),
    [
        ([V.UNSCHEDULED], JobState.OPEN),
        ([V.SCHEDULED], JobState.SCHEDULED),
        ([V.DISPATCHED], JobState.SCHEDULED),
        ([V.SCHEDULED, V.UNSCHEDULED], JobState.OPEN),
        ([V.EN_ROUTE], JobState.IN_PROGRESS),
        ([V.ON_SITE, V.UNSCHEDULED], JobState.IN_PROGRESS),
        ([V.COMPLETED], JobState.COMPLETED),
        ([V.COMPLETED, V.SCHEDULED], JobState.IN_PROGRESS),
        ([V.SUSPENDED, V.UNSCHEDULED], JobState.IN_PROGRESS),
        ([V.SUSPENDED, V.COMPLETED], JobState.COMPLETED),
        ([V.NOT_DONE], JobState.OPEN),
        ([V.CANCELLED], JobState.OPEN),
        ([V.NOT_DONE, V.COMPLETED], JobState.COMPLETED),
        ([], JobState.OPEN),
    ],
)
def test_the_state_of_a_job(visits: list[VisitState], state: JobState) -> None:
    assert state_from_visits(visits) is state


def test_an_open_job_in_the_pool_is_offered() -> None:
    assert state_from_visits([V.UNSCHEDULED], offered=True) is JobState.OFFERED
    assert state_from_visits([V.SCHEDULED], offered=True) is JobState.SCHEDULED


@given(st.lists(st.sampled_from(VisitState), max_size=5), st.booleans())
def test_what_holds_for_any_visits(visits: list[VisitState], offered: bool) -> None:
    state = state_from_visits(visits, offered=offered)
    if any(visit in UNDER_WAY for visit in visits):
        assert state is JobState.IN_PROGRESS
    if state is JobState.COMPLETED:
        assert V.COMPLETED in visits
        assert all(visit in ENDED for visit in visits)
    if all(visit in (V.NOT_DONE, V.CANCELLED) for visit in visits):
        assert state in (JobState.OPEN, JobState.OFFERED)

"""States of a job; once it is open they follow from its visits."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from dispatch.domain.states.table import StateTable
from dispatch.domain.states.visit import COMMITTED, ENDED, UNDER_WAY, VisitState


class JobState(StrEnum):
    """Where a job stands."""

    DRAFT = "draft"
    OPEN = "open"
    OFFERED = "offered"
    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    ON_HOLD = "on_hold"
    COMPLETED = "completed"
    VERIFIED = "verified"
    SETTLED = "settled"
    CANCELLED = "cancelled"


class JobAction(StrEnum):
    """What people decide about a job; the rest happens to its visits."""

    OPEN = "open"
    HOLD = "hold"
    RESUME = "resume"
    CANCEL = "cancel"
    SPLIT = "split"
    """Into several goes, as long as nobody is at it and none of it is done."""
    VERIFY = "verify"
    """Somebody at a desk has looked at what was done."""
    SETTLE = "settle"
    """The money is right: it is closed for good."""
    REOPEN = "reopen"
    """It has to be gone to once more."""


_J = JobState
_BEFORE_WORK = (_J.DRAFT, _J.OPEN, _J.OFFERED, _J.SCHEDULED)

JOB: StateTable[JobState, JobAction] = StateTable(
    "job",
    JobState.DRAFT,
    {
        JobAction.OPEN: {_J.DRAFT: _J.OPEN},
        JobAction.HOLD: dict.fromkeys(
            (_J.OPEN, _J.OFFERED, _J.SCHEDULED, _J.IN_PROGRESS), _J.ON_HOLD
        ),
        JobAction.RESUME: {_J.ON_HOLD: _J.OPEN},  # and then as its visits say
        # Also the rest of a job that was done in part, as long as nobody is at it.
        JobAction.CANCEL: dict.fromkeys((*_BEFORE_WORK, _J.IN_PROGRESS, _J.ON_HOLD), _J.CANCELLED),
        JobAction.SPLIT: dict.fromkeys((_J.OPEN, _J.OFFERED, _J.SCHEDULED), _J.OPEN),
        JobAction.VERIFY: {_J.COMPLETED: _J.VERIFIED},
        JobAction.SETTLE: {_J.VERIFIED: _J.SETTLED},
        # And then as its visits say, too.
        JobAction.REOPEN: dict.fromkeys((_J.COMPLETED, _J.VERIFIED), _J.OPEN),
    },
)

ASKED = frozenset(JobAction) - {JobAction.OPEN}
"""What somebody can ask for by name; the rest has no request of its own."""

SeatState = tuple[int, VisitState]
"""The seat of a visit, and where it stands."""


def is_bound(visits: Collection[SeatState]) -> bool:
    """Whether a job is not changed: somebody is at it, or a seat of it is done.

    What was not done, or done in part, leaves a rest that can be. So does a seat that has done it
    and is to go once more. The rest of a job that is bound by what is done of it can be given up.

    Parameters
    ----------
    visits
        All its visits.
    """
    to_come = {seat for seat, state in visits if state not in ENDED}
    return any(
        state in UNDER_WAY or (state is VisitState.COMPLETED and seat not in to_come)
        for seat, state in visits
    )


def is_under_way(visits: Collection[SeatState]) -> bool:
    """Whether somebody is at a job, or on the way: nobody gives it up now.

    Parameters
    ----------
    visits
        All its visits.
    """
    return any(state in UNDER_WAY for _, state in visits)


def asked_of(state: JobState, visits: Collection[SeatState]) -> tuple[JobAction, ...]:
    """What can be asked of a job now.

    Parameters
    ----------
    visits
        All its visits.
    """
    refused = set()
    if is_bound(visits):
        refused.add(JobAction.SPLIT)
    if is_under_way(visits):
        refused.add(JobAction.CANCEL)
    return tuple(
        action for action in JOB.allowed(state) if action in ASKED and action not in refused
    )


OVER = frozenset((_J.COMPLETED, _J.VERIFIED, _J.SETTLED, _J.CANCELLED))
"""Nothing of it is to be done any more: all its visits have ended."""
DECIDED = frozenset((_J.DRAFT, _J.ON_HOLD, _J.VERIFIED, _J.SETTLED, _J.CANCELLED))
"""People say so, whatever the visits say."""


def state_from_visits(visits: Collection[VisitState], *, offered: bool = False) -> JobState:
    """The state of a job that nobody holds back.

    Parameters
    ----------
    visits
        The states of all its visits.
    offered
        Whether the pool holds an offer of it, or somebody is asked to take it.
    """
    active = [state for state in visits if state not in ENDED]
    begun = any(state in (VisitState.COMPLETED, VisitState.SUSPENDED) for state in visits)
    if any(state in UNDER_WAY for state in active) or (active and begun):
        return JobState.IN_PROGRESS
    if active and all(state in COMMITTED for state in active):
        return JobState.SCHEDULED
    if not active and VisitState.COMPLETED in visits:
        return JobState.COMPLETED
    return JobState.OFFERED if offered else JobState.OPEN

"""States of a run and of the plan it makes."""

from __future__ import annotations

from enum import StrEnum

from dispatch.domain.states.table import StateTable


class RunState(StrEnum):
    """Where a run stands."""

    QUEUED = "queued"
    SOLVING = "solving"
    SOLVED = "solved"
    FAILED = "failed"
    CANCELLED = "cancelled"


class RunAction(StrEnum):
    """What can happen to a run."""

    TAKE = "take"
    """A worker begins; also one that takes over from a worker that is gone."""
    GIVE_BACK = "give_back"
    """The worker ends, and another goes on."""
    FINISH = "finish"
    FAIL = "fail"
    CANCEL = "cancel"


RUN: StateTable[RunState, RunAction] = StateTable(
    "run",
    RunState.QUEUED,
    {
        RunAction.TAKE: dict.fromkeys((RunState.QUEUED, RunState.SOLVING), RunState.SOLVING),
        RunAction.GIVE_BACK: {RunState.SOLVING: RunState.QUEUED},
        RunAction.FINISH: {RunState.SOLVING: RunState.SOLVED},
        RunAction.FAIL: dict.fromkeys((RunState.QUEUED, RunState.SOLVING), RunState.FAILED),
        RunAction.CANCEL: dict.fromkeys((RunState.QUEUED, RunState.SOLVING), RunState.CANCELLED),
    },
)


class PlanState(StrEnum):
    """Where a plan stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    STALE = "stale"
    """Another plan of its day has been published since."""


class PlanAction(StrEnum):
    """What can happen to a plan."""

    PUBLISH = "publish"
    OVERTAKE = "overtake"


PLAN: StateTable[PlanState, PlanAction] = StateTable(
    "plan",
    PlanState.DRAFT,
    {
        PlanAction.PUBLISH: {PlanState.DRAFT: PlanState.PUBLISHED},
        PlanAction.OVERTAKE: {PlanState.DRAFT: PlanState.STALE},
    },
)

"""States of a visit."""

from __future__ import annotations

from enum import StrEnum

from dispatch.domain.states.table import StateTable


class VisitState(StrEnum):
    """Where a visit stands."""

    UNSCHEDULED = "unscheduled"
    SCHEDULED = "scheduled"
    DISPATCHED = "dispatched"
    """The technician has been told."""
    EN_ROUTE = "en_route"
    ON_SITE = "on_site"
    IN_PROGRESS = "in_progress"
    PAUSED = "paused"
    """The technician is there, and nobody works."""
    SUSPENDED = "suspended"
    """This part of the work is closed; another visit goes on with the rest."""
    COMPLETED = "completed"
    NOT_DONE = "not_done"
    CANCELLED = "cancelled"


class VisitAction(StrEnum):
    """What can happen to a visit."""

    SCHEDULE = "schedule"
    UNSCHEDULE = "unschedule"
    RELEASE = "release"
    RECALL = "recall"
    DEPART = "depart"
    CHECK_IN = "check_in"
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    SUSPEND = "suspend"
    COMPLETE = "complete"
    FAIL = "fail"
    CANCEL = "cancel"


_V = VisitState
_WAITING = (_V.UNSCHEDULED, _V.SCHEDULED, _V.DISPATCHED)

VISIT: StateTable[VisitState, VisitAction] = StateTable(
    "visit",
    VisitState.UNSCHEDULED,
    {
        # Again and again: a new plan may give a visit another technician or time.
        VisitAction.SCHEDULE: {
            _V.UNSCHEDULED: _V.SCHEDULED,
            _V.SCHEDULED: _V.SCHEDULED,
            _V.DISPATCHED: _V.DISPATCHED,
        },
        VisitAction.UNSCHEDULE: dict.fromkeys((_V.SCHEDULED, _V.DISPATCHED), _V.UNSCHEDULED),
        VisitAction.RELEASE: {_V.SCHEDULED: _V.DISPATCHED},
        VisitAction.RECALL: {_V.DISPATCHED: _V.SCHEDULED},
        VisitAction.DEPART: {_V.DISPATCHED: _V.EN_ROUTE},
        # Whoever forgot to say that they left has still arrived.
        VisitAction.CHECK_IN: dict.fromkeys((_V.DISPATCHED, _V.EN_ROUTE), _V.ON_SITE),
        VisitAction.START: {_V.ON_SITE: _V.IN_PROGRESS},
        VisitAction.PAUSE: {_V.IN_PROGRESS: _V.PAUSED},
        VisitAction.RESUME: {_V.PAUSED: _V.IN_PROGRESS},
        VisitAction.SUSPEND: dict.fromkeys((_V.IN_PROGRESS, _V.PAUSED), _V.SUSPENDED),
        VisitAction.COMPLETE: {_V.IN_PROGRESS: _V.COMPLETED},
        VisitAction.FAIL: dict.fromkeys(
            (_V.EN_ROUTE, _V.ON_SITE, _V.IN_PROGRESS, _V.PAUSED), _V.NOT_DONE
        ),
        VisitAction.CANCEL: dict.fromkeys((*_WAITING, _V.EN_ROUTE, _V.ON_SITE), _V.CANCELLED),
    },
)

NOT_TOLD = frozenset((_V.UNSCHEDULED, _V.SCHEDULED))
"""Technicians do not know of these yet."""
ENDED = frozenset((_V.SUSPENDED, _V.COMPLETED, _V.NOT_DONE, _V.CANCELLED))
UNDER_WAY = frozenset((_V.EN_ROUTE, _V.ON_SITE, _V.IN_PROGRESS, _V.PAUSED))
"""The technician is at it: no plan moves such a visit."""
BEGUN = UNDER_WAY | ENDED - {_V.CANCELLED}
"""Something has happened at the site, or is about to."""
PLANNED = frozenset((_V.SCHEDULED, _V.DISPATCHED))
"""Somebody is to do it, and has not set off."""
COMMITTED = PLANNED | UNDER_WAY
"""It takes up a technician's time."""

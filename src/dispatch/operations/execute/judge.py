"""What becomes of an action, by what it says and what the board says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from geopy.distance import great_circle

from dispatch.domain.action import MOVES, Action, ActionKind, NotDone, Outcome
from dispatch.domain.checks import has_print
from dispatch.domain.position import Position
from dispatch.domain.states.visit import ENDED, VISIT
from dispatch.operations.execute.demands import demands_of, lacking
from dispatch.store.rows.jobs import VisitRow

GEOFENCE_M = 250.0
"""How far from the site a check-in may be, and as much more as the position may be wrong."""
WRONG_M = 500.0
"""A position that may be wrong by more shows nothing."""
CLOCK_S = 120
"""Clocks that differ by more are told of."""
FASTEST_M_PER_S = 60.0
"""Nobody gets from site to site faster."""
NOT_YOURS, NO_REASON = "action.not-yours", "action.no-reason"
"""What is said before anything of the visit is looked at."""
STEP = "action.step"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How an action ends, and why."""

    outcome: Outcome
    reason: str = ""


APPLIED = Verdict(Outcome.APPLIED)


def judge(action: Action, visit: VisitRow | None, technician: UUID) -> Verdict:
    """What becomes of an action; nothing is changed here.

    What a phone could not know when it said it, because the board changed or it had no signal, is a
    conflict and no fault of the technician's. Whose it is comes before all that depends on the
    visit: who does not have it learns nothing of where it is.
    """
    if visit is None:
        return Verdict(Outcome.REJECTED, "action.no-visit")
    if action.kind is ActionKind.NOT_DONE and action.reason is None:
        return Verdict(Outcome.REJECTED, NO_REASON)
    if action.kind is ActionKind.PAUSE and action.pause is None:
        return Verdict(Outcome.REJECTED, NO_REASON)
    if visit.technician_id != technician:
        return Verdict(Outcome.CONFLICT, NOT_YOURS)
    if action.kind is ActionKind.CHECK_IN and is_far(action, visit) and not has_print(action.note):
        return Verdict(Outcome.REJECTED, "action.far")
    if action.kind is ActionKind.COMPLETE and list(_unanswered(action, visit)):
        return Verdict(Outcome.REJECTED, "action.checklist")
    if action.kind is ActionKind.COMPLETE and (code := lacking(action, demands_of(visit.job.type))):
        return Verdict(Outcome.REJECTED, code)
    if visit.state in ENDED:
        return Verdict(Outcome.CONFLICT, "action.ended")
    if visit.state not in VISIT.moves[MOVES[action.kind]]:
        return Verdict(Outcome.REJECTED, STEP)
    return APPLIED


def is_far(action: Action, visit: VisitRow) -> bool:
    """Whether it was said outside the geofence of the site; not if nobody knows where."""
    if action.position is None:
        return False
    site = Position(visit.job.site.lat, visit.job.site.lon)
    return apart_m(action.position, site) > GEOFENCE_M + min(action.accuracy_m or 0.0, WRONG_M)


def is_inaccurate(action: Action) -> bool:
    """Whether its position shows nothing."""
    return action.position is not None and (action.accuracy_m or 0.0) > WRONG_M


def is_near(action: Action, visit: VisitRow) -> bool:
    """Whether its position shows that somebody was at the site."""
    known = action.position is not None and not is_inaccurate(action)
    return known and not is_far(action, visit)


def is_in_vain(action: Action) -> bool:
    """Whether it says that the customer was absent."""
    return action.kind is ActionKind.NOT_DONE and action.reason is NotDone.CUSTOMER_ABSENT


def apart_m(one: Position, other: Position) -> float:
    """As the crow flies, in metres."""
    return float(great_circle((one.lat, one.lon), (other.lat, other.lon)).m)


def _unanswered(action: Action, visit: VisitRow) -> Iterator[str]:
    """Items of the checklist that have to be answered and are not."""
    for item in visit.job.type.checklist:
        if item.get("required") and not has_print(action.checklist.get(str(item["id"]), "")):
            yield str(item["id"])

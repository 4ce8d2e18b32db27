"""What a technician says has happened on the way and on site."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from dispatch.domain import checks
from dispatch.domain.completion import MOST_PARTS, MOST_PHOTOS, UsedPart, hashes
from dispatch.domain.position import Position
from dispatch.domain.states.visit import VisitAction

MOST_NOTE = 2_000
"""Characters of a reason or a note."""
MOST_ACCURACY_M = 100_000
MOST_SEQUENCE = 2**53
"""What every phone counts to exactly."""
MOST_CODE = 40
CODE_GIVEN = "*"
"""What is kept of a completion code: that one was given."""


class ActionKind(StrEnum):
    """What can be said of a visit."""

    DEPART = "depart"
    CHECK_IN = "check_in"
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    SUSPEND = "suspend"
    """A part is done; another visit goes on with the rest."""
    COMPLETE = "complete"
    NOT_DONE = "not_done"


MOVES: Mapping[ActionKind, VisitAction] = {
    ActionKind.DEPART: VisitAction.DEPART,
    ActionKind.CHECK_IN: VisitAction.CHECK_IN,
    ActionKind.START: VisitAction.START,
    ActionKind.PAUSE: VisitAction.PAUSE,
    ActionKind.RESUME: VisitAction.RESUME,
    ActionKind.SUSPEND: VisitAction.SUSPEND,
    ActionKind.COMPLETE: VisitAction.COMPLETE,
    ActionKind.NOT_DONE: VisitAction.FAIL,
}
"""What each does to the visit."""


class NotDone(StrEnum):
    """Why a visit could not be done."""

    CUSTOMER_ABSENT = "customer_absent"
    """Arrived, and nobody there: a dead trip."""
    NO_ACCESS = "no_access"
    PARTS_MISSING = "parts_missing"
    SKILL_MISSING = "skill_missing"
    TOO_LATE = "too_late"
    CUSTOMER_DECLINED = "customer_declined"
    UNSAFE = "unsafe"
    TECHNICIAN_UNABLE = "technician_unable"
    """An accident, an illness, a phone that is lost: mostly the desk says so for them."""


UNDECIDED = frozenset((NotDone.CUSTOMER_DECLINED,))
"""After these nobody is sent again by itself: the job is on hold until somebody decides."""


class PauseReason(StrEnum):
    """Why nobody works for a while; the time does not count as work."""

    BREAK = "break"
    WAITING_CUSTOMER = "waiting_customer"
    WAITING_PARTS = "waiting_parts"
    WAITING_ACCESS = "waiting_access"
    WAITING_HELP = "waiting_help"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing that a technician says; a phone counts its own, so that each counts once."""

    sequence: int
    """1, 2, 3 of the device."""
    kind: ActionKind
    visit: UUID
    happened_at: datetime
    """By the device's clock."""
    position: Position | None = None
    accuracy_m: float | None = None
    reason: NotDone | None = None
    """Of what was not done."""
    note: str = ""
    """In the technician's words; why a check-in is far from the site, for one."""
    checklist: Mapping[str, str] = field(default_factory=dict)
    """What was answered, by the item's id."""
    pause: PauseReason | None = None
    """Of a pause."""
    code: str = ""
    """The customer's completion code; it is compared and never kept."""
    photos: tuple[str, ...] = ()
    """SHA-256 of the photos that show it; they may be sent later."""
    signature: str = ""
    """SHA-256 of the picture of the customer's signature; it may be sent later."""
    serial: str = ""
    """As it was scanned on site."""
    parts: tuple[UsedPart, ...] = ()
    """What was used."""

    def __post_init__(self) -> None:
        checks.within("action.sequence", self.sequence, 1, MOST_SEQUENCE)
        checks.aware("action.happened_at", self.happened_at)
        if self.accuracy_m is not None:
            checks.within("action.accuracy_m", self.accuracy_m, 0, MOST_ACCURACY_M)
        checks.within("action.note", len(self.note), 0, MOST_NOTE)
        checks.within("action.checklist", len(self.checklist), 0, 200)
        for item, answer in self.checklist.items():
            checks.identifier("action.checklist", item)
            checks.within("action.checklist", len(answer), 0, MOST_NOTE)
        checks.within("action.code", len(self.code), 0, MOST_CODE)
        checks.within("action.photos", len(self.photos), 0, MOST_PHOTOS)
        checks.within("action.parts", len(self.parts), 0, MOST_PARTS)
        hashes("action.photos", self.evidence)
        if self.serial:
            checks.identifier("action.serial", self.serial)

    @property
    def evidence(self) -> tuple[str, ...]:
        """SHA-256 of all files that show it."""
        return (*self.photos, self.signature) if self.signature else self.photos

    @property
    def kept(self) -> Action:
        """As it is written down: of a completion code only that there was one."""
        return replace(self, code=CODE_GIVEN) if self.code else self


class Outcome(StrEnum):
    """How an action has ended; each ends exactly once."""

    APPLIED = "applied"
    REJECTED = "rejected"
    """It could not have been right when it was said: a reason is missing, a step left out."""
    CONFLICT = "conflict"
    """It may be right, but the board has changed meanwhile: a dispatcher decides. Or an earlier
    action of its device has not come, which lets it follow when it does."""

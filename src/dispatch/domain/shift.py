"""When a technician can work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dispatch.domain import checks
from dispatch.domain.clock import elapsed_s
from dispatch.errors import InvalidValue


class AnchorKind(StrEnum):
    """What a shift's start or end hangs on. ``open``: wherever the first or last visit is."""

    HOME = "home"
    OUTLET = "outlet"
    SITE = "site"
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """Where a shift starts or ends. An outlet or a site is named by ``id``."""

    kind: AnchorKind = AnchorKind.HOME
    id: str | None = None

    def __post_init__(self) -> None:
        named = self.kind in (AnchorKind.OUTLET, AnchorKind.SITE)
        if named != (self.id is not None):
            raise InvalidValue("anchor.id", kind=self.kind.value)


HOME = Anchor()


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """Time off inside a shift. It starts from ``earliest`` to ``latest``; fixed if they agree.

    A break is taken between two visits and may interrupt the way. It is not owed by a route that
    is over by ``earliest`` or begins after ``latest``.
    """

    earliest: datetime
    latest: datetime
    duration_s: int

    def __post_init__(self) -> None:
        checks.aware("break", self.earliest, self.latest)
        checks.duration("break.duration_s", self.duration_s)
        if elapsed_s(self.earliest, self.latest) < 0:
            raise InvalidValue(
                "break.reversed", start=self.earliest.isoformat(), end=self.latest.isoformat()
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """Time a technician is away: leave, sickness, training."""

    start: datetime
    end: datetime
    reason: str = ""

    def __post_init__(self) -> None:
        checks.aware("absence", self.start, self.end)
        checks.name("absence.reason", self.reason)
        if elapsed_s(self.start, self.end) <= 0:
            raise InvalidValue(
                "absence.reversed", start=self.start.isoformat(), end=self.end.isoformat()
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """One stretch of a technician's working time; a route is what is done in it."""

    id: str
    start: datetime
    end: datetime
    start_at: Anchor = HOME
    end_at: Anchor = HOME
    breaks: tuple[Break, ...] = ()
    overtime_s: int = 0
    """How far past ``end`` the route may run, at the price of overtime."""
    max_jobs: int | None = None
    max_travel_s: int | None = None

    def __post_init__(self) -> None:
        checks.identifier("shift.id", self.id)
        checks.aware("shift", self.start, self.end)
        checks.duration("shift.overtime_s", self.overtime_s)
        checks.few("shift.breaks", self.breaks, checks.MOST_BREAKS)
        if elapsed_s(self.start, self.end) <= 0:
            raise InvalidValue(
                "shift.reversed", start=self.start.isoformat(), end=self.end.isoformat()
            )
        if self.max_jobs is not None:
            checks.within("shift.max_jobs", self.max_jobs, 0, 10_000)
        if self.max_travel_s is not None:
            checks.duration("shift.max_travel_s", self.max_travel_s)

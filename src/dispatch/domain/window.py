"""When a visit may start."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dispatch.domain import checks
from dispatch.domain.clock import elapsed_s
from dispatch.errors import InvalidValue


class WindowKind(StrEnum):
    """A hard window holds; missing a preferred one has a price."""

    HARD = "hard"
    PREFERRED = "preferred"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A visit may start from ``start`` to ``end``, both included."""

    start: datetime
    end: datetime
    kind: WindowKind = WindowKind.HARD

    def __post_init__(self) -> None:
        checks.aware("window", self.start, self.end)
        if elapsed_s(self.start, self.end) < 0:
            raise InvalidValue(
                "window.reversed", start=self.start.isoformat(), end=self.end.isoformat()
            )

"""A proposal: who goes where and when, what is left out and why, what it costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from dispatch.errors import Value


class CostKind(StrEnum):
    """The components of a plan's cost; each has its prices in the policy."""

    TRAVEL_TIME = "travel_time"
    DISTANCE = "distance"
    WAGE = "wage"
    OVERTIME = "overtime"
    SHIFT_USED = "shift_used"
    VISIT_FEE = "visit_fee"
    LATENESS = "lateness"
    WORST_LATENESS = "worst_lateness"
    PREFERRED_WINDOW = "preferred_window"
    NOT_PREFERRED_TECHNICIAN = "not_preferred_technician"
    OVER_QUALIFIED = "over_qualified"
    FOREIGN_TERRITORY = "foreign_territory"
    UNFAIRNESS = "unfairness"
    PROMISE_MOVED = "promise_moved"
    TECHNICIAN_SWAPPED = "technician_swapped"
    ORDER_CHANGED = "order_changed"
    UNSERVED = "unserved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """Travel between two places of a route.

    A place is named ``home``, ``outlet:ID`` or ``site:ID``.
    """

    origin: str
    destination: str
    depart: datetime
    arrive: datetime
    """Later than ``depart`` plus ``travel_s`` where a break interrupts the way."""
    travel_s: int
    distance_m: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedVisit:
    """One visit with all its times: arrive, wait, start (set up, work), end."""

    job: str
    seat: int
    arrive: datetime
    start: datetime
    end: datetime
    setup_s: int = 0
    """Part of start to end."""
    lateness_s: int = 0
    """How far ``end`` lies past the SLA due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedBreak:
    """A break taken."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """What one technician does in one shift. Only shifts with work have a route."""

    technician: str
    shift: str
    depart: datetime
    """Leaving the start place (or starting the first visit, where the start is open)."""
    finish: datetime
    """Being at the end place (or ending the last visit, where the end is open)."""
    visits: tuple[PlannedVisit, ...]
    legs: tuple[Leg, ...]
    breaks: tuple[PlannedBreak, ...] = ()
    overtime_s: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a job is left out, or why one technician could not take it.

    The sentence stands in :mod:`dispatch.texts` under ``reason.CODE``.
    """

    code: str
    technician: str | None = None
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unassigned:
    """A job the plan leaves out."""

    job: str
    reasons: tuple[Reason, ...] = ()
    """The first is the one to tell the customer; then the first rule that fails for each
    technician."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """One step of the improvement curve."""

    seconds: float
    cost_minor: int
    unserved: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Routes, what is left out, what it costs, and how it came to be."""

    day: str
    """The day's id."""
    currency: str
    routes: tuple[Route, ...]
    unassigned: tuple[Unassigned, ...]
    costs_minor: Mapping[CostKind, int]
    engine: str = ""
    seed: int = 0
    seconds: float = 0.0
    travel: str = ""
    """By which travel times, as they name themselves."""
    curve: tuple[Progress, ...] = ()
    lower_bound_minor: int | None = None
    """No plan of the day costs less; None where nobody has looked."""

    @property
    def gap(self) -> float | None:
        """The part of the cost that a better plan could save at most, 0 to 1."""
        if self.lower_bound_minor is None:
            return None
        if self.lower_bound_minor >= self.cost_minor:  # but for the rounding of each item
            return 0.0
        return 1 - self.lower_bound_minor / self.cost_minor

    @property
    def cost_minor(self) -> int:
        """The sum of all components."""
        return sum(self.costs_minor.values())

"""What is measured: a record for each run, as it stands in the JSON-lines files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

Key: TypeAlias = tuple[object, ...]
"""Tells a run from all others of its part."""
EVERYTHING = "everything"
"""The piece of an ablation that switches nothing off."""


class Measured(Protocol):
    """One run and what came of it."""

    @property
    def key(self) -> Key:
        """The same for the same run, made again."""
        ...

    @property
    def line(self) -> str:
        """What is said when it has ended."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRun:
    """One engine on one instance of a published set, with one seed and one limit."""

    group: str
    """The set, and the folder where that has another name."""
    instance: str
    engine: str
    seed: int
    time_s: float
    """The limit."""
    seconds: float = 0.0
    """What the run took."""
    cost: float | None = None
    """In the set's own unit; None without a plan."""
    best_known: float | None = None
    """None unless our checker reproduces it."""
    gap_pct: float | None = None
    """None unless everybody is served and all rules hold."""
    unserved: int = 0
    verified: bool = False
    solution: str | None = None
    message: str = ""
    """What went wrong, where something did."""
    lacks: list[str] = field(default_factory=list)
    """What the engine cannot express of this instance; then nothing was run."""

    @property
    def key(self) -> Key:
        """Instance, engine, seed and limit."""
        return (self.group, self.instance, self.engine, self.seed, self.time_s)

    @property
    def is_whole(self) -> bool:
        """Whether everybody is served and all rules hold."""
        return self.verified and not self.unserved

    @property
    def line(self) -> str:
        """The gap, or why there is none."""
        what = f"{self.group} {self.instance}: {self.engine}, {self.time_s:g} s, seed {self.seed}"
        if self.lacks:
            return f"{what}: cannot express {', '.join(self.lacks)}"
        trouble = f" ({self.message})" if self.message else ""
        return f"{what}: {outcome(self.gap_pct, self.cost, self.unserved)}{trouble}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AblationRun:
    """The engine ``lns`` on one instance, without one of its pieces."""

    group: str
    instance: str
    piece: str
    """What is switched off; ``everything`` for nothing."""
    parameters: dict[str, float]
    """What was set to switch it off."""
    seed: int
    time_s: float
    seconds: float
    iterations: int
    cost: float | None
    best_known: float | None
    gap_pct: float | None
    unserved: int
    verified: bool

    @property
    def key(self) -> Key:
        """Instance, parameters, seed and limit."""
        changed = tuple(sorted(self.parameters.items()))
        return (self.group, self.instance, self.piece, changed, self.seed, self.time_s)

    @property
    def line(self) -> str:
        """The gap, or why there is none."""
        what = f"{self.group} {self.instance}: {self.piece}, {self.time_s:g} s, seed {self.seed}"
        return f"{what}: {outcome(self.gap_pct, self.cost, self.unserved)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvergenceRun:
    """How the gap of one run fell."""

    group: str
    instance: str
    engine: str
    seed: int
    time_s: float
    points: list[tuple[float, float]]
    """(seconds, gap in percent) of each better plan that serves everybody; may be empty."""

    @property
    def key(self) -> Key:
        """Instance, engine, seed and limit."""
        return (self.group, self.instance, self.engine, self.seed, self.time_s)

    @property
    def line(self) -> str:
        """The last gap."""
        what = f"{self.group} {self.instance}: {self.engine}, {self.time_s:g} s"
        last = f"{self.points[-1][1]:.2f} %" if self.points else "nothing to compare"
        return f"{what}: {last}, {len(self.points)} points"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRun:
    """One engine on one day of the demo city, or on the part of it that peers can express."""

    size: str
    seed: int
    """Of the day and of the engine."""
    engine: str
    common: bool
    """Whether only the common part of the rules was solved."""
    time_s: float
    seconds: float
    total: int
    """Jobs; of the common part visits."""
    served: int
    first_s: float | None
    """When there was a plan that serves anybody."""
    travel_h: float
    verified: bool
    """By the checker that shares nothing with the solver; of the common part, by exact timing."""
    late_min: float | None = None
    """Of all visits together. None for the common part, as are the next three."""
    cost: float | None = None
    bound: float | None = None
    """No plan of the day costs less."""
    currency: str | None = None

    @property
    def key(self) -> Key:
        """Day, engine, limit, and whether it is the common part."""
        return (self.size, self.seed, self.engine, self.common, self.time_s)

    @property
    def line(self) -> str:
        """What was served, the hours on the way and the cost."""
        what = f"{self.size} {self.seed}{', common part' if self.common else ''}"
        served = f"{self.served} of {self.total}, {self.travel_h:.1f} h of travel"
        price = "" if self.cost is None else f", cost {self.cost:,.0f}"
        return f"{what}: {self.engine}, {self.time_s:g} s: {served}{price}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRun:
    """One kind of request of a service over a record, and its own statements by bare psycopg."""

    what: str
    jobs: int
    """In the record."""
    times: int
    """How often it was asked."""
    statements: int
    transactions: int
    """Of the last one; 0 where nothing was put beside it."""
    served_ms: float | None
    """The median over HTTP, as is what follows but for p95."""
    served_p95_ms: float | None
    bare_ms: float | None
    """By psycopg; None where nothing was put beside it."""
    bare_p95_ms: float | None
    check_ms: float | None
    """Of a claim: to see that it fits the route."""
    memory_mb: float
    """PSS of the server afterwards."""
    peak_mb: float
    """The most of its RSS so far."""

    @property
    def key(self) -> Key:
        """What was asked, of how many jobs."""
        return (self.what, self.jobs)

    @property
    def ratio(self) -> float | None:
        """How many times its own SQL it takes."""
        return self.served_ms / self.bare_ms if self.served_ms and self.bare_ms else None

    @property
    def rest_ms(self) -> float | None:
        """What is neither SQL nor the route check."""
        if self.served_ms is None or self.bare_ms is None or self.check_ms is None:
            return None
        return self.served_ms - self.bare_ms - self.check_ms

    @property
    def ratio_without_check(self) -> float | None:
        """The same without the route check, which is no matter of the record."""
        if self.rest_ms is None or not self.bare_ms:
            return None
        return (self.rest_ms + self.bare_ms) / self.bare_ms

    @property
    def line(self) -> str:
        """The ratio, or the time alone."""
        what = f"{self.what}, {self.jobs:,} jobs, {self.times} times: {self.served_ms or 0:.1f} ms"
        beside = "" if self.ratio is None else f", {self.ratio:.1f} times its SQL"
        return f"{what}{beside}; server {self.memory_mb:.0f} MB"


def outcome(gap_pct: float | None, cost: float | None, unserved: int) -> str:
    """What came of a run, in few words."""
    if gap_pct is not None:
        return f"gap {gap_pct:.2f} %"
    if cost is None:
        return "no plan"
    return f"{unserved} left out" if unserved else f"cost {cost:,.0f}"

"""What the page is made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dispatch.domain.day import Day
from dispatch.domain.plan import CostKind, Plan
from dispatch.errors import Finding
from dispatch.report.kpis import Kpis
from dispatch.report.sketch import Sketch


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A plan with its pictures, its figures and what is known about it."""

    day: Day
    plan: Plan
    sketch: Sketch
    kpis: Kpis
    findings: Sequence[Finding] | None = None
    """The verifier's; none at all if nobody asked it."""
    costs_by_technician: Mapping[str | None, Mapping[CostKind, int]] = field(default_factory=dict)
    """In minor units, by technician's id; under None what nobody causes. Empty if not known."""
    attribution: str = ""
    tiles: str | None = None
    """Address of map tiles with ``{z}``, ``{x}`` and ``{y}``; none for a page without network."""
    lang: str = "en"

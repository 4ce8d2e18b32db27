"""The person who is routed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dispatch.domain import checks
from dispatch.domain.position import Position
from dispatch.domain.shift import Absence, Shift
from dispatch.domain.skill import HeldSkill


@dataclass(frozen=True, slots=True, kw_only=True)
class Technician:
    """Skills, shifts, home and what is particular to this one."""

    id: str
    name: str = ""
    home: Position | None = None
    outlet: str | None = None
    skills: tuple[HeldSkill, ...] = ()
    shifts: tuple[Shift, ...] = ()
    absences: tuple[Absence, ...] = ()
    territories: tuple[str, ...] = ()
    """Where they work; empty means everywhere."""
    profile: str = "car"
    """How they travel; a profile of the travel times."""
    duration_factor: float = 1.0
    """Their time on a visit as a part of the usual one: 0.9 is quicker, 1.2 slower."""
    job_type_factors: Mapping[str, float] = field(default_factory=dict)
    """The same for single job types, multiplied with ``duration_factor``."""
    capacity: Mapping[str, int] = field(default_factory=dict)
    """How much of each part the van carries; a part not named is not carried."""
    contractor: bool = False
    wage_minor_per_h: int | None = None
    """Instead of the policy's."""
    visit_minor: int = 0
    """Paid for each visit: usual for contractors."""
    work_ahead_s: int = 0
    """How much longer than their share they have been on visits the days before; below zero:
    shorter."""

    def __post_init__(self) -> None:
        checks.identifier("technician.id", self.id)
        checks.name("technician.name", self.name)
        checks.few("technician.shifts", self.shifts, checks.MOST_SHIFTS)
        checks.few("technician.absences", self.absences, checks.MOST_ABSENCES)
        for name in ("skills", "territories", "job_type_factors"):
            checks.few(f"technician.{name}", getattr(self, name), checks.MOST_HELD)
        checks.distinct("technician.skills", (held.skill for held in self.skills))
        checks.distinct("technician.shifts", (shift.id for shift in self.shifts))
        checks.within("technician.duration_factor", self.duration_factor, 0.1, 10)
        for job_type, factor in self.job_type_factors.items():
            checks.within(f"technician.job_type_factors.{job_type}", factor, 0.1, 10)
        checks.amounts("technician.capacity", self.capacity)
        checks.price("technician.visit_minor", self.visit_minor)
        checks.within(
            "technician.work_ahead_s", self.work_ahead_s, -checks.LONGEST_S, checks.LONGEST_S
        )
        if self.wage_minor_per_h is not None:
            checks.price("technician.wage_minor_per_h", self.wage_minor_per_h)

    def held(self, skill: str) -> HeldSkill | None:
        """Their cell of the skill matrix, expired or not."""
        return next((held for held in self.skills if held.skill == skill), None)

"""How big a sample day is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Counts of a sample day, and how much of its work is long."""

    name: str
    technicians: int
    jobs: int
    long_share: float
    """Part of the jobs drawn from the long job types: fewer jobs a head, more work in each."""
    away: int
    """Technicians away for the whole day."""
    impossible: int
    """Jobs nobody can do, each for a reason of its own kind."""


SIZES = {
    size.name: size
    for size in (
        Size(name="small", technicians=8, jobs=60, long_share=0.5, away=0, impossible=2),
        Size(name="city", technicians=40, jobs=400, long_share=0.19, away=1, impossible=4),
        Size(name="large", technicians=100, jobs=1_000, long_share=0.18, away=3, impossible=8),
        Size(name="huge", technicians=1_000, jobs=10_000, long_share=0.18, away=3, impossible=8),
    )
}

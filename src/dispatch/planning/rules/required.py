"""Only the technicians whom a job requires may do it."""

from __future__ import annotations

from dispatch.planning.duty import Duty
from dispatch.planning.rules.rule import Miss, Rule
from dispatch.planning.visit import Visit


def _asks(visit: Visit) -> tuple[str, ...]:
    return visit.job.required_technicians


def _offers(duty: Duty) -> str:
    return duty.technician.id


def _compare(required: tuple[str, ...], technician: str) -> Miss | None:
    if not required or technician in required:
        return None
    return Miss("technician.required", {"required": ", ".join(required)})


REQUIRED = Rule(_asks, _offers, _compare)

"""Nobody does a job that they are kept away from."""

from __future__ import annotations

from dispatch.planning.duty import Duty
from dispatch.planning.rules.rule import Miss, Rule
from dispatch.planning.visit import Visit


def _asks(visit: Visit) -> tuple[str, ...]:
    return visit.job.prohibited_technicians


def _offers(duty: Duty) -> str:
    return duty.technician.id


def _compare(prohibited: tuple[str, ...], technician: str) -> Miss | None:
    return Miss("technician.prohibited") if technician in prohibited else None


PROHIBITED = Rule(_asks, _offers, _compare)

"""A job that prefers somebody else may be done, at a price."""

from __future__ import annotations

from dispatch.domain.plan import CostKind
from dispatch.domain.policy import Policy
from dispatch.planning.duty import Duty
from dispatch.planning.rules.rule import Price
from dispatch.planning.visit import Visit


def _asks(visit: Visit) -> tuple[str, ...]:
    return visit.job.preferred_technicians


def _offers(duty: Duty) -> str:
    return duty.technician.id


def _compare(preferred: tuple[str, ...], technician: str, policy: Policy) -> int:
    if not preferred or technician in preferred:
        return 0
    return policy.not_preferred_technician_minor


NOT_PREFERRED = Price(CostKind.NOT_PREFERRED_TECHNICIAN, _asks, _offers, _compare)

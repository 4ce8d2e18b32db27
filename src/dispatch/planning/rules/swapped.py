"""A visit that was published for one technician may go to another, at a price."""

from __future__ import annotations

from dispatch.domain.plan import CostKind
from dispatch.domain.policy import Policy
from dispatch.planning.duty import Duty
from dispatch.planning.rules.rule import Price
from dispatch.planning.visit import Visit


def _asks(visit: Visit) -> str | None:
    return visit.published.technician if visit.published else None


def _offers(duty: Duty) -> str:
    return duty.technician.id


def _compare(published: str | None, technician: str, policy: Policy) -> int:
    return 0 if published in (None, technician) else policy.technician_swapped_minor


SWAPPED = Price(CostKind.TECHNICIAN_SWAPPED, _asks, _offers, _compare)

"""A technician who is paid by the visit costs the fee."""

from __future__ import annotations

from dispatch.domain.plan import CostKind
from dispatch.domain.policy import Policy
from dispatch.planning.duty import Duty
from dispatch.planning.rules.rule import Price
from dispatch.planning.visit import Visit


def _asks(_visit: Visit) -> None:
    return None


def _offers(duty: Duty) -> int:
    return duty.technician.visit_minor


def _compare(_nothing: None, fee: int, _policy: Policy) -> int:
    return fee


VISIT_FEE = Price(CostKind.VISIT_FEE, _asks, _offers, _compare)

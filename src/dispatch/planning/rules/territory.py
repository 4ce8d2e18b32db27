"""A technician works in their territories; elsewhere not at all, or at a price."""

from __future__ import annotations

from dispatch.domain.plan import CostKind
from dispatch.domain.policy import Policy
from dispatch.planning.duty import Duty
from dispatch.planning.rules.rule import Miss, Price, Rule
from dispatch.planning.visit import Visit


def _asks(visit: Visit) -> str | None:
    return visit.site.territory


def _offers(duty: Duty) -> tuple[str, ...]:
    return duty.technician.territories


def foreign(territory: str | None, own: tuple[str, ...]) -> bool:
    """Whether a site lies outside; a site without one lies nowhere, and none means everywhere."""
    return territory is not None and bool(own) and territory not in own


def _compare(territory: str | None, own: tuple[str, ...]) -> Miss | None:
    if not foreign(territory, own):
        return None
    return Miss("territory", {"territory": territory or "", "own": ", ".join(own)})


def _price(territory: str | None, own: tuple[str, ...], policy: Policy) -> int:
    return policy.foreign_territory_minor if foreign(territory, own) else 0


TERRITORY = Rule(_asks, _offers, _compare)
FOREIGN_TERRITORY = Price(CostKind.FOREIGN_TERRITORY, _asks, _offers, _price)

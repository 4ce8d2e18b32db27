"""Sites, and the assets that stand there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from dispatch.domain import checks
from dispatch.domain.actor import Actor
from dispatch.domain.site import Site
from dispatch.errors import InvalidValue
from dispatch.store.database import Database
from dispatch.store.ids import new_id
from dispatch.store.keeping import add_keyed, own_outlet
from dispatch.store.kinds.kind import Frame, Span
from dispatch.store.kinds.places import Sites
from dispatch.store.rows.customers import AssetRow, CustomerRow, SiteRow
from dispatch.store.work import Work, expect

MOST_WORDS = 500
MOST_SAID = 20_000
"""Characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFacts:
    """A site in the words of the day format, and what is not in them."""

    site: Site
    customer: str | None = None
    zone: str | None = None
    """IANA name, where it is not the network's."""

    def __post_init__(self) -> None:
        for name in ("name", "address"):
            checks.within(f"site.{name}", len(getattr(self.site, name)), 0, MOST_WORDS)
        if self.zone is not None:
            try:
                ZoneInfo(self.zone)
            except (KeyError, ValueError, OSError):
                raise InvalidValue("day.zone", value=self.zone[:120]) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A product that stands at a site."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}
    """What is sent as one of these has no other fields."""

    site: str
    product: str
    warranty_until: date | None = None
    """The last day."""
    said: Mapping[str, Any] = field(default_factory=dict)
    """What its maker wants to be known besides."""

    def __post_init__(self) -> None:
        checks.words("asset.product", self.product, MOST_WORDS)
        checks.within("asset.said", len(self.said), 0, 100)
        checks.size("asset.said", self.said, MOST_SAID)


def create_site(
    database: Database, actor: Actor, facts: SiteFacts, *, outlet: str | None = None
) -> UUID:
    """Write down where work is to be done.

    Raises
    ------
    Missing
        There is no such customer, territory or outlet.
    Refused
        ``key.taken``
    """
    with database.work(actor) as work:
        row = SiteRow(id=new_id(), key=facts.site.id, outlet_id=own_outlet(work, outlet))
        _write_site(work, row, facts)
        return work.commit(add_keyed(work, row))


def change_site(
    database: Database, actor: Actor, site_id: UUID, facts: SiteFacts, *, expected: int
) -> None:
    """Mend a site; its key stays. Raises Missing and Stale."""
    with database.work(actor) as work:
        row = work.get(SiteRow, site_id, lock=True)
        expect(row, expected)
        _write_site(work, row, facts)
        work.note("site.changed", row)
        work.commit()


def create_asset(database: Database, actor: Actor, serial: str, asset: Asset) -> UUID:
    """Write down what stands at a site; raises Missing, and Refused ``key.taken``."""
    checks.identifier("asset.serial", serial)
    with database.work(actor) as work:
        row = AssetRow(id=new_id(), key=serial)
        _write_asset(work, row, asset)
        return work.commit(add_keyed(work, row))


def change_asset(
    database: Database, actor: Actor, asset_id: UUID, asset: Asset, *, expected: int
) -> None:
    """Mend it, or say that it stands elsewhere; raises Missing and Stale."""
    with database.work(actor) as work:
        row = work.get(AssetRow, asset_id, lock=True)
        expect(row, expected)
        _write_asset(work, row, asset)
        work.note("asset.changed", row)
        work.commit()


def _write_site(work: Work, row: SiteRow, facts: SiteFacts) -> None:
    Sites().write(row, facts.site, Frame(work.session, Span(work.now, work.now)))
    row.zone = facts.zone
    customer = facts.customer
    row.customer_id = None if customer is None else work.by_key(CustomerRow, customer).id


def _write_asset(work: Work, row: AssetRow, asset: Asset) -> None:
    row.site_id = work.by_key(SiteRow, asset.site).id
    row.product, row.warranty_until = asset.product, asset.warranty_until
    row.said = dict(asset.said)

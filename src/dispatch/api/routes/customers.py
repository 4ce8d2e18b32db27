"""Customers, their contacts, sites and assets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response, status
from pydantic import BaseModel, Field, StringConstraints
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from dispatch.api.asked import OfCustomer, OfOutlet
from dispatch.api.caller import REPEATABLE, TheCaller
from dispatch.api.paging import USUAL, After, Limit, Page, page_of
from dispatch.api.sent import Plainly, Sent
from dispatch.api.texts import Key, Name
from dispatch.api.versions import Seen, tag
from dispatch.domain.datum import Datum, in_wgs84
from dispatch.domain.site import Site
from dispatch.operations.customers.customers import (
    Contact,
    Customer,
    add_contact,
    change_customer,
    create_customer,
    remove_contact,
)
from dispatch.operations.customers.sites import (
    Asset,
    SiteFacts,
    change_asset,
    change_site,
    create_asset,
    create_site,
)
from dispatch.store.filters import is_called, is_under
from dispatch.store.rows.customers import AssetRow, CustomerRow, SiteRow

router = APIRouter(tags=["customers"])


class NewCustomer(Sent):
    """A customer, by an id of the caller's own."""

    id: Key
    customer: Customer
    outlet: Key | None = None


class Sought(Sent):
    """A part of an id, a name, a telephone number, a mail address or a street."""

    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=100)]


class CustomerView(BaseModel):
    """A customer and whom to call."""

    id: UUID
    version: int
    key: str
    name: str
    language: str
    contacts: list[ContactView]

    @staticmethod
    def of(row: CustomerRow) -> CustomerView:
        """As it is kept."""
        return CustomerView(
            id=row.id,
            version=row.version,
            key=row.key,
            name=row.name,
            language=row.language,
            contacts=[
                ContactView(id=who.id, name=who.name, phone=who.phone, email=who.email)
                for who in row.contacts
            ],
        )


class ContactView(BaseModel):
    """A person at a customer."""

    id: UUID
    name: str
    phone: str
    email: str


class SiteBody(Sent):
    """Where work is to be done."""

    id: Key
    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]
    datum: Datum = Datum.WGS84
    """As a Chinese map has it, or as the rest of the world has it; kept as WGS-84."""
    name: Name = ""
    address: Annotated[str, Field(max_length=500)] = ""
    territory: Key | None = None
    setup_s: Annotated[int, Field(ge=0, le=86_400)] = 0
    customer: Key | None = None
    zone: Annotated[str, Field(max_length=64)] | None = None

    def facts(self) -> SiteFacts:
        """In our words."""
        site = Site(
            id=self.id,
            position=in_wgs84(self.lat, self.lon, self.datum),
            name=self.name,
            address=self.address,
            territory=self.territory,
            setup_s=self.setup_s,
        )
        return SiteFacts(site=site, customer=self.customer, zone=self.zone)


class NewSite(SiteBody):
    """A site, and which outlet takes care of it."""

    outlet: Key | None = None


class SiteView(BaseModel):
    """A site, in WGS-84."""

    id: UUID
    version: int
    key: str
    lat: float
    lon: float
    name: str
    address: str
    territory: str | None
    setup_s: int
    customer: UUID | None
    zone: str | None

    @staticmethod
    def of(row: SiteRow) -> SiteView:
        """As it is kept."""
        return SiteView(
            id=row.id,
            version=row.version,
            key=row.key,
            lat=row.lat,
            lon=row.lon,
            name=row.name,
            address=row.address,
            territory=row.territory.key if row.territory else None,
            setup_s=row.setup_s,
            customer=row.customer_id,
            zone=row.zone,
        )


class NewAsset(Sent):
    """A product, by its serial number."""

    serial: Key
    asset: Asset


class AssetView(BaseModel):
    """A product that stands at a site."""

    id: UUID
    version: int
    serial: str
    site: UUID
    product: str
    warranty_until: date | None
    said: Mapping[str, Any]

    @staticmethod
    def of(row: AssetRow) -> AssetView:
        """As it is kept."""
        return AssetView(
            id=row.id,
            version=row.version,
            serial=row.key,
            site=row.site_id,
            product=row.product,
            warranty_until=row.warranty_until,
            said=row.said,
        )


@router.get("/customers", name="customers.list")
def customers(
    caller: TheCaller,
    key: Annotated[Key | None, Query(description="Only the one of this id.")] = None,
    outlet: OfOutlet = None,
    after: After = None,
    limit: Limit = USUAL,
) -> Page[CustomerView]:
    """Who orders, by id and outlet; by names and numbers see `/customers/find`."""
    with caller.house.database.work(caller.actor) as work:
        query = select(CustomerRow).options(selectinload(CustomerRow.contacts))
        if key is not None:
            query = query.where(CustomerRow.key == key)
        if outlet is not None:
            query = query.where(is_under(CustomerRow.outlet_id, outlet))
        return page_of(work, query, CustomerRow, after, limit, CustomerView.of)


@router.post("/customers/find", name="customers.find", tags=[REPEATABLE])
def find_customers(caller: TheCaller, given: Sought) -> list[CustomerView]:
    """Who is calling: customers by what is known of them, at most fifty.

    A POST, so that names and numbers stand in no address, and in no log of one.
    """
    with caller.house.database.work(caller.actor) as work:
        query = (
            select(CustomerRow)
            .where(is_called(given.text))
            .options(selectinload(CustomerRow.contacts))
            .order_by(CustomerRow.key)
            .limit(USUAL)
        )
        return [CustomerView.of(row) for row in work.session.scalars(query)]


@router.post("/customers", name="customers.create", status_code=status.HTTP_201_CREATED)
def new_customer(caller: TheCaller, given: NewCustomer, response: Response) -> CustomerView:
    """Take in a customer."""
    made = caller.once(
        UUID,
        lambda: create_customer(
            caller.house.database, caller.actor, given.id, given.customer, outlet=given.outlet
        ),
    )
    return customer(caller, made, response)


@router.get("/customers/{customer_id}", name="customers.read")
def customer(caller: TheCaller, customer_id: UUID, response: Response) -> CustomerView:
    """One customer."""
    with caller.house.database.work(caller.actor) as work:
        row = work.get(CustomerRow, customer_id)
        tag(response, row.version)
        return CustomerView.of(row)


@router.put("/customers/{customer_id}", name="customers.change")
def mend_customer(
    caller: TheCaller, customer_id: UUID, given: Plainly[Customer], seen: Seen, response: Response
) -> CustomerView:
    """Let a customer be called otherwise."""
    change_customer(caller.house.database, caller.actor, customer_id, given, expected=seen)
    return customer(caller, customer_id, response)


@router.post(
    "/customers/{customer_id}/contacts",
    name="contacts.add",
    status_code=status.HTTP_201_CREATED,
)
def new_contact(
    caller: TheCaller, customer_id: UUID, given: Plainly[Contact], response: Response
) -> CustomerView:
    """Write down whom to call."""
    caller.once(UUID, lambda: add_contact(caller.house.database, caller.actor, customer_id, given))
    return customer(caller, customer_id, response)


@router.delete(
    "/customers/{customer_id}/contacts/{contact_id}",
    name="contacts.remove",
    status_code=status.HTTP_204_NO_CONTENT,
)
def no_contact(caller: TheCaller, customer_id: UUID, contact_id: UUID) -> None:
    """Forget somebody."""
    remove_contact(caller.house.database, caller.actor, customer_id, contact_id)


@router.get("/sites", name="sites.list")
def sites(
    caller: TheCaller,
    key: Annotated[Key | None, Query(description="Only the one of this id.")] = None,
    customer: OfCustomer = None,
    outlet: OfOutlet = None,
    after: After = None,
    limit: Limit = USUAL,
) -> Page[SiteView]:
    """Where work is done, by id, customer and outlet."""
    query = select(SiteRow)
    if key is not None:
        query = query.where(SiteRow.key == key)
    if customer is not None:
        query = query.where(SiteRow.customer_id == customer)
    if outlet is not None:
        query = query.where(is_under(SiteRow.outlet_id, outlet))
    with caller.house.database.work(caller.actor) as work:
        return page_of(work, query, SiteRow, after, limit, SiteView.of)


@router.post("/sites", name="sites.create", status_code=status.HTTP_201_CREATED)
def new_site(caller: TheCaller, given: NewSite, response: Response) -> SiteView:
    """Write down where work is to be done."""
    made = caller.once(
        UUID,
        lambda: create_site(
            caller.house.database, caller.actor, given.facts(), outlet=given.outlet
        ),
    )
    return site(caller, made, response)


@router.get("/sites/{site_id}", name="sites.read")
def site(caller: TheCaller, site_id: UUID, response: Response) -> SiteView:
    """One site."""
    with caller.house.database.work(caller.actor) as work:
        row = work.get(SiteRow, site_id)
        tag(response, row.version)
        return SiteView.of(row)


@router.put("/sites/{site_id}", name="sites.change")
def mend_site(
    caller: TheCaller, site_id: UUID, given: SiteBody, seen: Seen, response: Response
) -> SiteView:
    """Mend a site; its id stays."""
    change_site(caller.house.database, caller.actor, site_id, given.facts(), expected=seen)
    return site(caller, site_id, response)


@router.get("/assets", name="assets.list")
def assets(
    caller: TheCaller,
    serial: Annotated[Key | None, Query(description="Only the one of this number.")] = None,
    site: Annotated[UUID | None, Query(description="That stand at this site.")] = None,
    customer: OfCustomer = None,
    after: After = None,
    limit: Limit = USUAL,
) -> Page[AssetView]:
    """What stands at sites, by serial number, site and customer."""
    query = select(AssetRow)
    if serial is not None:
        query = query.where(AssetRow.key == serial)
    if site is not None:
        query = query.where(AssetRow.site_id == site)
    if customer is not None:
        query = query.where(
            AssetRow.site_id.in_(select(SiteRow.id).where(SiteRow.customer_id == customer))
        )
    with caller.house.database.work(caller.actor) as work:
        return page_of(work, query, AssetRow, after, limit, AssetView.of)


@router.post("/assets", name="assets.create", status_code=status.HTTP_201_CREATED)
def new_asset(caller: TheCaller, given: NewAsset, response: Response) -> AssetView:
    """Write down what stands at a site."""
    made = caller.once(
        UUID,
        lambda: create_asset(caller.house.database, caller.actor, given.serial, given.asset),
    )
    return asset(caller, made, response)


@router.get("/assets/{asset_id}", name="assets.read")
def asset(caller: TheCaller, asset_id: UUID, response: Response) -> AssetView:
    """One of them."""
    with caller.house.database.work(caller.actor) as work:
        row = work.get(AssetRow, asset_id)
        tag(response, row.version)
        return AssetView.of(row)


@router.put("/assets/{asset_id}", name="assets.change")
def mend_asset(
    caller: TheCaller, asset_id: UUID, given: Plainly[Asset], seen: Seen, response: Response
) -> AssetView:
    """Mend it, or say that it stands elsewhere."""
    change_asset(caller.house.database, caller.actor, asset_id, given, expected=seen)
    return asset(caller, asset_id, response)

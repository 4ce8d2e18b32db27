"""What managers do to people, places and prices."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from tests.planning.made import spot
from tests.proofs.simulation.wanted import NOTHING, Deed
from tests.proofs.simulation.world import MANAGER, Ask, Wish, World

from dispatch.domain.site import Site
from dispatch.operations.catalogue.job_types import (
    ServiceItem,
    change_service_item,
    create_service_item,
)
from dispatch.operations.customers.customers import (
    Contact,
    Customer,
    add_contact,
    change_customer,
    create_customer,
    remove_contact,
)
from dispatch.operations.customers.sites import Asset, SiteFacts, change_site, create_asset
from dispatch.operations.network.absences import add_absence, remove_absence
from dispatch.operations.network.skills import Certificate, set_skill
from dispatch.store.rows.customers import ContactRow, CustomerRow, SiteRow
from dispatch.store.rows.job_types import ServiceItemRow
from dispatch.store.rows.technicians import AbsenceRow, TechnicianRow


def absence(world: World) -> Wish | None:
    person, database = world.person(), world.database
    row = world.any(select(AbsenceRow).order_by(AbsenceRow.id.desc()))
    if row is not None and world.draw.random() < 0.5:
        owner, gone = row.technician_id, row.id
        return Wish(MANAGER, lambda by: remove_absence(database, by, owner, gone), NOTHING)
    soon = world.clock() + timedelta(minutes=int(world.draw.integers(0, 300)))
    start = world.one_of((soon, world.at(int(world.draw.integers(7, 16)))))
    end = start + timedelta(hours=int(world.draw.integers(1, 6)))
    return Wish(
        world.one_of((MANAGER, world.desk())),
        lambda by: add_absence(database, by, person, start=start, end=end, reason="ill"),
        UUID,
        ask=Ask(
            path=f"/technicians/{person}/absences",
            body={"start": start.isoformat(), "end": end.isoformat(), "reason": "ill"},
        ),
    )


def skill(world: World) -> Wish | None:
    person = world.person()
    name = world.one_of(("gas", "power", "none"), (0.5, 0.45, 0.05))
    level = world.one_of((None, 1, 3, 5))
    expires = world.one_of((None, -1, 0, 1))
    last = None if expires is None else world.day + timedelta(days=expires)
    paper = Certificate(number=f"{world.number}", issued=world.day - timedelta(days=30))
    expected = world.row(TechnicianRow, person).version
    return Wish(
        MANAGER,
        lambda by: set_skill(
            world.database,
            by,
            person,
            name,
            level,
            expires=last,
            certificate=paper,
            why="a course",
            expected=expected,
        ),
        NOTHING,
        ask=Ask(
            method="PUT",
            path=f"/technicians/{person}/skills/{name}",
            body={"level": level, "expires": last and str(last), "why": "a course"},
            expected=expected,
        ),
    )


def customer(world: World) -> Wish | None:
    """Somebody is taken in, called otherwise, or has somebody to call."""
    database, draw = world.database, world.draw
    row = world.any(select(CustomerRow).order_by(CustomerRow.id.desc()))
    if row is None or draw.random() < 0.3:
        facts = Customer(name=f"Li {world.number}")
        key = f"C-{world.number - int(draw.integers(2))}"
        return Wish(world.desk(), lambda by: create_customer(database, by, key, facts), UUID)
    contact = world.any(select(ContactRow).where(ContactRow.customer_id == row.id))
    if contact is not None and draw.random() < 0.5:
        return Wish(
            world.desk(), lambda by: remove_contact(database, by, row.id, contact.id), NOTHING
        )
    if draw.random() < 0.5:
        return Wish(
            world.desk(), lambda by: add_contact(database, by, row.id, Contact(name="Mr Li")), UUID
        )
    expected = row.version - int(draw.random() < 0.3)
    facts = Customer(name=f"Wang {world.number}", language="zh")
    return Wish(
        world.desk(),
        lambda by: change_customer(database, by, row.id, facts, expected=expected),
        NOTHING,
    )


def place(world: World) -> Wish | None:
    """A site is mended, or something stands there."""
    database = world.database
    row = world.any(select(SiteRow).order_by(SiteRow.key))
    if row is None:
        return None
    if world.draw.random() < 0.5:
        asset = Asset(site=row.key, product="boiler", said={"kW": world.money() / 7})
        return Wish(
            MANAGER, lambda by: create_asset(database, by, f"B-{world.number}", asset), UUID
        )
    site = Site(id=row.key, position=spot(*world.draw.integers(0, 10, 2).tolist()), name="moved")
    expected = row.version - int(world.draw.random() < 0.3)
    return Wish(
        MANAGER,
        lambda by: change_site(database, by, row.id, SiteFacts(site=site), expected=expected),
        NOTHING,
    )


def price(world: World) -> Wish | None:
    database = world.database
    row = world.any(select(ServiceItemRow))
    item = ServiceItem(name="Call-out", fee_minor=world.money(), currency="EUR")
    if row is None:
        return Wish(MANAGER, lambda by: create_service_item(database, by, "call", item), UUID)
    expected = row.version - int(world.draw.random() < 0.3)
    return Wish(
        MANAGER,
        lambda by: change_service_item(database, by, row.id, item, expected=expected),
        NOTHING,
    )


NETWORK: dict[Deed, float] = {
    absence: 1,
    skill: 1.2,
    customer: 2,
    place: 1,
    price: 0.5,
}
"""How often each is wanted."""

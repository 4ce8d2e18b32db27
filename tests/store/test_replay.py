"""The record is made again from the event log alone."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from tests.databases import OWNER
from tests.operations.bills import card, job_id, owed
from tests.operations.boards import TRAVEL, Desk, two_technicians
from tests.planning.made import at, held, job, technician
from tests.planning.made import day as made_day

from dispatch.domain.role import Role
from dispatch.operations.accounts.create import create_account
from dispatch.operations.customers.customers import (
    Contact,
    Customer,
    add_contact,
    create_customer,
    remove_contact,
)
from dispatch.operations.money.refund import refund_payment
from dispatch.operations.money.take import take_payment
from dispatch.operations.money.waive import waive
from dispatch.operations.network.absences import add_absence, remove_absence
from dispatch.operations.network.skills import set_skill
from dispatch.operations.pool.claim import claim_offer
from dispatch.operations.pool.offer import offer_visit
from dispatch.store.database import Database
from dispatch.store.ids import new_id
from dispatch.store.replay import Difference, Told, differences, logged_tables, replay
from dispatch.store.rows.accounts import AccountRow, IntegrationRow, SignInRow
from dispatch.store.rows.jobs import VisitRow
from dispatch.store.rows.outlets import OutletRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.tables import METADATA
from dispatch.store.told import UNLOGGED, told_columns


def test_a_day_of_work_is_made_again(database: Database) -> None:
    desk = Desk(database).imported(two_technicians())
    with database.work(OWNER) as work:
        visit = work.session.scalars(select(VisitRow.id).order_by(VisitRow.id)).first()
        person = work.by_key(TechnicianRow, "T1").id
        outlet = work.session.scalars(select(OutletRow.id)).one()
    assert visit is not None
    offer = offer_visit(database, OWNER, visit, fee_minor=5_000, expires_at=at(12))
    claim_offer(database, OWNER, offer, person, TRAVEL)
    desk.publish(desk.plan())
    desk.plan()
    absence = add_absence(database, OWNER, person, start=at(8), end=at(16), reason="ill")
    remove_absence(database, OWNER, person, absence)
    set_skill(database, OWNER, person, "gas", 3)
    set_skill(database, OWNER, person, "power", 3)
    set_skill(database, OWNER, person, "gas", 4)
    set_skill(database, OWNER, person, "power", None)
    customer = create_customer(database, OWNER, "C1", Customer(name="Li"))
    contact = add_contact(database, OWNER, customer, Contact(name="Mrs Li"))
    remove_contact(database, OWNER, customer, contact)
    owed(database, job_id(database), 10_000)
    paid = take_payment(database, OWNER, job_id(database), card(9_000, "r-1"))
    refund_payment(database, OWNER, paid, why="broken", amount_minor=500)
    waive(database, OWNER, job_id(database), why="late")
    create_account(
        database,
        OWNER,
        login="lena",
        role=Role.DISPATCHER,
        password="four words that fit",
        outlets=[outlet],
    )
    assert list(differences(database)) == []
    with database.work(OWNER) as work:
        told = set(work.session.scalars(text("SELECT DISTINCT subject_kind FROM event")))
    assert {"ledger_line", "schedule", "technician_skill", "account_outlet"} <= told


def test_a_second_import_is_told_as_well(database: Database) -> None:
    """Also what it takes away: a skill, a shift, an absence."""
    more = technician("T1", skills=(held("gas"), held("power")))
    Desk(database).imported(made_day([job()], [more]))
    Desk(database).imported(made_day([job(priority=1)], [technician("T1", shifts=())]))
    assert list(differences(database)) == []


@pytest.mark.parametrize(
    ("statement", "table", "column"),
    [
        ("UPDATE job SET priority = 1 WHERE key = 'J1'", "job", "priority"),
        ("UPDATE visit SET state = 'cancelled' WHERE seat = 0", "visit", "state"),
        ("UPDATE technician_skill SET level = 5", "technician_skill", "level"),
        ("UPDATE organisation SET zone = 'UTC'", "organisation", "zone"),
        ("DELETE FROM shift", "shift", None),
        (
            "INSERT INTO territory (id, key, name, version) VALUES (gen_random_uuid(), 'x', '', 1)",
            "territory",
            None,
        ),
    ],
)
def test_every_difference_is_named(
    database: Database, statement: str, table: str, column: str | None
) -> None:
    Desk(database).imported(made_day([job()], [technician(skills=(held(),))]))
    assert list(differences(database)) == []
    with database.connect() as connection:
        connection.execute(text(statement))
        connection.commit()
    (found,) = differences(database)
    assert (found.table, found.column) == (table, column)
    assert found.log != found.stored


def test_a_difference_says_where_and_what(database: Database) -> None:
    Desk(database).imported(made_day([job()]))
    with database.connect() as connection:
        connection.execute(text("UPDATE job SET priority = 1"))
        connection.commit()
    row = str(job_id(database))
    assert list(differences(database)) == [Difference("job", row, "priority", 3, 1)]


def test_events_are_put_together_in_their_order() -> None:
    one, other = new_id(), new_id()
    events = [
        Told("skill", one, None, {"key": "gas", "name": "Gas"}),
        Told("skill", other, None, {"key": "power"}),
        Told("skill", one, {"name": "Gas"}, {"name": "Gas, indoors", "remark": "no column"}),
        Told("skill", other, {"key": "power"}, None),
        Told("skill", one, None, None),
        Told("receipt", one, None, {"key": "left out"}),
    ]
    record = replay(events)
    assert record["skill"] == {str(one): {"key": "gas", "name": "Gas, indoors"}}
    assert "receipt" not in record


def test_tables_and_columns_that_are_left_out_are_named() -> None:
    assert logged_tables().keys() | UNLOGGED.keys() == set(METADATA.tables)
    assert logged_tables().keys() & UNLOGGED.keys() == set()
    assert "password" not in told_columns(AccountRow)
    assert "token" not in told_columns(IntegrationRow)
    assert SignInRow.__tablename__ in UNLOGGED

"""Two outlets side by side, and everybody who asks about them."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from tests.api.clients import Client, Service
from tests.api.direct import direct_client
from tests.api.furnished import DAY, Outlet, Things, fill, made
from tests.databases import OWNER, TEMPLATE, SetClock, alike, empty_database
from tests.operations.boards import TRAVEL, Desk
from tests.planning.made import day as made_day
from tests.planning.made import technician

from dispatch.api.access import CUSTOMER_LINK, scopes
from dispatch.api.app import create_app
from dispatch.api.house import House
from dispatch.domain.role import Role
from dispatch.errors import Refused
from dispatch.gateways.payments import RecordingGateway
from dispatch.operations.accounts.change import AccountEdit, change_account, revoke_integration
from dispatch.operations.accounts.refresh import end_sign_ins
from dispatch.operations.links.make import revoke_link
from dispatch.store.database import Database
from dispatch.store.embedded import Embedded
from dispatch.store.files import Files
from dispatch.store.reach import renew_reach, root_of
from dispatch.store.rows.accounts import AccountRow, IntegrationRow
from dispatch.store.rows.outlets import OutletRow
from dispatch.store.rows.technicians import TechnicianRow


class World:
    """The service with two outlets; as it was, whenever somebody asks for it anew."""

    def __init__(self, server: Embedded, folder: Path) -> None:
        self.clock = SetClock(SetClock().now + timedelta(days=1))
        self._server, self._places, self._now = server, ExitStack(), ExitStack()
        url = self._places.enter_context(empty_database(server, TEMPLATE))
        self._template = alike(Database(url, clock=self.clock))
        app = create_app(
            House(self._template, TRAVEL, files=Files(folder), payments=RecordingGateway())
        )
        http = direct_client(app)
        self.service = Service(self._template, http, app).without_streams()
        people = [technician(f"{name}{number}") for name in "AB" for number in (1, 2)]
        Desk(self._template).imported(made_day([], people))
        self.here, self.there = (_outlet(self.service, name) for name in "AB")
        for outlet in (self.here, self.there):
            fill(outlet)
        self.shared = _shared(self.service)
        self.clients = self._clients()
        self._template.close()

    def _clients(self) -> dict[str, Client]:
        """Everybody of the first outlet, by role and scope."""
        assert self.here.customer is not None
        desks = {role.value: self.here.desk(role) for role in (Role.MANAGER, Role.DISPATCHER)}
        return {
            **desks,
            Role.OWNER.value: self.service.signed_in(Role.OWNER),
            Role.TECHNICIAN.value: self.here.phone(1),
            CUSTOMER_LINK: self.here.customer,
            **{scope: self.here.program(scope) for scope in sorted(scopes())},
        }

    @property
    def database(self) -> Database:
        return self.service.database

    def anew(self) -> None:
        """Everything is as it was."""
        self._now.close()
        name = self._template.url.database
        url = self._now.enter_context(empty_database(self._server, name))
        database = alike(Database(url, clock=self.clock))
        self._now.callback(database.close)
        self.service.database = database
        state = self.service.app.state
        state.house = replace(state.house, database=database)

    @contextmanager
    def expired(self) -> Generator[None]:
        """Two days later."""
        self.clock.forward(days=2)
        yield
        self.clock.forward(days=-2)

    @contextmanager
    def revoked(self) -> Generator[None]:
        """Every account is closed, every key and every link taken away."""
        for link in (self.here.things["link"], self.here.own_link):
            revoke_link(self.database, OWNER, UUID(link))
        with self.database.work(OWNER) as work:
            accounts = list(work.session.scalars(select(AccountRow.id)))
            keys = list(work.session.scalars(select(IntegrationRow.id)))
        for account in accounts:
            with suppress(Refused):  # of the last owner, who stays: then every sign-in is ended
                edit = AccountEdit(active=False)
                change_account(self.database, OWNER, account, edit, expected=None)
        with self.database.work(OWNER) as work:
            for row in work.session.scalars(select(AccountRow).where(AccountRow.active)):
                end_sign_ins(work, row.id, "test")
            work.commit()
        for key in keys:
            revoke_integration(self.database, OWNER, key)
        yield

    def end(self) -> None:
        """Put everything away."""
        self._now.close()
        self._places.close()


def _outlet(service: Service, name: str) -> Outlet:
    with service.database.work(OWNER) as work:
        row = OutletRow(key=name, name=name, parent_id=root_of(work.session).id)
        work.session.add(row)
        renew_reach(work.session)
        rows = work.session.scalars(select(TechnicianRow).where(TechnicianRow.key.startswith(name)))
        people = {}
        for person in rows:
            person.outlet_id = row.id
            people[person.key] = str(person.id)
        work.commit()
        return Outlet(name, str(row.id), service, people)


def _shared(service: Service) -> Things:
    """What belongs to no outlet."""
    owner = service.signed_in(Role.OWNER)
    item = {"name": "Call-out", "fee_minor": 100, "currency": "EUR"}
    new = {"login": "somebody", "role": "dispatcher", "password": "four words that fit"}
    new |= {"whole_network": True}
    key = {"name": "k", "scopes": ["jobs.read"], "whole_network": True}
    return {
        "day": DAY,
        "account": made(owner, "/accounts", new)["id"],
        "integration": made(owner, "/integrations", key)["id"],
        "territory": owner.get("/territories").json()["items"][0]["id"],
        "skill_id": owner.get("/skills").json()["items"][0]["id"],
        "skill": "gas",
        "job_type_id": owner.get("/job-types").json()["items"][0]["id"],
        "item_id": made(owner, "/service-items", {"id": "call", "item": item})["id"],
    }

"""A service on a database of its own, and people who use it."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2 as httpx
import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from sqlalchemy import select
from tests.api.direct import direct_client
from tests.databases import OWNER
from tests.operations.boards import TRAVEL, Desk, two_technicians

from dispatch.api.app import create_app
from dispatch.api.house import House
from dispatch.api.live import Live
from dispatch.domain.role import Role
from dispatch.operations.accounts import secrets
from dispatch.operations.accounts.create import create_account, create_integration
from dispatch.operations.accounts.reach import DESK
from dispatch.operations.accounts.sign_in import sign_in
from dispatch.store.database import Database
from dispatch.store.files import Files
from dispatch.store.rows.technicians import TechnicianRow

PASSWORD = "four words that fit"
_key = count(1)


@dataclass
class Client:
    """Somebody who is signed in."""

    http: httpx.Client
    token: str

    def get(self, path: str, **given: Any) -> httpx.Response:
        return self.ask("GET", path, **given)

    def post(self, path: str, body: Any = None, **given: Any) -> httpx.Response:
        headers = {"Idempotency-Key": f"test-{next(_key)}"} | given.pop("headers", {})
        return self.ask("POST", path, json=body, headers=headers, **given)

    def edit(self, path: str, body: Any = None, **given: Any) -> httpx.Response:
        """A POST that edits what stands above it in the path, as it is now."""
        seen = self.get(path.rpartition("/")[0]).headers.get("ETag", '"1"')
        return self.post(path, body, headers={"If-Match": seen} | given.pop("headers", {}), **given)

    def send(self, visit: object, content: object, **asked: Any) -> httpx.Response:
        """A photo for a visit."""
        path = f"/me/visits/{visit}/evidence"
        headers = {"Content-Type": asked.pop("declared", "image/jpeg")}
        params = {"kind": "photo", **asked}
        return self.ask("POST", path, content=content, params=params, headers=headers)

    def ask(self, method: str, path: str, **given: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"} | given.pop("headers", {})
        return self.http.request(method, f"/v1{path}", headers=headers, **given)


@dataclass
class Service:
    """The service, and accounts in it."""

    database: Database
    http: httpx.Client
    app: FastAPI
    people: dict[str, Client] = field(default_factory=dict)

    def signed_in(
        self,
        role: Role,
        *,
        login: str = "",
        technician: UUID | None = None,
        outlets: tuple[UUID, ...] = (),
    ) -> Client:
        name = login or role.value
        if name not in self.people:
            create_account(
                self.database,
                OWNER,
                login=name,
                role=role,
                password=PASSWORD,
                technician=technician,
                outlets=outlets,
                whole_network=role in DESK and not outlets,
            )
        tokens = sign_in(self.database, name, PASSWORD)  # those of before may be too old
        self.people[name] = Client(self.http, tokens.access)
        return self.people[name]

    def program(self, *scopes: str) -> Client:
        name = "-".join(scopes)
        if name not in self.people:
            _, key = create_integration(
                self.database, OWNER, name=name, scopes=scopes, whole_network=True
            )
            self.people[name] = Client(self.http, key)
        return self.people[name]

    def by_link(self, job: UUID | str) -> Client:
        """A customer who has a link for a job."""
        made = self.dispatcher.post(f"/jobs/{job}/links", {}).json()
        return self.opened(made["path"])

    def opened(self, path: str) -> Client:
        """Whoever opens a link: the page sends what stands behind the # and nothing else."""
        text = path.partition("#")[2]
        answer = self.http.post("/v1/link/exchange", json={"link": text})
        assert answer.status_code == 200, answer.text
        return Client(self.http, answer.json()["token"])

    def without_streams(self) -> Service:
        """Streams end after what they say first: the test client waits for their end."""
        self.app.state.live.close()
        return self

    @property
    def dispatcher(self) -> Client:
        return self.signed_in(Role.DISPATCHER)

    def technician(self, key: str) -> Client:
        with self.database.work(OWNER) as work:
            query = select(TechnicianRow.id).where(TechnicianRow.key == key)
            found = work.session.scalars(query).one()
        return self.signed_in(Role.TECHNICIAN, login=f"phone-{key.lower()}", technician=found)


_BUILT: list[FastAPI] = []


def built(house: House) -> FastAPI:
    """The service: it is built once, which takes a while, on whichever record comes first."""
    if not _BUILT:
        _BUILT.append(create_app(house))
    return _BUILT[0]


def served(house: House) -> FastAPI:
    """The same, on this record; all that it knows of one is its state."""
    app = built(house)
    app.state.house, app.state.live = house, Live(house.database)
    return app


@pytest.fixture
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords that take no time to check: how long that has to take is tested elsewhere."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(secrets, "_HASHER", quick)


@pytest.fixture
def service(database: Database, tmp_path: Path, quick_hashes: None) -> Service:
    """Nobody has an account yet, and nothing is imported."""
    app = served(House(database, TRAVEL, files=Files(tmp_path / "evidence")))
    return Service(database, direct_client(app), app)


@pytest.fixture
def city(service: Service) -> Service:
    """With two technicians and four jobs."""
    Desk(service.database).imported(two_technicians())
    return service

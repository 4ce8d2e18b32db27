"""Clients that ask until they are answered, and remember every answer."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
from tests.proofs.processes import PATIENCE_S
from tests.proofs.server import TRUST, Server

BUSY_S = 0.2


@dataclass(slots=True)
class Wish:
    """One request, with its key; the same whenever it is sent."""

    who: str
    path: str
    body: Mapping[str, Any]
    key: str
    status: int = 0
    answer: Any = None
    sent: int = 0
    """How often, until there was an answer."""

    @property
    def granted(self) -> bool:
        """Whether the server has acknowledged it."""
        return 200 <= self.status < 300

    @property
    def kind(self) -> str:
        """What sort of wish it is: ``jobs``, ``hold``, ``claim``."""
        return self.path.rpartition("/")[2]

    @property
    def subject(self) -> str:
        """The id in its path."""
        return self.path.split("/")[-2]


@dataclass
class Person:
    """Somebody who signs in again whenever it is asked for."""

    server: Server
    login: str
    password: str
    wishes: list[Wish] = field(default_factory=list)
    token: str = ""

    def post(self, path: str, body: Mapping[str, Any] | None = None) -> Wish:
        """Ask for something until there is an answer; remember both."""
        wish = Wish(self.login, path, body or {}, str(uuid4()))
        self.wishes.append(wish)
        wish.status, wish.answer = self.send(wish)
        return wish

    def send(self, wish: Wish) -> tuple[int, Any]:
        """The same request, as often as it takes."""
        end = time.monotonic() + 10 * PATIENCE_S
        while time.monotonic() < end and not self.server.given_up:
            self.server.up.wait(PATIENCE_S)
            wish.sent += 1
            try:
                told = self._ask("POST", wish.path, wish.body, {"Idempotency-Key": wish.key})
            except httpx.TransportError:
                time.sleep(BUSY_S)
                continue
            if told.status_code == 401:
                self.token = ""
            elif told.status_code == 503:
                time.sleep(BUSY_S)
            else:
                return told.status_code, told.json()
        return 0, None

    def get(self, path: str, **params: Any) -> Any:
        """What there is now."""
        return self._ask("GET", path, None, {}, params).raise_for_status().json()

    def look(self, path: str) -> Any:
        """The same, or nothing while there is no server."""
        try:
            found = self._ask("GET", path, None, {})
        except httpx.TransportError:
            return None
        if found.status_code == 401:
            self.token = ""
        return found.json() if found.is_success else None

    def _ask(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None,
        headers: Mapping[str, str],
        params: Mapping[str, Any] | None = None,
    ) -> httpx.Response:
        with httpx.Client(
            base_url=f"{self.server.address}/v1", timeout=PATIENCE_S, verify=TRUST
        ) as http:
            if not self.token:
                known = {"login": self.login, "password": self.password}
                signed_in = http.post("/sign-in", json=known)
                if signed_in.is_error:
                    return signed_in
                self.token = signed_in.json()["access"]
            given = {"Authorization": f"Bearer {self.token}", **headers}
            return http.request(method, path, json=body, headers=given, params=params)

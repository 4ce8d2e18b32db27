"""Every route that names something, asked by somebody about what is theirs and what is not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.api.clients import Client
from tests.api.furnished import DAY
from tests.api.granted import body
from tests.api.outlets import World
from tests.api.rows import Rows
from tests.formats.tables.books import csv_files, good_sheets, zipped
from tests.pictures import photo

from dispatch.api.access import CUSTOMER_LINK, access_table
from dispatch.domain.role import Role

ENDLESS = {"boards.events", "runs.progress"}
"""Streams; they are let in as all others are, and tests of their own read them."""
REMOVES = {"DELETE"}
NAMED = re.compile(r"\{(\w+)\}")
INSTEAD: Mapping[str, Mapping[str, str]] = {
    "completions.read": {"visit": "done_visit"},
    "ratings.read": {"job": "done_job"},
    "jobs.verify": {"job": "done_job"},
    "jobs.settle": {"job": "done_job"},
    "jobs.reopen": {"job": "done_job"},
    "offers.claims": {"offer": "batched_offer"},
    "own.bid": {"offer": "batched_offer"},
    "own.lead_people": {"offer": "led_offer"},
    "own.lead_claim": {"offer": "led_offer"},
}
"""What a route is asked about, where it is good for some of its kind only."""
OPEN_TO_ALL = {"outlets.read"}
"""Where the outlets are, whoever works at a desk may know."""
FLAGGED = "own.evidence"
"""A picture is kept, whosever the visit is by now, and flagged."""
OWN_FILES = "own.files"
"""Of a visit's pictures those that one has sent oneself, whosever the visit is by now."""
QUERY = {"kind": "photo", "day": DAY}
"""What is asked for where it can be."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A route, and the things that its path names."""

    name: str
    method: str
    path: str
    named: tuple[str, ...]
    takes: frozenset[str]
    """What may stand in its query."""

    def of(self, things: Mapping[str, str]) -> str:
        """Its path for these things."""
        instead = INSTEAD.get(self.name, {})
        return NAMED.sub(lambda found: things[instead.get(found[1], found[1])], self.path)

    def knows(self, things: Mapping[str, str]) -> bool:
        instead = INSTEAD.get(self.name, {})
        return all(instead.get(kind, kind) in things for kind in self.named)


@dataclass
class Relations:
    """Asks, and keeps what is not as it has to be."""

    world: World
    wrong: list[str] = field(default_factory=list)
    asked: int = 0
    _rows: Rows = field(default_factory=Rows)

    def routes(self) -> Iterator[Asked]:
        """Those that name something; those last that take it away."""
        found = [
            Asked(
                operation["operationId"],
                method.upper(),
                path,
                tuple(NAMED.findall(path)),
                frozenset(one["name"] for one in operation.get("parameters", ())),
            )
            for path, methods in self.world.service.app.openapi()["paths"].items()
            for method, operation in methods.items()
        ]
        named = [one for one in found if one.named and one.name not in ENDLESS]
        return iter(sorted(named, key=lambda one: one.method in REMOVES))

    def see(self, who: str, route: Asked, relation: str, things: Mapping[str, str]) -> None:
        """Ask for something of one's own outlet, or of another one's."""
        client = self.world.clients[who]
        allowed = who in access_table()[route.name]
        mine = relation == "own" or (who == Role.OWNER.value) or route.name in OPEN_TO_ALL
        before = None if allowed and mine else self.head()
        status, told = self.ask(client, route, things)
        line = f"{who} {relation}: {route.name} {route.of(things)} -> {status} {told[:300]}"
        if allowed and mine:
            if status == 404:  # somebody may have taken it away
                self.world.anew()
                status, told = self.ask(client, route, things)
            if status in {401, 403, 404} or status >= 500:
                self.wrong.append(f"kept out: {line}")
            return
        if route.name in {FLAGGED, OWN_FILES} and allowed:
            if status >= 300 or not self._is_harmless(route, told):
                self.wrong.append(f"let in: {line}")
            return
        if status != (404 if allowed else 403):
            self.wrong.append(f"let in: {line}")
        if before != self.head():
            self.wrong.append(f"effect: {line}")

    def _is_harmless(self, route: Asked, told: str) -> bool:
        answer = json.loads(told)
        if route.name == FLAGGED:
            return "not-yours" in answer["flags"]
        return {file["technician"] for file in answer["items"]} <= {self.world.here.people["A1"]}

    def refused(self, who: str, route: Asked, relation: str, things: Mapping[str, str]) -> None:
        """Ask with a token that is good for nothing any more."""
        before = self.head()
        status, _ = self.ask(self.world.clients[who], route, things)
        if status != 401 or before != self.head():
            self.wrong.append(f"let in: {who} {relation}: {route.name} -> {status}")

    def ask(self, client: Client, route: Asked, things: Mapping[str, str]) -> tuple[int, str]:
        self.asked += 1
        media, content = self._content(route)
        answer = client.http.request(
            route.method,
            route.of(things),
            params={name: QUERY[name] for name in sorted(QUERY.keys() & route.takes)},
            content=content,
            headers={
                "Authorization": f"Bearer {client.token}",
                "Idempotency-Key": f"relations-{self.asked}",
                "If-Match": '"1"',
                "Content-Type": media,
            },
        )
        return answer.status_code, answer.text

    def _content(self, route: Asked) -> tuple[str, bytes | None]:
        if route.method not in {"POST", "PUT", "PATCH"}:
            return "application/json", None
        if route.name == "own.evidence":
            return "image/jpeg", photo(self.asked % 200 + 100)
        if route.name == "imports.tables":
            return "application/zip", zipped(csv_files(good_sheets()))
        return "application/json", json.dumps(body(route.name, self.world)).encode()

    def head(self) -> str:
        """How many rows each table has, and how far the event log is."""
        return self._rows.look(self.world.database)


def instead_of(own: Mapping[str, str], other: Mapping[str, str], route: Asked) -> Iterator[Any]:
    """What is theirs, with each of its things from elsewhere in turn, and with all of them."""
    instead = INSTEAD.get(route.name, {})
    kinds = [instead.get(kind, kind) for kind in route.named]
    apart = [kind for kind in kinds if kind in other]
    for kind in apart:
        yield {**own, kind: other[kind]}
    if len(apart) > 1:
        yield {**own, **{kind: other[kind] for kind in apart}}


def part_of(route: Asked) -> str:
    """Whose routes they are: a desk's, a technician's, a customer's."""
    parts = {"own": Role.TECHNICIAN.value, "link": CUSTOMER_LINK}
    return parts.get(route.name.partition(".")[0], "desk")

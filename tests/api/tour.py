"""Asking for everything once, as it is meant: the examples of the service's description.

``python -m pytest tests/api/test_openapi.py`` compares them with ``examples.json``; with
``DISPATCH_EXAMPLES=write`` it writes them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from threading import Event
from typing import Any

from fastapi.testclient import TestClient
from tests.api.clients import PASSWORD, Client, Service
from tests.databases import OWNER, SetClock
from tests.operations.boards import TRAVEL, WORKER, two_technicians

from dispatch.api.app import create_app
from dispatch.api.house import House
from dispatch.domain.role import Role
from dispatch.formats.day_json import DAY_JSON
from dispatch.gateways.payments import RecordingGateway
from dispatch.gateways.signed import sign
from dispatch.store.database import Database
from dispatch.worker.planning import plan_runs

DAY = "2026-03-03"
SECRET = "between us two"
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
MOST_ITEMS = 2
"""Of a list in an example."""


@dataclass
class Tour:
    """Somebody who asks, and keeps what was said."""

    http: TestClient
    routes: dict[str, tuple[str, str]]
    token: str = ""
    told: dict[str, Any] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    number: Iterator[int] = field(default_factory=count)

    def ask(self, name: str, body: Any = None, *, see: int | None = None, **given: Any) -> Any:
        """The answer of a route; what is not in its path goes into the query."""
        method, path = self.routes[name]
        headers = given.pop("headers", {}) | {"Idempotency-Key": f"tour-{next(self.number)}"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if see is not None:
            headers["If-Match"] = f'"{see}"'
        inside = {key: given.pop(key) for key in list(given) if f"{{{key}}}" in path}
        content = None if body is None else json.dumps(body).encode()
        headers["Content-Type"] = "application/json"
        answer = self.http.request(
            method, path.format(**inside), params=given, content=content, headers=headers
        )
        assert answer.is_success, (name, answer.status_code, answer.text)
        media = answer.headers.get("content-type", "").partition(";")[0]
        said = answer.json() if media == "application/json" and answer.content else None
        kept: dict[str, Any] = {} if body is None else {"body": self._plain(body)}
        if said is not None:
            kept |= {"media": media, "answer": self._plain(said)}
        elif answer.content and media != "application/pdf" and "sheet" not in media:
            kept |= {"media": answer.headers["content-type"], "answer": answer.text[:2_000]}
        elif answer.content:
            kept |= {"media": media, "answer": f"({len(answer.content) // 1024 + 1} kB)"}
        self.told.setdefault(name, kept)
        return said

    def _plain(self, value: Any) -> Any:
        """With ids that are the same each time, no secrets, and not too long."""
        if isinstance(value, dict):
            return {key: self._plain(_hidden(key, entry)) for key, entry in value.items()}
        if isinstance(value, list):
            return [self._plain(entry) for entry in value[:MOST_ITEMS]]
        if isinstance(value, str):
            return ID.sub(self._numbered, value)
        return value

    def _numbered(self, found: re.Match[str]) -> str:
        number = len(self.ids) + 1
        return self.ids.setdefault(found[0], f"019cb0c4-0000-7000-8000-{number:012d}")


def _hidden(key: str, value: Any) -> Any:
    secret = key in {"access", "refresh", "password", "old", "new"} or (
        key == "key" and isinstance(value, str) and len(value) > 40
    )
    return "…" if secret and isinstance(value, str) else value


def tour(database: Database, clock: SetClock) -> dict[str, Any]:
    """Everything once; bodies and answers by the names of routes."""
    app = create_app(House(database, TRAVEL, payment_secret=SECRET, payments=RecordingGateway()))
    http = TestClient(app, raise_server_exceptions=False)
    service = Service(database, http)
    owner = service.signed_in(Role.OWNER)
    routes = {
        operation["operationId"]: (method.upper(), path)
        for path, methods in app.openapi()["paths"].items()
        for method, operation in methods.items()
    }
    asked = Tour(http, routes, owner.token)
    _set_up(asked)
    _people(asked)
    _intake(asked)
    _plan(asked, database)
    _by_hand(asked)
    _money(asked, clock)
    _on_the_road(asked, service, clock)
    _end(asked, service)
    return asked.told


def _set_up(asked: Tour) -> None:
    for name in ("health.live", "health.ready", "health.metrics", "me"):
        asked.ask(name)
    day = DAY_JSON.document(two_technicians())
    asked.ask("imports.create", day)
    asked.ask("organisation.read")
    top = asked.ask("outlets.list")["items"][0]["id"]
    made = asked.ask("outlets.create", {"id": "harbour", "name": "Harbour", "parent": top})
    north = {"name": "Harbour North", "parent": top, "lat": 0.01, "lon": 0.02}
    changed = asked.ask("outlets.change", north, outlet=made["id"], see=made["version"])
    asked.ask("outlets.read", outlet=changed["id"])
    asked.ask("outlets.close", {"why": "The lease has ended."}, outlet=made["id"])
    asked.ask("outlets.reopen", outlet=made["id"])
    bay = asked.ask("territories.create", {"id": "bay", "name": "Bay"})
    asked.ask("territories.change", {"name": "The Bay"}, territory=bay["id"], see=1)
    asked.ask("territories.read", territory=bay["id"])
    asked.ask("territories.list")
    weld = asked.ask("skills.create", {"id": "weld", "name": "Welding"})
    asked.ask("skills.change", {"name": "Welding, all metals"}, skill_id=weld["id"], see=1)
    asked.ask("skills.retire", {"why": "Nobody welds any more."}, skill_id=weld["id"])
    asked.ask("skills.restore", skill_id=weld["id"])
    asked.ask("skills.read", skill_id=weld["id"])
    asked.ask("skills.list")


def _people(asked: Tour) -> None:
    wu = asked.ask(
        "technicians.create",
        {
            "id": "T3",
            "name": "Wu Min",
            "lat": 0.0,
            "lon": 0.02,
            "territories": ["left"],
            "job_type_factors": {"repair": 0.9},
            "capacity": {"valve": 4},
            "wage_minor_per_h": 4_000,
        },
    )
    who = {"technician": wu["id"]}
    changed = {"name": "Wu Min", "duration_factor": 0.95, "wage_minor_per_h": 4_200}
    wu = asked.ask("technicians.change", changed, see=wu["version"], **who)
    proof = {"number": "G-17", "issuer": "Guild", "issued": "2025-01-15"}
    level = {"level": 4, "expires": "2027-01-15", "certificate": proof, "why": "Exam passed."}
    asked.ask("skills.set", level, skill="gas", see=wu["version"], **who)
    shift = {"id": "day", "start": f"{DAY}T08:00:00+01:00", "end": f"{DAY}T16:00:00+01:00"}
    made = asked.ask("shifts.add", {"shift": shift}, **who)
    longer = {"shift": shift | {"end": f"{DAY}T17:00:00+01:00"}, "visits": "free"}
    made = asked.ask("shifts.change", longer, shift=made["id"], see=1)
    asked.ask("shifts.read", shift=made["id"])
    pattern = {
        "key": "week",
        "weekdays": [1, 2, 3, 4, 5],
        "first": "2026-03-09",
        "last": "2026-03-13",
        "start": "08:00",
        "end": "16:30",
        "breaks": [{"earliest": "11:30", "latest": "12:30", "duration_s": 1_800}],
        "but": ["2026-03-11"],
    }
    week = asked.ask("shifts.add_weekly", {"pattern": pattern}, **who)
    asked.ask("shifts.list", **who)
    asked.ask("shifts.remove", shift=week["shifts"][0], see=1, visits="keep")
    leave = {
        "start": "2026-03-12T00:00:00+01:00",
        "end": "2026-03-14T00:00:00+01:00",
        "reason": "leave",
    }
    away = asked.ask("absences.add", leave, **who)
    asked.ask("absences.remove", absence=away["absences"][0]["id"], **who)
    asked.ask("technicians.end", {"why": "Has moved away."}, **who)
    asked.ask("technicians.take_back", **who)
    asked.ask("technicians.read", **who)
    asked.ask("technicians.list", sort="name")


def _intake(asked: Tour) -> None:
    li = asked.ask("customers.create", {"id": "C-1", "customer": {"name": "Li Na"}})
    asked.ask("customers.change", {"name": "Li Na", "language": "zh"}, customer_id=li["id"], see=1)
    called = asked.ask(
        "contacts.add", {"name": "Li Na", "phone": "+46 31 555"}, customer_id=li["id"]
    )
    asked.ask("customers.read", customer_id=li["id"])
    asked.ask("customers.list")
    asked.ask("contacts.remove", customer_id=li["id"], contact_id=called["contacts"][0]["id"])
    shore = {"id": "shore", "lat": 0.0, "lon": 0.12, "address": "Shore 1", "customer": "C-1"}
    site = asked.ask("sites.create", shore)
    asked.ask("sites.change", shore | {"setup_s": 300}, site_id=site["id"], see=1)
    asked.ask("sites.read", site_id=site["id"])
    asked.ask("sites.list")
    boiler = {"site": "shore", "product": "Boiler", "warranty_until": "2028-01-31"}
    asset = asked.ask("assets.create", {"serial": "SN-9", "asset": boiler})
    asked.ask("assets.change", boiler | {"said": {"kW": 24}}, asset_id=asset["id"], see=1)
    asked.ask("assets.read", asset_id=asset["id"])
    asked.ask("assets.list")
    swap = {
        "job_type": {"id": "swap", "duration_s": 3_600, "name": "Meter swap"},
        "fields": {"type": "object", "properties": {"meter": {"type": "integer"}}},
        "checklist": [{"id": "off", "text": "Gas is off", "required": True}],
    }
    kind = asked.ask("job_types.create", swap)
    asked.ask("job_types.change", swap, job_type_id=kind["id"], see=1)
    asked.ask("job_types.read", job_type_id=kind["id"])
    asked.ask("job_types.list")
    labour = {"name": "Labour, an hour", "fee_minor": 6_000, "currency": "EUR"}
    item = asked.ask("service_items.create", {"id": "labour", "item": labour})
    asked.ask("service_items.change", labour, item_id=item["id"], see=1)
    asked.ask("service_items.read", item_id=item["id"])
    asked.ask("service_items.list")
    window = {"start": f"{DAY}T09:00:00+01:00", "end": f"{DAY}T15:00:00+01:00"}
    job = {"id": "J-17", "type": "swap", "site": "shore", "windows": [window], "priority": 2}
    made = asked.ask("jobs.create", {"job": job, "fields": {"meter": 7}})
    asked.ask(
        "jobs.edit",
        {"job": job | {"name": "Meter in the cellar"}, "fields": {"meter": 8}},
        job=made["id"],
        see=made["version"],
    )
    asked.ask("jobs.hold", {"why": "The customer calls back."}, job=made["id"])
    asked.ask("jobs.resume", job=made["id"])
    asked.ask("jobs.prioritise", {"priority": 1}, job=made["id"])
    asked.ask("jobs.read", job=made["id"])
    long = {"id": "J-18", "type": "repair", "site": "shore", "duration_s": 7_200}
    split = asked.ask("jobs.create", {"job": long})
    goes = {
        "parts": [{"duration_s": 3_600, "id": "J-18-pour"}, {"duration_s": 3_600}],
        "min_delay_s": 7_200,
        "why": "It has to dry.",
    }
    parts = asked.ask("jobs.split", goes, job=split["id"])
    asked.ask("jobs.cancel", {"why": "The customer has called off."}, job=parts[0]["id"])
    many = {"action": "cancel", "jobs": [part["id"] for part in parts], "why": "Called off."}
    asked.ask("jobs.bulk", many)
    asked.ask("jobs.list", day=DAY, sort="-priority")


def _plan(asked: Tour, database: Database) -> None:
    wish = {"day": DAY, "engine": "greedy", "seconds": 5}
    run = asked.ask("runs.create", wish)["id"]
    asked.ask("runs.cancel", run=run)
    run = asked.ask("runs.create", wish)["id"]
    assert plan_runs(database, WORKER, TRAVEL, Event()) == 1
    plan = asked.ask("runs.read", run=run)["plan"]
    asked.ask("runs.progress", run=run)
    asked.ask("runs.list", day=DAY)
    asked.ask("plans.read", plan=plan)
    schedule = asked.ask("plans.publish", {"promise_s": 7_200}, plan=plan)["schedule"]
    asked.ask("schedules.list", day=DAY)
    asked.ask("schedules.read", schedule=schedule)
    document = DAY_JSON.document(two_technicians())
    solved = asked.ask("solve", {"day": document, "engine": "greedy", "seconds": 2})
    asked.ask("verify", {"day": document, "plan": solved["plan"]})


def _visits(asked: Tour) -> dict[str, dict[str, Any]]:
    board = asked.ask("boards.read", day=DAY)
    rows = [visit for route in board["routes"] for visit in route["visits"]]
    return {visit["job_key"]: visit for visit in (*rows, *board["unassigned"])}


def _by_hand(asked: Tour) -> None:
    visit = _visits(asked)["J1"]
    here, who = {"visit": visit["id"]}, visit["technician"]
    asked.ask("visits.pin", {"level": "time"}, **here)
    asked.ask("visits.unassign", {"why": "The van is broken."}, **here)
    asked.ask("visits.candidates", day=DAY, **here)
    asked.ask("visits.assign", {"technician": who, "day": DAY}, **here)
    others = [row["id"] for row in asked.ask("technicians.list")["items"] if row["id"] != who]
    asked.ask("visits.transfer", {"to": others[0], "reason": "Is nearer."}, **here)
    loose = [_visits(asked)[key]["id"] for key in ("J2", "J3", "J-17")]
    asked.ask("visits.bulk", {"action": "unassign", "visits": loose, "why": "Strike."})
    until = f"{DAY}T10:00:00+01:00"
    new = {"visit": loose[0], "fee_minor": 2_500, "expires_at": until}
    offer = asked.ask("offers.create", new)["id"]
    asked.ask("offers.read", offer=offer)
    asked.ask("offers.withdraw", {"why": "A plan has it."}, offer=offer)
    asked.ask("offers.list", state="withdrawn")
    push = asked.ask("pushes.create", {"visit": loose[0], "technician": who, "patience_s": 300})
    asked.ask("pushes.withdraw", push=push["id"])
    asked.ask("pushes.list", visit=loose[0])
    asked.ask("boards.release", {}, day=DAY)


def _money(asked: Tour, clock: SetClock) -> None:
    visit = _visits(asked)["J4"]
    job = {"job": visit["job"]}
    priced = {"text": "Labour", "unit_minor": 6_000, "quantity": 2}
    yes = {"approve": True, "customer": "Li Na", "how": "signature"}
    charge = asked.ask("money.charge", priced, **job)["charges"][0]["id"]
    asked.ask("money.decide", yes, charge=charge)
    cash = {"method": "cash", "amount_minor": 5_000, "currency": "EUR"}
    paid = asked.ask("money.pay", cash, **job)["payments"][0]["id"]
    asked.ask("money.receipt", payment=paid)
    asked.ask("money.refund", {"why": "A scratch.", "amount_minor": 500}, payment=paid)
    asked.ask("money.ask", {"method": "wechat", "amount_minor": 1_000}, **job)
    notice = cash | {"method": "wechat", "amount_minor": 1_000, "reference": "wx-1"}
    notice |= {"event": "evt-1", "job": visit["job_key"]}
    raw = json.dumps(notice).encode()
    stamp = str(int(clock.now.timestamp()))
    signed = {"Dispatch-Timestamp": stamp, "Dispatch-Signature": sign(SECRET, int(stamp), raw)}
    asked.ask("webhooks.payments", notice, headers=signed)
    asked.ask("money.bill", **job)
    asked.ask("money.waive", {"why": "As a courtesy."}, **job)


def _on_the_road(asked: Tour, service: Service, clock: SetClock) -> None:
    """A technician's phone."""
    desk, board = asked.token, _visits(asked)
    mine = next(visit for visit in board.values() if visit["state"] == "dispatched")
    names = {row["id"]: row["key"] for row in asked.ask("technicians.list")["items"]}
    who = mine["technician"]
    phone = service.technician(names[who])
    until = f"{DAY}T10:00:00+01:00"
    offer = asked.ask(
        "offers.create", {"visit": board["J2"]["id"], "fee_minor": 900, "expires_at": until}
    )
    pushes = [
        asked.ask("pushes.create", {"visit": board[key]["id"], "technician": who})["id"]
        for key in ("J3", "J-17")
    ]
    asked.token = phone.token
    asked.ask("own.pushes")
    asked.ask("own.accept", push=pushes[0])
    asked.ask("own.decline", {"reason": "Too far."}, push=pushes[1])
    asked.ask("own.pool")
    asked.ask("own.claim", offer=offer["id"])
    visit = {"visit": mine["id"]}
    charge = asked.ask("own.charge", {"item": "labour"}, **visit)["charges"][-1]["id"]
    asked.ask(
        "own.decide",
        {"approve": True, "customer": "Li Na", "how": "signature"},
        charge=charge,
        **visit,
    )
    asked.ask("own.pay", {"method": "cash", "amount_minor": 500, "currency": "EUR"}, **visit)
    asked.ask("own.bill", **visit)
    asked.ask("own.route", day=DAY)
    asked.ask("own.calendar")
    asked.ask("own.transfer", {"reason": "The van is broken."}, visit=board["J3"]["id"])
    now = clock.now + timedelta(days=1)
    clock.now = now
    asked.token = service.technician(names[who]).token
    action = {"kind": "depart", "happened_at": now.isoformat()}
    batch = {
        "device": "phone-1",
        "sent_at": now.isoformat(),
        "actions": [
            {"sequence": 1, "visit": mine["id"], **action},
            {"sequence": 2, "visit": board["J3"]["id"], **action},
        ],
    }
    asked.ask("own.actions", batch)
    asked.token = desk


def _end(asked: Tour, service: Service) -> None:
    asked.token = service.signed_in(Role.OWNER).token
    conflict = asked.ask("conflicts.list")["items"][0]["id"]
    asked.ask("conflicts.settle", {"accept": False, "why": "It was handed on."}, conflict=conflict)
    asked.ask("events.list")
    for what in ("jobs", "visits"):
        asked.ask(f"exports.{what}", day=DAY)
    asked.ask("exports.events", until=3)
    new = {"login": "lena", "role": "dispatcher", "password": PASSWORD, "name": "Lena"}
    account = asked.ask("accounts.create", new)
    asked.ask("accounts.change", {"language": "zh"}, account=account["id"], see=1)
    asked.ask("accounts.read", account=account["id"])
    asked.ask("accounts.list")
    key = asked.ask("integrations.create", {"name": "shop", "scopes": ["jobs.write"]})
    asked.ask("integrations.revoke", integration=key["id"])
    asked.token = ""
    tokens = asked.ask("sign_in", {"login": "lena", "password": PASSWORD, "device": "desk"})
    asked.token = tokens["access"]
    asked.ask("me.password", {"old": PASSWORD, "new": PASSWORD + " even better"})
    asked.token = ""
    again = {"login": "lena", "password": PASSWORD + " even better"}
    tokens = asked.ask("sign_in", again)
    tokens = asked.ask("sign_in.refresh", {"refresh": tokens["refresh"]})
    asked.token = tokens["access"]
    asked.ask("sign_out")


__all__ = ["OWNER", "Client", "tour"]

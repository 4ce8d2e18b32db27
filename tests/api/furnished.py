"""An outlet with everything in it that a path can name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event
from typing import Any
from uuid import UUID

from tests.api.clients import Client, Service
from tests.databases import OWNER
from tests.operations.boards import TRAVEL, WORKER
from tests.pictures import photo

from dispatch.domain.role import Role
from dispatch.operations.accounts.create import create_integration
from dispatch.worker.planning import plan_runs

DAY = "2026-03-03"
UNTIL = f"{DAY}T12:00:00Z"
LABOUR = {"text": "Labour", "unit_minor": 5_000}
YES = {"approve": True, "customer": "Li", "how": "phone"}
CASH = {"method": "cash", "amount_minor": 1_000, "currency": "EUR"}

Things = Mapping[str, str]
"""Ids by the names that paths have for them."""


@dataclass
class Outlet:
    """An outlet with two technicians and whoever works at its desk."""

    name: str
    id: str
    service: Service
    people: dict[str, str] = field(default_factory=dict)
    things: dict[str, str] = field(default_factory=dict)
    """What its desk is asked about."""
    own: dict[str, str] = field(default_factory=dict)
    """What its first technician has."""
    colleague: dict[str, str] = field(default_factory=dict)
    """What its second technician has."""
    former: dict[str, str] = field(default_factory=dict)
    """What its first technician had, and its second has now."""
    own_link: str = ""
    """By which its customer came."""
    link: dict[str, str] = field(default_factory=dict)
    """What a customer's link is good for; and what another customer's is good for."""
    link_of_another: dict[str, str] = field(default_factory=dict)
    customer: Client | None = None

    def desk(self, role: Role) -> Client:
        login = f"{self.name}-{role.value}"
        return self.service.signed_in(role, login=login, outlets=(UUID(self.id),))

    def phone(self, which: int) -> Client:
        return self.service.technician(f"{self.name}{which}")

    def program(self, scope: str) -> Client:
        name = f"{self.name} {scope}"
        _, key = create_integration(
            self.service.database,
            OWNER,
            name=name,
            scopes=(scope,),
            outlet=UUID(self.id),
            expires_at=self.service.database.clock() + timedelta(days=1),
        )
        return Client(self.service.http, key)


def fill(outlet: Outlet) -> None:
    """Let there be one of everything, told in the order in which it comes to be."""
    desk, name = outlet.desk(Role.DISPATCHER), outlet.name
    one, two = outlet.people[f"{name}1"], outlet.people[f"{name}2"]
    things = outlet.things
    yard = {"id": f"{name}-yard", "name": "Yard", "parent": outlet.id}
    things |= {"outlet": made(outlet.desk(Role.MANAGER), "/outlets", yard)["id"]}
    things["technician"] = two
    customer = made(desk, "/customers", {"id": f"{name}-c", "customer": {"name": "Li"}})["id"]
    contact = made(desk, f"/customers/{customer}/contacts", {"name": "Fang", "phone": "+86 10 5"})
    site = {"id": f"{name}-site", "lat": 0.0, "lon": 0.05, "customer": f"{name}-c"}
    things |= {"customer_id": customer, "contact_id": contact["contacts"][0]["id"]}
    things["site_id"] = made(desk, "/sites", site)["id"]
    asset = {"serial": f"{name}-SN", "asset": {"site": f"{name}-site", "product": "Boiler"}}
    things["asset_id"] = made(desk, "/assets", asset)["id"]
    things["shift"] = desk.get(f"/technicians/{two}/shifts").json()["items"][0]["id"]
    away = {"start": "2026-05-01T08:00:00Z", "end": "2026-05-01T16:00:00Z", "reason": "leave"}
    absences = made(desk, f"/technicians/{two}/absences", away)["absences"]
    things["absence"] = absences[0]["id"]
    _plan(outlet, desk)
    _hand_out(outlet, desk, one, two)
    _offer(outlet, desk, one, two)
    things["job"], things["visit"] = _job(desk, name, "free")
    made(desk, f"/jobs/{things['job']}/notes", {"text": "Ring twice."})
    link = made(desk, f"/jobs/{things['job']}/links", {})
    wish = made(outlet.service.opened(link["path"]), "/link/wishes", {"kind": "cancel"})
    things["wish"] = wish["wishes"][0]["id"]


def _job(desk: Client, name: str, key: str) -> tuple[str, str]:
    """A job of an hour, and its visit."""
    job = {"id": f"{name}-{key}", "type": "repair", "site": f"{name}-site", "duration_s": 600}
    told = made(desk, "/jobs", {"job": job})
    return told["id"], told["visits"][0]["id"]


def _plan(outlet: Outlet, desk: Client) -> None:
    """A run and its plan, which is published; the next is not."""
    _job(desk, outlet.name, "planned")
    for kind in ("schedule", "plan"):
        wish = {"day": DAY, "engine": "greedy", "seconds": 5, "outlet": outlet.id}
        run = made(desk, "/runs", wish)["id"]
        plan_runs(outlet.service.database, WORKER, TRAVEL, Event())
        plan = desk.get(f"/runs/{run}").json()["plan"]
        outlet.things |= {"run": run, "plan": plan}
        if kind == "schedule":
            outlet.things["schedule"] = made(desk, f"/plans/{plan}/publish", {})["schedule"]


def _hand_out(outlet: Outlet, desk: Client, one: str, two: str) -> None:
    """What the technicians have; what the first of them has done, and what they had."""
    name, phones = outlet.name, [outlet.phone(number) for number in (1, 2)]
    jobs = {key: _job(desk, name, key) for key in ("done", "own", "former", "other", "late")}
    for key, who in {"done": one, "own": one, "former": one, "other": two, "late": two}.items():
        given = {"technician": who, "day": DAY}
        edited(desk, f"/visits/{jobs[key][1]}/assign", given)
    made(desk, f"/boards/{DAY}/release", {})
    for key, part, phone in (
        *(("own", outlet.own, phones[0]), ("other", outlet.colleague, phones[1])),
        ("former", outlet.former, phones[0]),
    ):
        visit = part["visit"] = jobs[key][1]
        told = made(phone, f"/me/visits/{visit}/charges", LABOUR)
        part["charge"] = told["charges"][0]["id"]
        sent = phone.send(visit, photo(len(key) + ord(name)))
        assert sent.status_code == 201, sent.text
        part["evidence"] = sent.json()["id"]
    outlet.things["evidence"] = outlet.own["evidence"]
    del outlet.former["evidence"]  # who has sent it may look at it for ever
    handed = {"to": two, "reason": "Is nearer."}
    edited(desk, f"/visits/{outlet.former['visit']}/transfer", handed)
    say(phones[0], f"{name}-one", jobs["done"][1], "depart", "check_in", "start", "complete")
    say(phones[0], f"{name}-more", jobs["late"][1], "depart")
    outlet.things["conflict"] = desk.get("/conflicts").json()["items"][0]["id"]
    outlet.things |= {"done_job": jobs["done"][0], "done_visit": jobs["done"][1]}
    outlet.link, outlet.customer = _money(desk, outlet, jobs["done"][0])
    outlet.link_of_another, _ = _money(desk, outlet, jobs["other"][0])
    made(outlet.customer, "/link/rating", {"stars": 5})


def _money(desk: Client, outlet: Outlet, job: str) -> tuple[dict[str, str], Client]:
    """Something owed and something paid for a job; its customer."""
    charge = made(desk, f"/jobs/{job}/charges", LABOUR)["charges"][-1]["id"]
    made(desk, f"/charges/{charge}/decide", YES)
    payment = made(desk, f"/jobs/{job}/payments", CASH)["payments"][-1]["id"]
    link = made(desk, f"/jobs/{job}/links", {})
    customer = outlet.service.opened(link["path"])
    outlet.own_link = outlet.own_link or link["id"]
    known = {"charge": charge, "payment": payment}
    outlet.things |= {**known, "link": link["id"]}
    return known, customer


def _offer(outlet: Outlet, desk: Client, one: str, two: str) -> None:
    """Offers, a claim of each technician, and somebody who is asked."""
    phones = [outlet.phone(number) for number in (1, 2)]
    manager, path = outlet.desk(Role.MANAGER), f"/technicians/{one}/pool"
    seen = {"If-Match": manager.get(path).headers["ETag"]}
    leads = manager.ask("PUT", path, json={"leader": True}, headers=seen)
    assert leads.status_code == 200, leads.text
    for key, more in {
        "offer": {},
        "batched_offer": {"mode": "batched"},
        "led_offer": {"mode": "leaders"},
    }.items():
        _, visit = _job(desk, outlet.name, key)
        body = {"visit": visit, "fee_minor": 900, "expires_at": UNTIL, **more}
        outlet.things[key] = outlet.own[key] = made(desk, "/offers", body)["id"]
    for part, phone, who in (
        (outlet.own, phones[0], one),
        (outlet.colleague, phones[1], two),
    ):
        part["feed"] = made(phone, "/me/calendar-feeds", {})["id"]
        bid = made(phone, f"/me/pool/{outlet.things['batched_offer']}/bid", None)
        part["claim"] = bid["id"]
        _, visit = _job(desk, outlet.name, f"asked-{who[-4:]}")
        asked = made(desk, "/pushes", {"visit": visit, "technician": who, "patience_s": 3_600})
        part["push"] = outlet.things["push"] = asked["id"]


def say(phone: Client, device: str, visit: str, *kinds: str) -> None:
    now = f"{DAY}T06:00:00Z"
    actions = [
        {"sequence": number, "kind": kind, "visit": visit, "happened_at": now}
        | ({"parts": [{"part": "valve"}]} if kind == "complete" else {})
        for number, kind in enumerate(kinds, 1)
    ]
    made(phone, "/me/actions", {"device": device, "sent_at": now, "actions": actions})


def edited(client: Client, path: str, body: Any) -> None:
    answer = client.edit(path, body)
    assert answer.is_success, (path, answer.status_code, answer.text)


def made(client: Client, path: str, body: Any) -> Any:
    answer = client.post(path, body)
    assert answer.is_success, (path, answer.status_code, answer.text)
    return answer.json()

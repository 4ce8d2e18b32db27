"""A technician's phone."""

from __future__ import annotations

from base64 import b64encode

from tests.api.clients import Service
from tests.api.tours.asking import DAY, Tour
from tests.api.tours.customers import rated
from tests.api.tours.evidence import done, looked_at
from tests.api.tours.planning import visits
from tests.api.tours.pool import UNTIL, bids, rules
from tests.databases import SetClock

from dispatch.domain.role import Role


def on_the_road(asked: Tour, service: Service, clock: SetClock) -> None:
    """A technician's phone."""
    desk, board = asked.token, visits(asked)
    mine = next(visit for visit in board.values() if visit["state"] == "dispatched")
    names = {row["id"]: row["key"] for row in asked.ask("technicians.list")["items"]}
    who = mine["technician"]
    phone = service.technician(names[who])
    rules(asked, who)
    first = {"visit": board["J2"]["id"], "fee_minor": 900, "expires_at": UNTIL}
    offer = asked.ask("offers.create", first)
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
    asked.token = desk
    bids(asked, phone.token)
    asked.token = phone.token
    _paid_on_site(asked, mine["id"])
    asked.ask("own.route", day=DAY)
    asked.ask("own.note", {"text": "The valve is behind the washer."}, visit=mine["id"])
    asked.ask("own.visit", visit=mine["id"])
    asked.ask("own.calendar")
    _in_a_calendar(asked)
    asked.ask("own.transfer", {"reason": "The van is broken."}, visit=board["J3"]["id"])
    clock.forward(days=1)
    asked.token = service.technician(names[who]).token
    _set_off(asked, clock.now.isoformat(), mine["id"], board["J3"]["id"])
    clock.now = done(asked, mine["id"], clock.now)
    now = clock.now.isoformat()
    left = {"sequence": 1, "visit": first["visit"], "kind": "depart", "happened_at": now}
    batch = {"device": "phone-2", "sent_at": now, "actions": [left]}
    service.technician(names[who]).post("/me/actions", batch)
    asked.token = service.signed_in(Role.OWNER).token
    here = {"visit": first["visit"]}
    seen = asked.ask("visits.read", **here)["version"]
    asked.ask("visits.not_done", {"why": "Had an accident."}, see=seen, **here)
    asked.ask("actions.flagged", day=DAY)
    looked_at(asked, mine["id"])
    rated(asked, mine["job"])
    _closed(asked, mine["job"])


def _closed(asked: Tour, job: str) -> None:
    """What is done is gone to once more, is not, and is closed for good."""
    window = {"start": "2026-03-05T09:00:00+01:00", "end": "2026-03-05T12:00:00+01:00"}
    seen = asked.ask("jobs.read", job=job)["version"]
    again = {"why": "It drips again.", "windows": [window]}
    asked.ask("jobs.reopen", again, job=job, see=seen)
    left = asked.ask("jobs.cancel", {"why": "The customer has found the tap."}, job=job)
    note = {"note": "Looked at the photos."}
    verified = asked.ask("jobs.verify", note, job=job, see=left["version"])
    asked.ask("money.waive", {"why": "They waited for us."}, job=job)
    asked.ask("jobs.settle", job=job, see=verified["version"])


def _in_a_calendar(asked: Tour) -> None:
    """Of a program that sends a name and a password."""
    feed = asked.ask("own.make_feed", {"name": "My phone"})
    given = b64encode(f"{feed['login']}:{feed['secret']}".encode()).decode()
    asked.ask("feed.calendar", headers={"Authorization": f"Basic {given}"})
    asked.ask("own.feeds")
    asked.ask("own.revoke_feed", feed=feed["id"])


def _paid_on_site(asked: Tour, visit_id: str) -> None:
    visit = {"visit": visit_id}
    charge = asked.ask("own.charge", {"item": "labour"}, **visit)["charges"][-1]["id"]
    asked.ask(
        "own.decide",
        {"approve": True, "customer": "Li Na", "how": "signature"},
        charge=charge,
        **visit,
    )
    asked.ask("own.pay", {"method": "cash", "amount_minor": 500, "currency": "EUR"}, **visit)
    asked.ask("own.bill", **visit)


def _set_off(asked: Tour, now: str, mine: str, other: str) -> None:
    """To one's own visit, and to one that is somebody else's by now."""
    action = {"kind": "depart", "happened_at": now}
    actions = [
        {"sequence": 1, "visit": mine, **action},
        {"sequence": 2, "visit": other, **action},
    ]
    asked.ask("own.actions", {"device": "phone-1", "sent_at": now, "actions": actions})

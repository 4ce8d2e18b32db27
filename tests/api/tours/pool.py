"""The pool beyond who is first: bids, leaders, limits, scores."""

from __future__ import annotations

from tests.api.tours.asking import DAY, Tour

UNTIL = f"{DAY}T10:00:00+01:00"


def rules(asked: Tour, technician: str) -> None:
    """What the pool goes by, and what somebody may in it."""
    changed = asked.ask("pool_rules.read") | {"bids_s": 20, "claims_a_day": 8}
    asked.ask("pool_rules.set", changed, see=1)
    who = {"technician": technician}
    right = {"points": 10, "reason": "The no-show was ours."}
    asked.ask("technicians.correct", right, **who)
    asked.ask("technicians.credit", **who)
    asked.ask("technicians.pool", **who)
    version = asked.ask("technicians.read", **who)["version"]
    limits = {"leader": True, "claims_a_day": 6, "claims_open": 12}
    asked.ask("technicians.set_pool", limits, see=version, **who)


def bids(asked: Tour, phone: str) -> None:
    """An offer that goes to whom it fits best, and one that leaders hand out."""
    window = {"start": f"{DAY}T09:00:00+01:00", "end": f"{DAY}T15:00:00+01:00"}
    job = {"id": "J-19", "type": "repair", "site": "shore", "windows": [window]}
    made = asked.ask("jobs.create", {"job": job})
    offer = {"visit": made["visits"][0]["id"], "fee_minor": 1_200, "expires_at": UNTIL}
    desk = asked.token
    batched = asked.ask("offers.create", offer | {"mode": "batched"})["id"]
    asked.token = phone
    asked.ask("own.standing")
    asked.ask("own.open_for_work", {"open": True})
    asked.ask("own.credit")
    claim = asked.ask("own.bid", offer=batched)["id"]
    asked.ask("own.claims")
    asked.ask("own.withdraw", claim=claim)
    asked.token = desk
    asked.ask("offers.claims", offer=batched)
    asked.ask("offers.withdraw", {"why": "A leader knows whom to send."}, offer=batched)
    led = asked.ask("offers.create", offer | {"mode": "leaders"})["id"]
    asked.token = phone
    asked.ask("own.lead_pool")
    people = asked.ask("own.lead_people", offer=led)
    whom = next(person["technician"] for person in people if person["reason"] is None)
    asked.ask("own.lead_claim", {"technician": whom}, offer=led)
    asked.token = desk

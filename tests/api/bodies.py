"""Bodies that can be granted, by operation; what is drawn at random is nearly always refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

DAY = "2026-03-03"
MORNING, NOON, EVENING = (f"{DAY}T{hour}:00:00Z" for hour in ("08", "11", "15"))


@dataclass
class Seen:
    """What a walk has come by, for bodies that speak of other things."""

    generator: np.random.Generator
    technicians: list[str] = field(default_factory=list)
    visits: list[str] = field(default_factory=list)
    number: int = 0

    def one(self, of: list[str]) -> str:
        """The newest ones mostly: the others are through."""
        newest = of[-8:]
        return newest[int(self.generator.integers(len(newest)))]

    def name(self, kind: str) -> str:
        """One that nobody has, but now and then the one of before."""
        self.number += int(self.generator.random() < 0.9)
        return f"{kind}-{self.number}"

    def listen(self, answer: Any) -> None:
        """Remember what an answer tells of."""
        if isinstance(answer, dict):
            if "visits" in answer and "key" in answer:
                self.visits.extend(visit["id"] for visit in answer["visits"] if "id" in visit)
            for value in answer.values():
                self.listen(value)
        elif isinstance(answer, list):
            for value in answer:
                self.listen(value)


def _job(seen: Seen) -> dict[str, Any]:
    site = ("east", "west")[seen.number % 2]
    return {"job": {"id": seen.name("J"), "type": "install", "site": site}}


def _action(seen: Seen) -> dict[str, Any]:
    kind = ("depart", "check_in", "start", "complete", "not_done")[seen.number % 5]
    said = {"sequence": seen.number, "kind": kind, "visit": seen.one(seen.visits)}
    batch = [said | {"happened_at": MORNING}]
    return {"device": seen.name("phone"), "sent_at": MORNING, "actions": batch}


def _account(seen: Seen) -> dict[str, Any]:
    if seen.generator.random() < 0.5:
        return {"name": seen.name("Lena")}
    return {"role": "technician", "technician": seen.one(seen.technicians)}


GOOD: Mapping[str, Callable[[Seen], Any]] = {
    "absences.add": lambda seen: {"start": NOON, "end": EVENING, "reason": "ill"},
    "accounts.change": _account,
    "assets.create": lambda seen: {
        "serial": seen.name("SN"),
        "asset": {"site": "east", "product": "Boiler"},
    },
    "boards.release": lambda seen: {},
    "contacts.add": lambda seen: {"name": "Fang", "phone": "+86 10 5555"},
    "customers.find": lambda seen: {"text": "li"},
    "customers.create": lambda seen: {"id": seen.name("C"), "customer": {"name": "Li"}},
    "integrations.create": lambda seen: {
        "name": seen.name("key"),
        "scopes": ["jobs.read"],
        "whole_network": True,
    },
    "job_types.create": lambda seen: {"job_type": {"id": seen.name("T"), "duration_s": 600}},
    "jobs.create": _job,
    "jobs.cancel": lambda seen: {"why": "not wanted"},
    "jobs.reopen": lambda seen: {"why": "it drips again"},
    "jobs.verify": lambda seen: {"note": "as it should be"},
    "jobs.hold": lambda seen: {"why": "waits for a part"},
    "link.rate": lambda seen: {"stars": 4},
    "link.wish": lambda seen: {"kind": "cancel"},
    "links.create": lambda seen: {"days": 1},
    "money.ask": lambda seen: {"method": "wechat_pay", "amount_minor": 10},
    "money.charge": lambda seen: {"text": "Labour", "unit_minor": 100},
    "money.decide": lambda seen: {"approve": True, "customer": "Li", "how": "phone"},
    "money.pay": lambda seen: {"method": "cash", "amount_minor": 10, "currency": "EUR"},
    "money.reverse": lambda seen: {"why": "typed twice"},
    "money.refund": lambda seen: {"why": "too much"},
    "money.waive": lambda seen: {"why": "our fault"},
    "offers.create": lambda seen: {
        "visit": seen.one(seen.visits),
        "fee_minor": 500,
        "expires_at": NOON,
        "mode": ("first_come", "batched", "leaders")[seen.number % 3],
    },
    "own.actions": _action,
    "notes.create": lambda seen: {"text": "Ring twice."},
    "own.note": lambda seen: {"text": "The dog is kind."},
    "own.charge": lambda seen: {"text": "Pipe", "unit_minor": 700},
    "own.decide": lambda seen: {"approve": True, "customer": "Li", "how": "phone"},
    "own.open_for_work": lambda seen: {"open": True},
    "own.pay": lambda seen: {"method": "cash", "amount_minor": 10, "currency": "EUR"},
    "pushes.create": lambda seen: {"visit": seen.one(seen.visits)},
    "runs.create": lambda seen: {"day": DAY, "engine": "greedy", "seconds": 1},
    "service_items.create": lambda seen: {
        "id": seen.name("I"),
        "item": {"name": "Call-out", "fee_minor": 100, "currency": "EUR"},
    },
    "sites.create": lambda seen: {"id": seen.name("S"), "lat": 0.01, "lon": 0.02},
    "technicians.correct": lambda seen: {"points": 1, "reason": "our fault"},
    "technicians.set_pool": lambda seen: {"leader": True},
    "visits.assign": lambda seen: {"technician": seen.one(seen.technicians), "day": DAY},
    "visits.transfer": lambda seen: {"reason": "other", "to": seen.one(seen.technicians)},
    "visits.pin": lambda seen: {"level": "technician"},
    "wishes.decide": lambda seen: {"grant": False},
}

"""What jobs cost, and who pays."""

from __future__ import annotations

import json

from tests.api.tours.asking import Tour
from tests.api.tours.planning import visits
from tests.databases import SetClock

from dispatch.gateways.signed import sign

SECRET = "between us two"


def money(asked: Tour, clock: SetClock) -> None:
    """A job is charged for, and paid in several ways."""
    visit = visits(asked)["J4"]
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
    twice = asked.ask("money.charge", priced, **job)["charges"][1]["id"]
    asked.ask("money.decide", yes, charge=twice)
    asked.ask("money.reverse", {"why": "Written down twice."}, charge=twice)
    asked.ask("money.waive", {"why": "As a courtesy."}, **job)
    asked.ask("payments.list", method="cash")
    asked.ask("ledger.list", account="waived")
    for table in ("payments", "ledger"):
        asked.ask(f"exports.{table}", first="2026-03-02", last="2026-03-31")

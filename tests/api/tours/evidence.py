"""What shows that a visit was done."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

from tests.api.tours.asking import DAY, Tour
from tests.pictures import TAKEN, photo


def done(asked: Tour, visit: str, now: datetime) -> datetime:
    """A technician does their work and shows it; answers when they are through."""
    content = photo(taken=TAKEN)
    name = hashlib.sha256(content).hexdigest()
    shown = {"photos": [name], "parts": [{"part": "valve", "quantity": 1}]}
    said: list[dict[str, Any]] = []
    for sequence, kind in enumerate(("check_in", "start", "complete"), start=3):
        now += timedelta(minutes=1)
        said.append(
            {"sequence": sequence, "visit": visit, "kind": kind, "happened_at": now.isoformat()}
        )
    said[-1] |= shown
    batch = {"device": "phone-1", "sent_at": now.isoformat(), "actions": said}
    asked.ask("own.actions", batch)
    belongs = {"kind": "photo", "sha256": name, "device": "phone-1", "sequence": 5}
    sent = asked.send("own.evidence", content, "image/jpeg", visit=visit, **belongs)
    asked.ask("own.files", visit=visit)
    asked.ask("own.picture", evidence=sent["id"])
    return now


def looked_at(asked: Tour, visit: str) -> None:
    """By whoever sees that work was done."""
    file = asked.ask("evidence.list")["items"][0]["id"]
    asked.ask("evidence.of_visit", visit=visit)
    asked.ask("evidence.picture", evidence=file)
    asked.ask("evidence.original", evidence=file)
    asked.ask("completions.list")
    asked.ask("completions.read", visit=visit)
    asked.ask("exports.parts", day=DAY)

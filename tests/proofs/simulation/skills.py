"""Nobody is given what they cannot do: told by the log alone, event after event."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from tests.planning.made import ZONE

from dispatch.domain.states.visit import VisitState
from dispatch.store.rows.events import EventRow
from dispatch.store.work import Work

READ = ("skill", "technician_skill", "job", "job_type", "visit")
LATER = "accepted"
"""Why a visit is somebody's that a dispatcher has let through: it was done already."""
Document = dict[str, Any]


@dataclass
class SkillLog:
    """The skill matrix, jobs and visits as the log tells of them up to a number."""

    number: int = 0
    rows: dict[str, dict[str, Document]] = field(default_factory=lambda: defaultdict(dict))
    given: int = 0
    """Visits of jobs that need a skill, which somebody got."""

    def read_on(self, work: Work) -> Iterator[str]:
        """What has been given since to somebody who cannot do it."""
        query = select(EventRow).where(
            EventRow.number > self.number, EventRow.subject_kind.in_(READ)
        )
        for event in work.session.scalars(query.order_by(EventRow.number)):
            self.number = event.number
            after = event.after
            row = self._row(event)
            if event.subject_kind != "visit" or after is None or event.note == LATER:
                continue
            if after.get("technician_id") and row.get("state") != VisitState.CANCELLED:
                yield from self._lacking(event, row)

    def _row(self, event: EventRow) -> Document:
        told = event.after if event.after is not None else event.before or {}
        rows = self.rows[event.subject_kind]
        key = str(event.subject_id)
        if event.subject_kind == "technician_skill":
            key = f"{event.subject_id} {told.get('skill_id')}"
            known = told.get("technician_id")
            key = f"{known} {told.get('skill_id')}" if known else key
        if event.after is None:
            return rows.pop(key, {})
        rows.setdefault(key, {}).update(event.after)
        return rows[key]

    def _lacking(self, event: EventRow, visit: Document) -> Iterator[str]:
        job = self.rows["job"][visit["job_id"]]
        kind = self.rows["job_type"][job["type_id"]]
        needs = [*_needed(job), *_needed(kind)]
        self.given += bool(needs)
        start = datetime.fromisoformat(visit["start_at"]).astimezone(ZoneInfo(ZONE)).date()
        for skill, level in needs:
            if not self._holds(visit["technician_id"], skill, level, start):
                yield (
                    f"skills: event {event.number} {event.kind} gives {event.subject_id} to"
                    f" {visit['technician_id']}, who has no {skill} of {level} on {start}"
                )

    def _holds(self, person: str, skill: str, level: int, day: date) -> bool:
        for key, cell in self.rows["technician_skill"].items():
            known = self.rows["skill"].get(key.partition(" ")[2], {})
            if not key.startswith(person) or known.get("key") != skill:
                continue
            last = cell.get("expires")
            if cell["level"] >= level and (last is None or day <= date.fromisoformat(last)):
                return True
        return False


def _needed(row: Document) -> list[tuple[str, int]]:
    needs = row.get("said", {}).get("needs") or {}
    return [(need["skill"], need.get("min_level", 1)) for need in needs.get("all_of", ())]

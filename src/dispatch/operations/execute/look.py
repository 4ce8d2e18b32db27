"""Look at what shows that a visit was done."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select

from dispatch.domain.actor import Actor
from dispatch.domain.completion import UsedPart
from dispatch.errors import Missing
from dispatch.store.database import Database
from dispatch.store.files import Files
from dispatch.store.rows.actions import ActionRow
from dispatch.store.rows.evidence import CompletionRow, EvidenceRow
from dispatch.store.scope import UNSCOPED
from dispatch.store.work import Work


class Which(StrEnum):
    """Which bytes of a file."""

    SERVED = "served"
    ORIGINAL = "original"


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What is in a file."""

    content: bytes
    media: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """That a visit was completed, and what shows it."""

    visit: UUID
    technician: UUID
    began: datetime | None
    """When the work began; none where that was not said."""
    at: datetime
    """When it was done."""
    code_right: bool
    files: Sequence[str]
    """SHA-256 of all that was named."""
    awaited: Sequence[str]
    """Of those that have not come."""
    elsewhere: Sequence[str]
    """Of those that show another visit, for which they were sent first."""
    serial: str
    serial_known: bool | None
    """Whether it is one of the site's; none if that cannot be told."""
    work_s: int | None
    paused_s: int
    parts: Sequence[UsedPart]
    checklist: Mapping[str, str]
    """The answers, by the ids of what was asked."""

    @staticmethod
    def of(
        row: CompletionRow, checklist: Mapping[str, str], elsewhere: Collection[str]
    ) -> Completed:
        """As it is kept, with what was answered, and what shows another visit."""
        known = {file.sha256 for file in row.sent} | set(elsewhere)
        return Completed(
            visit=row.visit_id,
            technician=row.technician_id,
            began=row.visit.began_at,
            at=row.at,
            code_right=row.code_right,
            files=row.files,
            awaited=[name for name in row.files if name not in known],
            elsewhere=[name for name in row.files if name in elsewhere],
            serial=row.serial,
            serial_known=row.serial_known,
            work_s=row.work_s,
            paused_s=row.paused_s,
            parts=[
                UsedPart(part=used.part, quantity=used.quantity, serial=used.serial)
                for used in row.parts
            ],
            checklist=checklist,
        )


def content_of(
    database: Database,
    actor: Actor,
    files: Files,
    evidence_id: UUID,
    which: Which,
    *,
    technician: UUID | None = None,
) -> Content:
    """What is in a file; of ``technician`` only, if one is named.

    Raises
    ------
    Missing
        There is none, or not for whoever asks.
    Unavailable
        ``files.missing``, ``files.damaged``
    """
    with database.work(actor) as work:
        row = work.get(EvidenceRow, evidence_id)
        if technician is not None and row.technician_id != technician:
            raise Missing("store.missing", kind="evidence", id=str(evidence_id))
    served = which is Which.SERVED
    digest = row.served_sha256 if served else row.sha256
    media = row.served_media if served else row.media
    return Content(content=files.read(digest), media=media, sha256=digest)


def completion_of(database: Database, actor: Actor, visit_id: UUID) -> Completed:
    """How a visit was completed.

    Raises
    ------
    Missing
        There is no such visit, or it was not.
    """
    with database.work(actor) as work:
        query = select(CompletionRow).where(CompletionRow.visit_id == visit_id)
        row = work.session.scalars(query).one_or_none()
        if row is None:
            raise Missing("store.missing", kind="completion", id=str(visit_id))
        return told_of(work, [row])[0]


def told_of(work: Work, rows: Sequence[CompletionRow]) -> list[Completed]:
    """All of completions that were seen already."""
    answers, elsewhere = checklists_of(work, rows), _elsewhere(work, rows)
    return [Completed.of(row, answers[row.id], elsewhere[row.id]) for row in rows]


def _elsewhere(work: Work, rows: Sequence[CompletionRow]) -> Mapping[UUID, set[str]]:
    """What they name and was sent for another visit, by their ids."""
    names = {name for row in rows for name in row.files}
    query = select(EvidenceRow.technician_id, EvidenceRow.sha256, EvidenceRow.visit_id).where(
        EvidenceRow.technician_id.in_({row.technician_id for row in rows}),
        EvidenceRow.sha256.in_(names),
    )
    lines = work.session.execute(query, execution_options=UNSCOPED).all() if names else ()
    sent = {(technician, name): visit for technician, name, visit in lines}
    return {
        row.id: {
            name
            for name in row.files
            if sent.get((row.technician_id, name), row.visit_id) != row.visit_id
        }
        for row in rows
    }


def checklists_of(work: Work, rows: Sequence[CompletionRow]) -> Mapping[UUID, Mapping[str, str]]:
    """What was answered with completions that were seen already, by their ids.

    The answers stay with the outlet of whoever gave them, who may do visits of another.
    """
    query = select(ActionRow.id, ActionRow.said["checklist"]).where(
        ActionRow.id.in_([row.action_id for row in rows])
    )
    lines = work.session.execute(query, execution_options=UNSCOPED)
    found = {action: answers or {} for action, answers in lines}
    return {row.id: found[row.action_id] for row in rows}

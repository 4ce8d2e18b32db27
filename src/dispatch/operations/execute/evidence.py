"""Take the photos and signatures that technicians send, and keep all of them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select

from dispatch.domain import checks
from dispatch.domain.action import MOST_SEQUENCE
from dispatch.domain.actor import Actor
from dispatch.domain.completion import EvidenceKind, hashes
from dispatch.errors import InvalidValue, Refused
from dispatch.formats.pictures import Drawn, Header, draw_anew, read_header
from dispatch.operations.execute.completion import file_arrived, file_elsewhere, shows_another
from dispatch.operations.execute.doubts import doubts
from dispatch.store.database import Database
from dispatch.store.files import Files
from dispatch.store.ids import new_id
from dispatch.store.rows.evidence import EvidenceRow
from dispatch.store.rows.jobs import VisitRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.work import Work

MOST_A_DAY = 2_000
"""Files that a technician may send within a day."""
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A file as a phone sends it."""

    visit: UUID
    kind: EvidenceKind
    content: bytes = field(repr=False)
    sha256: str | None = None
    """What the phone has read, so that it is seen when something got lost on the way."""
    device: str | None = None
    sequence: int | None = None
    """The action that it belongs to, said already or not."""

    def __post_init__(self) -> None:
        if (self.device is None) is not (self.sequence is None):
            raise InvalidValue("evidence.action")
        if self.device is not None and self.sequence is not None:
            checks.identifier("device", self.device)
            checks.within("sequence", self.sequence, 1, MOST_SEQUENCE)
        if self.sha256 is not None:
            hashes("sha256", [self.sha256])
            if self.sha256 != self.hash:
                raise InvalidValue("evidence.cut")

    @property
    def hash(self) -> str:
        """SHA-256 of what has come."""
        return hashlib.sha256(self.content).hexdigest()


def take_evidence(
    database: Database, actor: Actor, files: Files, technician_id: UUID, sent: Sent
) -> UUID:
    """Keep a file of a technician for a visit; the same file is kept once, however often it comes.

    It is on the disk before the record says that it is there. A file for a visit that is somebody
    else's by now, or that there is not, is kept and flagged.

    Raises
    ------
    InvalidValue
        ``picture.size``, ``picture.kind``, ``picture.pixels``, ``picture.damaged``: no picture that
        can be taken; nothing of it is kept.
    Missing
        There is no such technician.
    Refused
        ``evidence.too-many``
    Unavailable
        ``picture.busy``, ``files.unwritable``
    """
    with database.work(actor) as work:
        known = _known(work, technician_id, sent.hash)
        if known is not None:
            return _again(work, known, sent.visit)
    header = read_header(sent.content)
    drawn = draw_anew(sent.content, header)
    files.keep(sent.content)
    served = files.keep(drawn.content)
    with database.work(actor) as work:
        technician = work.get(TechnicianRow, technician_id, lock=True)
        visit = _visit(work, sent.visit)
        known = _known(work, technician_id, sent.hash)
        if known is not None:
            return _again(work, known, sent.visit)
        _expect_room(work, technician_id)
        row = _row(work, technician, visit, sent, header=header, drawn=drawn, served=served)
        work.session.add(row)
        work.note("evidence.received", row, why=None if visit else str(sent.visit))
        if visit is not None:
            file_arrived(work, visit, row)
        file_elsewhere(work, row)
        work.commit()
        return row.id


def _known(work: Work, technician: UUID, digest: str) -> EvidenceRow | None:
    query = (
        select(EvidenceRow)
        .where(EvidenceRow.technician_id == technician, EvidenceRow.sha256 == digest)
        .with_for_update(of=EvidenceRow)
    )
    return work.session.scalars(query).one_or_none()


def _visit(work: Work, visit: UUID) -> VisitRow | None:
    query = select(VisitRow).where(VisitRow.id == visit).with_for_update(of=VisitRow)
    return work.session.scalars(query).one_or_none()


def _again(work: Work, row: EvidenceRow, visit_id: UUID) -> UUID:
    """One picture shows one visit: when it is sent for another too, that is told of."""
    visit = work.session.scalar(select(VisitRow.id).where(VisitRow.id == visit_id))
    if row.visit_id != visit and "elsewhere" not in row.flags:
        shows_another(work, row, visit_id)
        work.commit()
    return row.id


def _expect_room(work: Work, technician: UUID) -> None:
    query = select(func.count()).where(
        EvidenceRow.technician_id == technician, EvidenceRow.received_at > work.now - DAY
    )
    if (work.session.scalar(query) or 0) >= MOST_A_DAY:
        raise Refused("evidence.too-many", most=MOST_A_DAY)


def _row(
    work: Work,
    technician: TechnicianRow,
    visit: VisitRow | None,
    sent: Sent,
    *,
    header: Header,
    drawn: Drawn,
    served: str,
) -> EvidenceRow:
    row = EvidenceRow(
        id=new_id(),
        outlet_id=visit.outlet_id if visit is not None else technician.outlet_id,
        technician_id=technician.id,
        visit_id=visit.id if visit is not None else None,
        device=sent.device,
        sequence=sent.sequence,
        kind=sent.kind,
        sha256=sent.hash,
        media=header.media,
        size=len(sent.content),
        width=header.width,
        height=header.height,
        served_sha256=served,
        served_media=drawn.media,
        received_at=work.now,
    )
    doubts(work, row, visit, drawn)
    return row

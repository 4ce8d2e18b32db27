"""The skill matrix: what somebody can do, at which level, until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from dispatch.domain import checks
from dispatch.domain.actor import Actor
from dispatch.domain.skill import HeldSkill
from dispatch.errors import InvalidValue, Refused
from dispatch.store.database import Database
from dispatch.store.rows.technicians import HeldSkillRow, SkillRow, TechnicianRow
from dispatch.store.said import said
from dispatch.store.work import expect

MOST_NAME, MOST_NOTE = 200, 2_000
"""Characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What proves a skill, so that somebody can ask for the paper; the paper is not kept here."""

    number: str = ""
    issuer: str = ""
    issued: date | None = None
    note: str = ""

    def __post_init__(self) -> None:
        for name, most in (("number", MOST_NAME), ("issuer", MOST_NAME), ("note", MOST_NOTE)):
            checks.within(f"certificate.{name}", len(getattr(self, name)), 0, most)


def set_skill(
    database: Database,
    actor: Actor,
    technician_id: UUID,
    skill: str,
    level: int | None,
    *,
    expires: date | None = None,
    certificate: Certificate | None = None,
    why: str = "",
    expected: int | None = None,
) -> None:
    """Write a cell of the skill matrix; ``level`` None empties it. Who, when and why is kept.

    Parameters
    ----------
    expires
        The last day on which it is valid.
    certificate
        What proves it; None leaves what is known of it.

    Raises
    ------
    InvalidValue
        The level is not 1 to 5; the certificate was issued after it expires
        (``certificate.reversed``).
    Missing, Stale
        There is no such technician or skill; the technician is not at the version that is expected.
    Refused
        ``skill.retired``: nobody is given it any more.
    """
    issued = certificate.issued if certificate else None
    if issued is not None and expires is not None and expires < issued:
        raise InvalidValue("certificate.reversed", start=str(issued), end=str(expires))
    if level is not None:
        HeldSkill(skill=skill, level=level, expires=expires)
    with database.work(actor) as work:
        technician = work.get(TechnicianRow, technician_id, lock=True)
        expect(technician, expected)
        row = work.by_key(SkillRow, skill)
        cell = next((held for held in technician.skills if held.skill_id == row.id), None)
        held = None if cell is None else (cell.level, cell.expires, cell.certificate)
        if cell is None and level is not None:
            if not row.active:
                raise Refused("skill.retired", id=skill)
            place = max((held.place for held in technician.skills), default=-1) + 1
            cell = HeldSkillRow(technician_id=technician.id, skill=row, skill_id=row.id)
            cell.level, cell.expires, cell.place = level, expires, place
            cell.certificate = None if certificate is None else said(certificate)
            technician.skills.append(cell)
            work.note("technician_skill.added", cell, why=why or None)
        elif cell is not None and level is not None:
            cell.level, cell.expires = level, expires
            if certificate is not None:
                cell.certificate = said(certificate)
            work.note("technician_skill.changed", cell, why=why or None)
        elif cell is not None:
            technician.skills.remove(cell)
            work.forget("technician_skill.removed", cell, why=why or None)
        now = None if level is None or cell is None else (level, expires, cell.certificate)
        if held != now:
            technician.version += 1
        work.commit()

"""The skill matrix: what somebody can do, at which level, until when."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from dispatch.domain.actor import Actor
from dispatch.domain.skill import HeldSkill
from dispatch.store.database import Database
from dispatch.store.events import Event
from dispatch.store.rows.base import Document
from dispatch.store.rows.technicians import HeldSkillRow, SkillRow, TechnicianRow
from dispatch.store.work import expect


def set_skill(
    database: Database,
    actor: Actor,
    technician_id: UUID,
    skill: str,
    level: int | None,
    *,
    expires: date | None = None,
    why: str = "",
    expected: int | None = None,
) -> None:
    """Write a cell of the skill matrix; ``level`` None empties it. Who, when and why is kept.

    Raises
    ------
    InvalidValue
        The level is not 1 to 5.
    Missing, Stale
        There is no such technician or skill; the technician is not at the version that is expected.
    """
    if level is not None:
        HeldSkill(skill=skill, level=level, expires=expires)
    with database.work(actor) as work:
        technician = work.get(TechnicianRow, technician_id, lock=True)
        expect(technician, expected)
        row = work.by_key(SkillRow, skill)
        cell = next((held for held in technician.skills if held.skill_id == row.id), None)
        before = _said(cell)
        if level is None:
            technician.skills = [held for held in technician.skills if held is not cell]
        elif cell is None:
            place = max((held.place for held in technician.skills), default=-1) + 1
            cell = HeldSkillRow(skill=row, skill_id=row.id, level=level, place=place)
            cell.expires = expires
            technician.skills.append(cell)
        else:
            cell.level, cell.expires = level, expires
        after = None if level is None else _said(cell)
        if before != after:
            technician.version += 1
            work.record(
                Event(
                    kind="technician.skill",
                    subject=technician.id,
                    outlet=technician.outlet_id,
                    before={"skill": skill, "held": before},
                    after={"skill": skill, "held": after},
                    note=why or None,
                )
            )
        work.commit()


def _said(cell: HeldSkillRow | None) -> Document | None:
    if cell is None:
        return None
    return {"level": cell.level, "expires": cell.expires.isoformat() if cell.expires else None}

"""The skill list: what can be given to people and asked for by jobs."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from dispatch.domain import checks
from dispatch.domain.actor import Actor
from dispatch.errors import Refused
from dispatch.store.database import Database
from dispatch.store.ids import new_id
from dispatch.store.keeping import add_keyed, rename_shared, see_all
from dispatch.store.kinds.job_types import JobTypes
from dispatch.store.kinds.kind import Frame, Span
from dispatch.store.rows.job_types import JobTypeRow
from dispatch.store.rows.technicians import SkillRow
from dispatch.store.skills import asked_by
from dispatch.store.work import Work

MOST_NAME = 200


def create_skill(database: Database, actor: Actor, key: str, *, name: str = "") -> UUID:
    """Add a skill; raises Refused ``key.taken``, ``network.shared``."""
    checks.identifier("skill.id", key)
    checks.within("skill.name", len(name), 0, MOST_NAME)
    with database.work(actor) as work:
        see_all(work)
        return work.commit(add_keyed(work, SkillRow(id=new_id(), key=key, name=name)))


def rename_skill(
    database: Database, actor: Actor, skill_id: UUID, name: str, *, expected: int
) -> None:
    """Call a skill otherwise; its key stays. Raises Missing, Stale, and ``network.shared``."""
    checks.within("skill.name", len(name), 0, MOST_NAME)
    with database.work(actor) as work:
        rename_shared(work, SkillRow, skill_id, name, expected=expected)
        work.commit()


def retire_skill(database: Database, actor: Actor, skill_id: UUID, *, why: str) -> None:
    """Let a skill be given to nobody, and no new job ask for it.

    Who has it keeps it, so jobs that ask for it already can still be done.

    Raises
    ------
    Missing
        There is no such skill.
    Refused
        ``skill.in-use``: a job type asks for it; ``network.shared``.
    """
    with database.work(actor) as work:
        see_all(work)
        row = work.get(SkillRow, skill_id, lock=True)
        for job_type in _asking(work, row.key):
            raise Refused("skill.in-use", id=row.key, type=job_type)
        row.active = False
        work.note("skill.retired", row, why=why)
        work.commit()


def restore_skill(database: Database, actor: Actor, skill_id: UUID) -> None:
    """Let it be given and asked for again; raises Missing, and Refused ``network.shared``."""
    with database.work(actor) as work:
        see_all(work)
        row = work.get(SkillRow, skill_id, lock=True)
        row.active = True
        work.note("skill.restored", row)
        work.commit()


def _asking(work: Work, skill: str) -> list[str]:
    """Job types that need a skill, for themselves or for a seat of their crew."""
    frame = Frame(work.session, Span(work.now, work.now))
    rows = work.session.scalars(select(JobTypeRow).order_by(JobTypeRow.id))
    return [row.key for row in rows if skill in asked_by(JobTypes().read(row, frame))]

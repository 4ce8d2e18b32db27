"""Skills that jobs ask for."""

from __future__ import annotations

from sqlalchemy import select

from dispatch.domain.job import Job, JobType
from dispatch.domain.skill import SkillNeeds
from dispatch.errors import Missing, Refused
from dispatch.planning.needs import Needs, together
from dispatch.store.rows.base import Document
from dispatch.store.rows.technicians import SkillRow
from dispatch.store.said import heard
from dispatch.store.work import Work


def asked_by(work: Job | JobType) -> frozenset[str]:
    """Every skill that a job or its type names, for itself or for a seat of its crew."""
    seats = work.crew.seats if work.crew else ()
    return work.needs.named.union(*(seat.needs.named for seat in seats if seat.needs is not None))


def needs_said(job: Document, job_type: Document) -> Needs:
    """What a job and its type ask for together, but for the seats of a crew."""
    asked = (document.get("needs", {}) for document in (job_type, job))
    return together(*(heard(SkillNeeds, needs) for needs in asked))


def see_asked(work: Work, job: Job | JobType) -> None:
    """See that all skills of something new are there, and are not retired.

    Raises
    ------
    Missing
        There is no such skill.
    Refused
        ``skill.retired``
    """
    named = asked_by(job)
    query = select(SkillRow.key, SkillRow.active).where(SkillRow.key.in_(named))
    known = {row.key: row.active for row in work.session.execute(query)}
    for skill in sorted(named):
        if skill not in known:
            raise Missing("store.missing", kind="skill", id=skill)
        if not known[skill]:
            raise Refused("skill.retired", id=skill)

"""Offers that somebody could have by what they can do and where they work, whatever their route.

Looking at a route takes long, and most offers of a large network are not for most people: so they
are sifted before, by the rules that need no route. What is let through may be refused still.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from dispatch.domain.pool import PoolRules
from dispatch.domain.skill import HeldSkill
from dispatch.operations.pool.standing import is_abroad
from dispatch.planning.needs import Needs
from dispatch.planning.rules.excluded_skill import EXCLUDED_SKILL
from dispatch.planning.rules.skill import SKILL
from dispatch.store.board import zone_of
from dispatch.store.offers import areas_of
from dispatch.store.pool_rules import rules_of
from dispatch.store.rows.base import Document
from dispatch.store.rows.job_types import JobTypeRow
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.pool import OfferRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.skills import needs_said
from dispatch.store.work import Work

LOOKED_AT = 5_000
"""Open offers, those that end first."""
AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Able:
    """What one of those can do who are asked for."""

    row: TechnicianRow
    skills: tuple[HeldSkill, ...]

    @staticmethod
    def of(row: TechnicianRow) -> Able:
        """As it is kept."""
        held = (
            HeldSkill(skill=own.skill.key, level=own.level, expires=own.expires)
            for own in row.skills
        )
        return Able(row, tuple(held))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an offered job asks for."""

    needs: Needs
    required: Sequence[str]
    prohibited: Sequence[str]
    area: str | None
    first: date
    """The first day on which it may be done: a certificate that is over then is over later."""

    def is_for(self, able: Able, rules: PoolRules) -> bool:
        """Whether somebody could have it, by all but their route, their limits and their score."""
        key, skills = able.row.key, able.skills
        if key in self.prohibited or (self.required and key not in self.required):
            return False
        if is_abroad(rules, able.row, self.area):
            return False
        if SKILL.compare(self.needs, (skills, self.first)) is not None:
            return False
        lasting = tuple(own for own in skills if own.expires is None)
        return EXCLUDED_SKILL.compare(self.needs.none_of, (lasting, self.first)) is None


def sifted(
    work: Work, people: Sequence[TechnicianRow], *which: ColumnElement[bool]
) -> Iterator[list[OfferRow]]:
    """Offers that one of some people could have, in batches, those that end first first."""
    rules = rules_of(work.session)
    able = [Able.of(row) for row in people]
    found = [
        offer for offer, asked in _asked(work, which) if any(asked.is_for(a, rules) for a in able)
    ]
    for start in range(0, len(found), AT_ONCE):
        query = (
            select(OfferRow)
            .where(OfferRow.id.in_(found[start : start + AT_ONCE]))
            .order_by(OfferRow.expires_at, OfferRow.id)
            .options(joinedload(OfferRow.visit).joinedload(VisitRow.job))
        )
        yield list(work.session.scalars(query))


def asked_of(work: Work, job: JobRow) -> Asked:
    """What one job asks for."""
    zone, areas = zone_of(work.session), areas_of(work.session, {job.site_id})
    return _wanted(
        job.said, job.type.said, areas.get(job.site_id), max(job.earliest, work.now), zone
    )


def _asked(work: Work, which: Sequence[ColumnElement[bool]]) -> list[tuple[UUID, Asked]]:
    zone = zone_of(work.session)
    columns = (OfferRow.id, JobRow.site_id, JobRow.said, JobTypeRow.said, JobRow.earliest)
    query = (
        select(*columns)
        .join(VisitRow, VisitRow.id == OfferRow.visit_id)
        .join(JobRow, JobRow.id == VisitRow.job_id)
        .join(JobTypeRow, JobTypeRow.id == JobRow.type_id)
        .where(*which)
        .order_by(OfferRow.expires_at, OfferRow.id)
        .limit(LOOKED_AT)
    )
    rows = work.session.execute(query).all()
    areas = areas_of(work.session, {site for _, site, *_ in rows})
    return [
        (offer, _wanted(job, job_type, areas.get(site), max(earliest, work.now), zone))
        for offer, site, job, job_type, earliest in rows
    ]


def _wanted(
    job: Document, job_type: Document, area: str | None, first: datetime, zone: ZoneInfo
) -> Asked:
    return Asked(
        needs=_needs(job, job_type),
        required=job.get("required_technicians", ()),
        prohibited=job.get("prohibited_technicians", ()),
        area=area,
        first=first.astimezone(zone).date(),
    )


def _needs(job: Document, job_type: Document) -> Needs:
    """Of what is one of a crew's nothing: its seats may ask for something else."""
    if job.get("crew") or job_type.get("crew"):
        return Needs()
    return needs_said(job, job_type)

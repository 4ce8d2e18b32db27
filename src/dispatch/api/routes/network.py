"""The service network: outlets, skills, technicians."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from dispatch.api.caller import TheCaller
from dispatch.api.paging import USUAL, After, Limit, Page, page_of
from dispatch.api.versions import tag
from dispatch.store.organisation import organisation_of
from dispatch.store.rows.outlets import OutletRow
from dispatch.store.rows.technicians import ShiftRow, SkillRow, TechnicianRow

router = APIRouter(tags=["network"])


class Organisation(BaseModel):
    """What holds for the whole network."""

    name: str
    zone: str
    policy: dict[str, Any]


class Outlet(BaseModel):
    """A branch."""

    id: UUID
    key: str
    name: str
    parent: UUID | None
    lat: float | None
    lon: float | None


class Skill(BaseModel):
    """An entry of the skill list."""

    id: UUID
    key: str
    name: str


class Held(BaseModel):
    """A cell of the skill matrix."""

    skill: str
    level: int
    expires: date | None


class Shift(BaseModel):
    """A stretch of working time."""

    id: UUID
    key: str
    start: datetime
    end: datetime

    @staticmethod
    def of(row: ShiftRow) -> Shift:
        """As it is kept."""
        return Shift(id=row.id, key=row.key, start=row.start_at, end=row.end_at)


class Away(BaseModel):
    """Time somebody is not there."""

    id: UUID
    start: datetime
    end: datetime
    reason: str


class Technician(BaseModel):
    """Who is routed."""

    id: UUID
    version: int
    key: str
    name: str
    outlet: UUID
    active: bool
    contractor: bool
    profile: str
    skills: list[Held]
    shifts: list[Shift]
    absences: list[Away]

    @staticmethod
    def of(row: TechnicianRow) -> Technician:
        """As it is kept, without where they live."""
        return Technician(
            id=row.id,
            version=row.version,
            key=row.key,
            name=row.name,
            outlet=row.outlet_id,
            active=row.active,
            contractor=row.contractor,
            profile=row.profile,
            skills=[
                Held(skill=held.skill.key, level=held.level, expires=held.expires)
                for held in row.skills
            ],
            shifts=[Shift.of(shift) for shift in row.shifts],
            absences=[
                Away(id=away.id, start=away.start_at, end=away.end_at, reason=away.reason)
                for away in row.absences
            ],
        )


@router.get("/organisation", name="organisation.read")
def organisation(caller: TheCaller) -> Organisation:
    """What holds for the whole network."""
    with caller.house.database.work(caller.actor) as work:
        row = organisation_of(work.session)
        return Organisation(name=row.name, zone=row.zone, policy=row.policy)


@router.get("/outlets", name="outlets.list")
def outlets(caller: TheCaller, after: After = None, limit: Limit = USUAL) -> Page[Outlet]:
    """All outlets, headquarters first."""
    with caller.house.database.work(caller.actor) as work:
        return page_of(
            work,
            select(OutletRow),
            OutletRow,
            after,
            limit,
            lambda row: Outlet(
                id=row.id,
                key=row.key,
                name=row.name,
                parent=row.parent_id,
                lat=row.lat,
                lon=row.lon,
            ),
        )


@router.get("/skills", name="skills.list")
def skills(caller: TheCaller, after: After = None, limit: Limit = USUAL) -> Page[Skill]:
    """The skill list."""
    with caller.house.database.work(caller.actor) as work:
        return page_of(
            work,
            select(SkillRow),
            SkillRow,
            after,
            limit,
            lambda row: Skill(id=row.id, key=row.key, name=row.name),
        )


@router.get("/technicians", name="technicians.list")
def technicians(caller: TheCaller, after: After = None, limit: Limit = USUAL) -> Page[Technician]:
    """Who is routed, with skills, shifts and absences."""
    query = select(TechnicianRow).options(
        selectinload(TechnicianRow.skills),
        selectinload(TechnicianRow.shifts),
        selectinload(TechnicianRow.absences),
    )
    with caller.house.database.work(caller.actor) as work:
        return page_of(work, query, TechnicianRow, after, limit, Technician.of)


@router.get("/technicians/{technician}", name="technicians.read")
def technician(caller: TheCaller, technician: UUID, response: Response) -> Technician:
    """One of them."""
    with caller.house.database.work(caller.actor) as work:
        row = work.get(TechnicianRow, technician)
        tag(response, row.version)
        return Technician.of(row)

"""The service network: outlets, skills, technicians."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response, status
from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from dispatch.api.caller import TheCaller
from dispatch.api.paging import USUAL, After, Limit, Page, page_of
from dispatch.api.texts import Key, Moment, Words
from dispatch.api.versions import Seen, tag
from dispatch.operations.network.absences import add_absence, remove_absence
from dispatch.operations.network.skills import set_skill
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


class Level(BaseModel):
    """What somebody can do, and why that is so from now on; no level empties the cell."""

    level: Annotated[int, Field(ge=1, le=5)] | None
    expires: date | None = None
    why: Words = ""


class NewAbsence(BaseModel):
    """From when to when somebody is away."""

    start: Moment
    end: Moment
    reason: Words = ""


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
def technician_(caller: TheCaller, technician: UUID, response: Response) -> Technician:
    """One of them."""
    with caller.house.database.work(caller.actor) as work:
        row = work.get(TechnicianRow, technician)
        tag(response, row.version)
        return Technician.of(row)


@router.put("/technicians/{technician}/skills/{skill}", name="skills.set")
def set_level(
    caller: TheCaller, technician: UUID, skill: Key, given: Level, seen: Seen, response: Response
) -> Technician:
    """Write a cell of the skill matrix; who, when and why is kept."""
    set_skill(
        caller.house.database,
        caller.actor,
        technician,
        skill,
        given.level,
        expires=given.expires,
        why=given.why,
        expected=seen,
    )
    return technician_(caller, technician, response)


@router.post(
    "/technicians/{technician}/absences", name="absences.add", status_code=status.HTTP_201_CREATED
)
def away(caller: TheCaller, technician: UUID, given: NewAbsence, response: Response) -> Technician:
    """Somebody is away: what they had to do then is free again, but for what they are at."""
    caller.once(
        UUID,
        lambda: add_absence(
            caller.house.database,
            caller.actor,
            technician,
            start=given.start,
            end=given.end,
            reason=given.reason,
        ),
    )
    return technician_(caller, technician, response)


@router.delete(
    "/technicians/{technician}/absences/{absence}",
    name="absences.remove",
    status_code=status.HTTP_204_NO_CONTENT,
)
def back(caller: TheCaller, technician: UUID, absence: UUID) -> None:
    """Somebody is there after all."""
    remove_absence(caller.house.database, caller.actor, technician, absence)

"""Technicians: who is routed, and when they are away."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response, status
from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from dispatch.api.asked import OfOutlet, WithText
from dispatch.api.caller import TheCaller
from dispatch.api.paging import USUAL, After, Limit, Page, page_of, sorting
from dispatch.api.sent import Sent
from dispatch.api.texts import (
    Key,
    Latitude,
    Longitude,
    Moment,
    Money,
    Name,
    OnDay,
    Why,
    Words,
    position_of,
)
from dispatch.api.versions import Seen, tag
from dispatch.operations.network.absences import add_absence, remove_absence
from dispatch.operations.network.technicians import (
    MOST_LIST,
    MOST_PROFILE,
    TechnicianFacts,
    change_technician,
    create_technician,
    end_employment,
    take_back,
)
from dispatch.store.board import span_of, zone_of
from dispatch.store.filters import has_text, is_under
from dispatch.store.rows.technicians import HeldSkillRow, ShiftRow, SkillRow, TechnicianRow
from dispatch.store.shifts import begins_in

router = APIRouter(tags=["network"])

TechnicianSort = Literal["key", "-key", "name", "-name"]
SORTED = {name: TechnicianRow.__table__.c[name] for name in ("key", "name")}
Factor = Annotated[float, Field(ge=0.1, le=10)]


class TechnicianChange(Sent):
    """Who somebody is and what their time costs, whole; home and outlet stay if left out."""

    name: Name = ""
    outlet: UUID | None = None
    lat: Latitude | None = None
    lon: Longitude | None = None
    forget_home: bool = Field(default=False, description="Where they live is known no longer.")
    territories: Annotated[list[Key], Field(max_length=MOST_LIST)] = Field(default=[])
    profile: Annotated[str, Field(min_length=1, max_length=MOST_PROFILE)] = "car"
    duration_factor: Factor = 1.0
    job_type_factors: Annotated[dict[Key, Factor], Field(max_length=MOST_LIST)] = Field(default={})
    capacity: Annotated[dict[Key, Money], Field(max_length=MOST_LIST)] = Field(default={})
    contractor: bool = False
    wage_minor_per_h: Money | None = None
    visit_minor: Money = 0

    def facts(self) -> TechnicianFacts:
        """The same, checked."""
        plain = self.model_dump(exclude={"id", "lat", "lon"})
        plain["territories"] = tuple(self.territories)
        return TechnicianFacts(**plain, home=position_of(self.lat, self.lon))


class NewTechnician(TechnicianChange):
    """Somebody who is taken on, by an id of the caller's own."""

    id: Key


class Ending(Sent):
    """Why it is done."""

    why: Why


class Held(BaseModel):
    """A cell of the skill matrix."""

    skill: str
    level: int
    expires: date | None
    certificate: dict[str, Any] | None
    """What proves it, as far as it was said."""


class ShiftView(BaseModel):
    """A stretch of working time."""

    id: UUID
    version: int
    key: str
    start: datetime
    end: datetime
    said: dict[str, Any]
    """What else the day format says of it: breaks, places, limits."""

    @staticmethod
    def of(row: ShiftRow) -> ShiftView:
        """As it is kept."""
        return ShiftView(
            id=row.id,
            version=row.version,
            key=row.key,
            start=row.start_at,
            end=row.end_at,
            said=row.said,
        )


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
    said: dict[str, Any]
    """What else the day format says of them: territories, factors, the van, what they cost."""
    skills: list[Held]
    shifts: list[ShiftView]
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
            said=row.said,
            skills=[
                Held(
                    skill=held.skill.key,
                    level=held.level,
                    expires=held.expires,
                    certificate=held.certificate,
                )
                for held in row.skills
            ],
            shifts=[ShiftView.of(shift) for shift in row.shifts],
            absences=[
                Away(id=away.id, start=away.start_at, end=away.end_at, reason=away.reason)
                for away in row.absences
            ],
        )


class NewAbsence(Sent):
    """From when to when somebody is away."""

    start: Moment
    end: Moment
    reason: Words = ""


@router.get("/technicians", name="technicians.list")
def technicians(
    caller: TheCaller,
    active: Annotated[bool | None, Query(description="Only those who work here, or not.")] = None,
    outlet: OfOutlet = None,
    skill: Annotated[Key | None, Query(description="Who have this skill, valid or not.")] = None,
    day: Annotated[OnDay | None, Query(description="Who have a shift that begins then.")] = None,
    text: WithText = None,
    sort: Annotated[TechnicianSort | None, Query(description="With - the other way.")] = None,
    after: After = None,
    limit: Limit = USUAL,
) -> Page[Technician]:
    """Who is routed, with skills, shifts and absences; by outlet, skill, day and text."""
    query = select(TechnicianRow).options(
        selectinload(TechnicianRow.skills),
        selectinload(TechnicianRow.shifts),
        selectinload(TechnicianRow.absences),
    )
    if active is not None:
        query = query.where(TechnicianRow.active.is_(active))
    if outlet is not None:
        query = query.where(is_under(TechnicianRow.outlet_id, outlet))
    if skill is not None:
        held = HeldSkillRow.skill.has(SkillRow.key == skill)
        query = query.where(TechnicianRow.skills.any(held))
    if text is not None:
        query = query.where(has_text(text, TechnicianRow.key, TechnicianRow.name))
    with caller.house.database.work(caller.actor) as work:
        if day is not None:
            span = span_of(day, zone_of(work.session))
            query = query.where(TechnicianRow.shifts.any(begins_in(span)))
        order = sorting(sort, SORTED)
        return page_of(work, query, TechnicianRow, after, limit, Technician.of, order)


@router.get("/technicians/{technician}", name="technicians.read")
def technician_(caller: TheCaller, technician: UUID, response: Response) -> Technician:
    """One of them."""
    with caller.house.database.work(caller.actor) as work:
        row = work.get(TechnicianRow, technician)
        tag(response, row.version)
        return Technician.of(row)


@router.post("/technicians", name="technicians.create", status_code=status.HTTP_201_CREATED)
def take_on(caller: TheCaller, given: NewTechnician, response: Response) -> Technician:
    """Take somebody on; they have no shift yet."""
    made = caller.once(
        UUID,
        lambda: create_technician(caller.house.database, caller.actor, given.id, given.facts()),
    )
    return technician_(caller, made, response)


@router.put("/technicians/{technician}", name="technicians.change")
def change(
    caller: TheCaller, technician: UUID, given: TechnicianChange, seen: Seen, response: Response
) -> Technician:
    """Change what is known of somebody; what they have to do stays theirs."""
    change_technician(caller.house.database, caller.actor, technician, given.facts(), expected=seen)
    return technician_(caller, technician, response)


@router.post("/technicians/{technician}/end", name="technicians.end")
def let_go(caller: TheCaller, technician: UUID, given: Ending, response: Response) -> Technician:
    """Let somebody go: what they had to do is free again, and they cannot sign in any more."""
    caller.once(
        type(None),
        lambda: end_employment(caller.house.database, caller.actor, technician, why=given.why),
    )
    return technician_(caller, technician, response)


@router.post("/technicians/{technician}/take-back", name="technicians.take_back")
def back_again(caller: TheCaller, technician: UUID, response: Response) -> Technician:
    """Let somebody work here again; an owner opens their account."""
    caller.once(type(None), lambda: take_back(caller.house.database, caller.actor, technician))
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

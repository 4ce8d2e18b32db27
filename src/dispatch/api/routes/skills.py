"""The skill list, and the cells of the skill matrix."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response, status
from pydantic import BaseModel, Field
from sqlalchemy import select

from dispatch.api.caller import TheCaller
from dispatch.api.paging import USUAL, After, Limit, Page, page_of
from dispatch.api.routes.outlets import Closing, Renaming
from dispatch.api.routes.technicians import Technician, technician_
from dispatch.api.sent import Sent
from dispatch.api.texts import Key, Name, OnDay, Words
from dispatch.api.versions import Seen, tag
from dispatch.operations.network.skill_list import (
    create_skill,
    rename_skill,
    restore_skill,
    retire_skill,
)
from dispatch.operations.network.skills import Certificate, set_skill
from dispatch.store.rows.technicians import SkillRow

router = APIRouter(tags=["network"])


class NewSkill(Sent):
    """An entry of the skill list, by an id of the caller's own."""

    id: Key
    name: Name = ""


class Skill(BaseModel):
    """An entry of the skill list."""

    id: UUID
    version: int
    key: str
    name: str
    active: bool

    @staticmethod
    def of(row: SkillRow) -> Skill:
        """As it is kept."""
        return Skill(id=row.id, version=row.version, key=row.key, name=row.name, active=row.active)


class Proof(Sent):
    """What proves a skill; the paper itself is not kept here."""

    number: Name = ""
    issuer: Name = ""
    issued: OnDay | None = None
    note: Words = ""


class Level(Sent):
    """What somebody can do, and why that is so from now on; no level empties the cell."""

    level: Annotated[int, Field(ge=1, le=5)] | None
    expires: OnDay | None = None
    certificate: Proof | None = None
    why: Words = ""


@router.get("/skills", name="skills.list")
def skills(caller: TheCaller, after: After = None, limit: Limit = USUAL) -> Page[Skill]:
    """The skill list."""
    with caller.house.database.work(caller.actor) as work:
        return page_of(work, select(SkillRow), SkillRow, after, limit, Skill.of)


@router.post("/skills", name="skills.create", status_code=status.HTTP_201_CREATED)
def new_skill(caller: TheCaller, given: NewSkill, response: Response) -> Skill:
    """Add a skill to the list."""
    made = caller.once(
        UUID,
        lambda: create_skill(caller.house.database, caller.actor, given.id, name=given.name),
    )
    return skill_(caller, made, response)


@router.get("/skills/{skill_id}", name="skills.read")
def skill_(caller: TheCaller, skill_id: UUID, response: Response) -> Skill:
    """One of them."""
    with caller.house.database.work(caller.actor) as work:
        row = work.get(SkillRow, skill_id)
        tag(response, row.version)
        return Skill.of(row)


@router.put("/skills/{skill_id}", name="skills.change")
def rename(
    caller: TheCaller, skill_id: UUID, given: Renaming, seen: Seen, response: Response
) -> Skill:
    """Call it otherwise; its id stays."""
    rename_skill(caller.house.database, caller.actor, skill_id, given.name, expected=seen)
    return skill_(caller, skill_id, response)


@router.post("/skills/{skill_id}/retire", name="skills.retire")
def retire(caller: TheCaller, skill_id: UUID, given: Closing, response: Response) -> Skill:
    """Let it be given to nobody, and no new job ask for it; who has it keeps it."""
    caller.once(
        type(None),
        lambda: retire_skill(caller.house.database, caller.actor, skill_id, why=given.why),
    )
    return skill_(caller, skill_id, response)


@router.post("/skills/{skill_id}/restore", name="skills.restore")
def restore(caller: TheCaller, skill_id: UUID, response: Response) -> Skill:
    """Let it be given and asked for again."""
    caller.once(type(None), lambda: restore_skill(caller.house.database, caller.actor, skill_id))
    return skill_(caller, skill_id, response)


@router.put("/technicians/{technician}/skills/{skill}", name="skills.set")
def set_level(
    caller: TheCaller, technician: UUID, skill: Key, given: Level, seen: Seen, response: Response
) -> Technician:
    """Write a cell of the skill matrix; who, when and why is kept."""
    proof = given.certificate
    set_skill(
        caller.house.database,
        caller.actor,
        technician,
        skill,
        given.level,
        expires=given.expires,
        certificate=None if proof is None else Certificate(**proof.model_dump()),
        why=given.why,
        expected=seen,
    )
    return technician_(caller, technician, response)

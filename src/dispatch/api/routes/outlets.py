"""Outlets, in a tree under headquarters, and territories."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response, status
from pydantic import BaseModel, Field
from sqlalchemy import select

from dispatch.api.caller import TheCaller
from dispatch.api.paging import USUAL, After, Limit, Page, page_of
from dispatch.api.sent import Sent
from dispatch.api.texts import Key, Latitude, Longitude, Name, Why, position_of
from dispatch.api.versions import Seen, tag
from dispatch.operations.network.outlets import (
    OutletFacts,
    change_outlet,
    close_outlet,
    create_outlet,
    reopen_outlet,
)
from dispatch.operations.network.territories import create_territory, rename_territory
from dispatch.store.rows.outlets import OutletRow, TerritoryRow

router = APIRouter(tags=["network"])


class _Known(Sent):
    name: Name = ""
    lat: Latitude | None = None
    lon: Longitude | None = None

    def facts_under(self, parent: UUID | None) -> OutletFacts:
        """The same, checked."""
        return OutletFacts(name=self.name, parent=parent, position=position_of(self.lat, self.lon))


class OutletChange(_Known):
    """What is known of a branch; without a place no shift starts there."""

    parent: UUID | None = Field(default=None, description="None for headquarters alone.")


class NewOutlet(_Known):
    """A branch, by an id of the caller's own."""

    id: Key
    parent: UUID


class Closing(Sent):
    """Why it is done."""

    why: Why


class Outlet(BaseModel):
    """A branch."""

    id: UUID
    version: int
    key: str
    name: str
    parent: UUID | None
    lat: float | None
    lon: float | None
    active: bool

    @staticmethod
    def of(row: OutletRow) -> Outlet:
        """As it is kept."""
        return Outlet(
            id=row.id,
            version=row.version,
            key=row.key,
            name=row.name,
            parent=row.parent_id,
            lat=row.lat,
            lon=row.lon,
            active=row.active,
        )


class NewTerritory(Sent):
    """An area, by an id of the caller's own."""

    id: Key
    name: Name = ""


class Renaming(Sent):
    """What it is called from now on."""

    name: Name


class Territory(BaseModel):
    """An area that somebody is responsible for."""

    id: UUID
    version: int
    key: str
    name: str

    @staticmethod
    def of(row: TerritoryRow) -> Territory:
        """As it is kept."""
        return Territory(id=row.id, version=row.version, key=row.key, name=row.name)


@router.get("/outlets", name="outlets.list")
def outlets(
    caller: TheCaller,
    active: Annotated[bool | None, Query(description="Only open ones, or closed ones.")] = None,
    after: After = None,
    limit: Limit = USUAL,
) -> Page[Outlet]:
    """All outlets, headquarters first."""
    query = select(OutletRow)
    if active is not None:
        query = query.where(OutletRow.active.is_(active))
    with caller.house.database.work(caller.actor) as work:
        return page_of(work, query, OutletRow, after, limit, Outlet.of)


@router.post("/outlets", name="outlets.create", status_code=status.HTTP_201_CREATED)
def open_(caller: TheCaller, given: NewOutlet, response: Response) -> Outlet:
    """Open an outlet under another one."""
    made = caller.once(
        UUID,
        lambda: create_outlet(
            caller.house.database, caller.actor, given.id, given.facts_under(given.parent)
        ),
    )
    return outlet_(caller, made, response)


@router.get("/outlets/{outlet}", name="outlets.read")
def outlet_(caller: TheCaller, outlet: UUID, response: Response) -> Outlet:
    """One of them."""
    with caller.house.database.work(caller.actor) as work:
        row = work.get(OutletRow, outlet)
        tag(response, row.version)
        return Outlet.of(row)


@router.put("/outlets/{outlet}", name="outlets.change")
def change(
    caller: TheCaller, outlet: UUID, given: OutletChange, seen: Seen, response: Response
) -> Outlet:
    """Give it another name or place, or let it lie under another one."""
    facts = given.facts_under(given.parent)
    change_outlet(caller.house.database, caller.actor, outlet, facts, expected=seen)
    return outlet_(caller, outlet, response)


@router.post("/outlets/{outlet}/close", name="outlets.close")
def close(caller: TheCaller, outlet: UUID, given: Closing, response: Response) -> Outlet:
    """Let nothing new come to it; outlets, technicians and jobs go elsewhere first."""
    caller.once(
        type(None),
        lambda: close_outlet(caller.house.database, caller.actor, outlet, why=given.why),
    )
    return outlet_(caller, outlet, response)


@router.post("/outlets/{outlet}/reopen", name="outlets.reopen")
def reopen(caller: TheCaller, outlet: UUID, response: Response) -> Outlet:
    """Let it be open again."""
    caller.once(type(None), lambda: reopen_outlet(caller.house.database, caller.actor, outlet))
    return outlet_(caller, outlet, response)


@router.get("/territories", name="territories.list")
def territories(caller: TheCaller, after: After = None, limit: Limit = USUAL) -> Page[Territory]:
    """All areas."""
    with caller.house.database.work(caller.actor) as work:
        return page_of(work, select(TerritoryRow), TerritoryRow, after, limit, Territory.of)


@router.post("/territories", name="territories.create", status_code=status.HTTP_201_CREATED)
def new_territory(caller: TheCaller, given: NewTerritory, response: Response) -> Territory:
    """Draw up an area."""
    made = caller.once(
        UUID,
        lambda: create_territory(caller.house.database, caller.actor, given.id, name=given.name),
    )
    return territory_(caller, made, response)


@router.get("/territories/{territory}", name="territories.read")
def territory_(caller: TheCaller, territory: UUID, response: Response) -> Territory:
    """One of them."""
    with caller.house.database.work(caller.actor) as work:
        row = work.get(TerritoryRow, territory)
        tag(response, row.version)
        return Territory.of(row)


@router.put("/territories/{territory}", name="territories.change")
def mend_territory(
    caller: TheCaller, territory: UUID, given: Renaming, seen: Seen, response: Response
) -> Territory:
    """Call it otherwise; its id stays."""
    rename_territory(caller.house.database, caller.actor, territory, given.name, expected=seen)
    return territory_(caller, territory, response)

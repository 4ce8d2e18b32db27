"""What holds for the whole service network."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from dispatch.api.caller import TheCaller
from dispatch.store.organisation import organisation_of

router = APIRouter(tags=["network"])


class Organisation(BaseModel):
    """What holds for the whole network."""

    name: str
    zone: str
    policy: dict[str, Any]


@router.get("/organisation", name="organisation.read")
def organisation(caller: TheCaller) -> Organisation:
    """What holds for the whole network."""
    with caller.house.database.work(caller.actor) as work:
        row = organisation_of(work.session)
        return Organisation(name=row.name, zone=row.zone, policy=row.policy)

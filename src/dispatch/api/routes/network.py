"""What holds for the whole service network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field, create_model

from dispatch.api.caller import TheCaller
from dispatch.api.sent import Sent
from dispatch.api.texts import Money, Name
from dispatch.api.versions import Seen, tag
from dispatch.domain.job import LEAST_URGENT, MOST_URGENT
from dispatch.domain.named import BY_PRIORITY, PRICES
from dispatch.domain.policy import Policy
from dispatch.domain.speed import FASTEST, SLOWEST, Speed
from dispatch.operations.network.organisation import OrganisationEdit, change_organisation
from dispatch.store.organisation import organisation_of, rules_of

router = APIRouter(tags=["network"])

MOST_SPEEDS = 200
Priority = Annotated[int, Field(ge=MOST_URGENT, le=LEAST_URGENT)]
Clock = Annotated[str, Field(max_length=5)]


class SpeedGiven(Sent):
    """The speed while the wall clock shows a time from `start` to before `end`, every day."""

    start: Clock
    end: Clock
    percent: Annotated[int, Field(ge=SLOWEST, le=FASTEST)]
    profile: Annotated[str, Field(max_length=40)] = "car"


def _kind(name: str) -> Any:
    usual = getattr(Policy(), name)
    if name in BY_PRIORITY:
        return dict[Priority, Money]
    if name == "currency":
        return Annotated[str, Field(max_length=3)]
    return type(usual) if isinstance(usual, bool) else Money


if TYPE_CHECKING:
    Prices = Sent
else:
    Prices = create_model(
        "Prices",
        __base__=Sent,
        __doc__="The prices to be changed, as in a day; those left out stay, one by one.",
        **{name: (_kind(name) | None, None) for name in PRICES},
    )


class OrganisationChange(Sent):
    """What is to be changed; what is left out stays, price by price."""

    name: Name | None = None
    policy: Prices | None = None
    speeds: Annotated[list[SpeedGiven], Field(max_length=MOST_SPEEDS)] | None = None


class Organisation(BaseModel):
    """What holds for the whole network."""

    version: int
    name: str
    zone: str
    policy: Mapping[str, Any]
    """All prices, also those that are as usual."""
    speeds: list[SpeedGiven]


@router.get("/organisation", name="organisation.read")
def organisation(caller: TheCaller, response: Response) -> Organisation:
    """What holds for the whole network."""
    with caller.house.database.work(caller.actor) as work:
        row = organisation_of(work.session)
        tag(response, row.version)
        rules = rules_of(row)
        return Organisation(
            version=row.version,
            name=row.name,
            zone=rules.zone,
            policy=asdict(rules.policy),
            speeds=[SpeedGiven(**asdict(speed)) for speed in rules.speeds],
        )


@router.put("/organisation", name="organisation.change")
def change(
    caller: TheCaller, given: OrganisationChange, seen: Seen, response: Response
) -> Organisation:
    """Change its name, prices or speeds; the zone is set once, by the first import."""
    policy, speeds = given.policy, given.speeds
    edit = OrganisationEdit(
        name=given.name,
        prices={} if policy is None else policy.model_dump(exclude_none=True),
        speeds=None if speeds is None else [Speed(**one.model_dump()) for one in speeds],
    )
    change_organisation(caller.house.database, caller.actor, edit, expected=seen)
    return organisation(caller, response)

"""What the pool goes by: its rules, technicians' limits, and their credit scores."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response, status
from pydantic import BaseModel, Field
from sqlalchemy import select

from dispatch.api.caller import TheCaller
from dispatch.api.paging import USUAL, After, Limit, Page, page_of
from dispatch.api.sent import Plainly, Sent
from dispatch.api.texts import Why
from dispatch.api.versions import Seen, tag
from dispatch.domain.credit import MOST, CreditKind
from dispatch.domain.pool import MOST_CLAIMS, PoolRules
from dispatch.operations.credit.correct import correct_score
from dispatch.operations.pool.settings import set_part, set_rules
from dispatch.operations.pool.standing import Standing, standing_of
from dispatch.store.pool_rules import rules_of, rules_version
from dispatch.store.rows.credit import CreditRow
from dispatch.store.rows.technicians import TechnicianRow

router = APIRouter(tags=["pool"])

Count = Annotated[int | None, Field(ge=0, le=MOST_CLAIMS)]


class Part(Sent):
    """A technician's part in the pool; no limit: as the rules say."""

    leader: bool = False
    claims_a_day: Count = None
    claims_open: Count = None


class Correction(Sent):
    """Points given or taken, and why: the technician sees it."""

    points: Annotated[int, Field(ge=-MOST, le=MOST)]
    reason: Why


class CreditView(BaseModel):
    """Something that has moved a score."""

    id: UUID
    kind: CreditKind
    points: int
    score: int
    """After it."""
    visit: UUID | None
    at: datetime
    reason: str

    @staticmethod
    def of(row: CreditRow) -> CreditView:
        """As it is kept."""
        return CreditView(
            id=row.id,
            kind=row.kind,
            points=row.points,
            score=row.score,
            visit=row.visit_id,
            at=row.at,
            reason=row.reason,
        )


@router.get("/pool-rules", name="pool_rules.read")
def read_rules(caller: TheCaller, response: Response) -> PoolRules:
    """As they are."""
    with caller.house.database.work(caller.actor) as work:
        tag(response, rules_version(work.session))
        return rules_of(work.session)


@router.put("/pool-rules", name="pool_rules.set")
def change_rules(
    caller: TheCaller, given: Plainly[PoolRules], seen: Seen, response: Response
) -> PoolRules:
    """Change them, for the whole network; what is not said is as usual."""
    set_rules(caller.house.database, caller.actor, given, expected=seen)
    return read_rules(caller, response)


@router.get("/technicians/{technician}/pool", name="technicians.pool")
def part(caller: TheCaller, technician: UUID, response: Response) -> Standing:
    """Where somebody stands with the pool."""
    with caller.house.database.work(caller.actor) as work:
        row = work.get(TechnicianRow, technician)
        tag(response, row.version)
        return standing_of(work, row)


@router.put("/technicians/{technician}/pool", name="technicians.set_pool")
def change_part(
    caller: TheCaller, technician: UUID, given: Part, seen: Seen, response: Response
) -> Standing:
    """Say whether somebody leads, and how much they may claim."""
    set_part(
        caller.house.database,
        caller.actor,
        technician,
        leader=given.leader,
        claims_a_day=given.claims_a_day,
        claims_open=given.claims_open,
        expected=seen,
    )
    return part(caller, technician, response)


@router.get("/technicians/{technician}/credit", name="technicians.credit")
def credit(
    caller: TheCaller, technician: UUID, after: After = None, limit: Limit = USUAL
) -> Page[CreditView]:
    """All that has moved somebody's score, and why."""
    return credit_page(caller, technician, after, limit)


@router.post(
    "/technicians/{technician}/credit",
    name="technicians.correct",
    status_code=status.HTTP_201_CREATED,
)
def correct(caller: TheCaller, technician: UUID, given: Correction) -> Standing:
    """Put somebody's score right."""
    caller.once(
        int,
        lambda: correct_score(
            caller.house.database,
            caller.actor,
            technician,
            points=given.points,
            reason=given.reason,
        ),
    )
    with caller.house.database.work(caller.actor) as work:
        return standing_of(work, work.get(TechnicianRow, technician))


def credit_page(
    caller: TheCaller, technician: UUID, after: UUID | None, limit: int
) -> Page[CreditView]:
    """The history of a technician whom the caller sees."""
    with caller.house.database.work(caller.actor) as work:
        work.get(TechnicianRow, technician)
        query = select(CreditRow).where(CreditRow.technician_id == technician)
        return page_of(work, query, CreditRow, after, limit, CreditView.of)

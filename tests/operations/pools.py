"""What people do with the pool in tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from tests.databases import OWNER
from tests.operations.boards import TRAVEL
from tests.planning.made import at

from dispatch.domain.actor import Source
from dispatch.domain.pool import PoolRules
from dispatch.domain.states.job import JobState
from dispatch.domain.states.offer import ClaimState, OfferMode, OfferState
from dispatch.errors import DispatchError
from dispatch.operations.pool.bid import bid_for_offer
from dispatch.operations.pool.claim import claim_offer
from dispatch.operations.pool.offer import offer_visit
from dispatch.operations.pool.settings import set_part, set_rules
from dispatch.store.database import Database
from dispatch.store.ids import new_id
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.pool import ClaimRow, OfferRow
from dispatch.store.rows.technicians import TechnicianRow

PHONE = replace(OWNER, id="phone", source=Source.PHONE)


def person(database: Database, key: str) -> UUID:
    with database.work(OWNER) as work:
        return work.by_key(TechnicianRow, key).id


def visit_of(database: Database, job: str) -> VisitRow:
    with database.work(OWNER) as work:
        return work.by_key(JobRow, job).visits[0]


def offer(
    database: Database,
    job: str,
    mode: OfferMode = OfferMode.FIRST_COME,
    *,
    fee_minor: int = 5_000,
    until: datetime | None = None,
    **more: Any,
) -> UUID:
    visit, until = visit_of(database, job).id, until or at(12)
    return offer_visit(
        database, OWNER, visit, fee_minor=fee_minor, expires_at=until, mode=mode, **more
    )


def rules(database: Database, **changed: Any) -> None:
    set_rules(database, OWNER, PoolRules(**changed))


def limits(database: Database, key: str, **changed: Any) -> None:
    usual: dict[str, Any] = {"leader": False, "claims_a_day": None, "claims_open": None}
    set_part(database, OWNER, person(database, key), **(usual | changed))


def claim(database: Database, wanted: UUID, key: str) -> str:
    """How a claim of somebody's phone ends: ``won``, or the code."""
    return _told(lambda: claim_offer(database, PHONE, wanted, person(database, key), TRAVEL))


def bid(database: Database, wanted: UUID, key: str) -> str:
    """How a bid is taken: ``won`` is taken, or the code."""
    return _told(lambda: bid_for_offer(database, PHONE, wanted, person(database, key), TRAVEL))


def _told(do: Any) -> str:
    try:
        do()
    except DispatchError as error:
        return str(getattr(error, "code", error))
    return "won"


def claims(database: Database, wanted: UUID) -> dict[str, tuple[ClaimState, str]]:
    """By technician, what came of their claims for an offer."""
    with database.work(OWNER) as work:
        query = select(ClaimRow).where(ClaimRow.offer_id == wanted).order_by(ClaimRow.id)
        rows = work.session.scalars(query).all()
        return {row.technician.key: (row.state, row.reason) for row in rows}


def owner_of(database: Database, job: str) -> str | None:
    with database.work(OWNER) as work:
        found = work.by_key(JobRow, job).visits[0].technician
        return None if found is None else found.key


def code(raised: pytest.ExceptionInfo[Any]) -> str:
    return str(raised.value.code)


def offer_many(
    database: Database,
    jobs: Sequence[str],
    until: datetime,
    mode: OfferMode = OfferMode.FIRST_COME,
) -> None:
    """Put all of some jobs into the pool at once."""
    with database.work(OWNER) as work:
        for key in jobs:
            row = work.by_key(JobRow, key)
            offered = OfferRow(
                id=new_id(),
                outlet_id=row.outlet_id,
                visit_id=row.visits[0].id,
                mode=mode,
                state=OfferState.OPEN,
                fee_minor=5_000,
                currency="EUR",
                published_at=work.now,
                expires_at=until,
            )
            work.session.add(offered)
            row.state = JobState.OFFERED
        work.commit()

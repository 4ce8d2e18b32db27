"""Every offer has exactly one winner, and every route can be driven."""

from __future__ import annotations

from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from sqlalchemy import ColumnElement, Select, update
from tests.proofs.claims import opened, race, wrong_claims
from tests.proofs.size import kinds, sized

from dispatch.domain.states.offer import OfferState
from dispatch.domain.states.visit import VisitState
from dispatch.operations.pool import days, win
from dispatch.store import work as works
from dispatch.store.database import Database
from dispatch.store.events import Event
from dispatch.store.rows.jobs import VisitRow
from dispatch.store.rows.pool import OfferRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.work import Work

OFFERS = sized(small=12, full=500)
RACERS = sized(small=8, full=32)
MEETING_S = 3.0


@pytest.mark.slow
def test_every_offer_has_one_winner_and_every_route_can_be_driven(database: Database) -> None:
    offers = opened(database, OFFERS, RACERS // 2)
    told = race(database, offers, RACERS)
    assert len(told) == OFFERS * RACERS
    assert wrong_claims(database, offers, told) == []


def test_the_proof_sees_two_winners(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """An offer is given away whatever its state, and nobody waits for anybody."""
    meeting = Barrier(2)

    def give_away(work: Work, offer: OfferRow, technician: TechnicianRow) -> None:
        meet(meeting)
        work.session.execute(
            update(OfferRow)
            .where(OfferRow.id == offer.id)
            .values(state=OfferState.CLAIMED, technician_id=technician.id)
        )
        after = {"state": "claimed", "technician_id": str(technician.id)}
        work.record(Event(kind="offer.claimed", subject=offer.id, after=after))

    def put(work: Work, technician: TechnicianRow, routes: Any, span: Any) -> None:
        (new,) = [row for row in work.session.identity_map.values() if isinstance(row, VisitRow)]
        (planned,) = routes[0].visits
        work.session.execute(
            update(VisitRow)
            .where(VisitRow.id == new.id)
            .values(
                state=VisitState.SCHEDULED,
                technician_id=technician.id,
                start_at=planned.start,
                end_at=planned.end,
                place=0,
            )
        )

    monkeypatch.setattr(win, "_take", give_away)
    monkeypatch.setattr(win, "place_routes", put)
    without_locks(monkeypatch, TechnicianRow, VisitRow)
    offers = opened(database, 1, 2)
    assert {"winners", "events"} <= kinds(wrong_claims(database, offers, race(database, offers, 4)))


def test_the_proof_sees_a_route_that_nobody_can_drive(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two claims of one technician do not wait for each other; the next one hides it."""
    meeting, fitted = Barrier(2), days.route_day

    def fit_together(*given: Any) -> Any:
        found = fitted(*given)
        meet(meeting)
        return found

    monkeypatch.setattr(days, "route_day", fit_together)
    without_locks(monkeypatch, TechnicianRow)
    offers = opened(database, 6, 1)
    assert "history" in kinds(wrong_claims(database, offers, race(database, offers, 2)))


def meet(meeting: Barrier) -> None:
    """Wait for another who does the same; alone after some time."""
    with suppress(BrokenBarrierError):
        meeting.wait(MEETING_S)


def without_locks(monkeypatch: pytest.MonkeyPatch, *unlocked: type) -> None:
    """Let nobody hold rows of these tables."""
    asked = works._query

    def query(kind: type[Any], where: ColumnElement[bool], *, lock: bool) -> Select[Any]:
        return asked(kind, where, lock=lock and kind not in unlocked)

    monkeypatch.setattr(works, "_query", query)

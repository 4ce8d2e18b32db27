"""What nobody claims is pushed before the promise is at risk."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from tests.databases import OWNER, SetClock
from tests.operations.boards import TRAVEL, WORKER, Away, Desk
from tests.operations.pools import bid, claim, offer, owner_of, person, rules, visit_of
from tests.planning.made import at, held, job, shift, technician, window
from tests.planning.made import day as made_day

from dispatch.domain.skill import NeededSkill, SkillNeeds
from dispatch.domain.states.offer import OfferMode, OfferState, PushState
from dispatch.operations.pool.expire import expire_offers
from dispatch.operations.pool.offer import withdraw_offer
from dispatch.operations.pool.settings import open_for_work
from dispatch.operations.push import unclaimed
from dispatch.operations.push.answer import accept_push
from dispatch.operations.push.look import look_at_pushes
from dispatch.operations.push.unclaimed import AGAIN_S, push_unclaimed
from dispatch.store.database import Database
from dispatch.store.ids import new_id
from dispatch.store.rows.jobs import VisitRow
from dispatch.store.rows.pool import OfferRow
from dispatch.store.rows.pushes import PushRow
from dispatch.store.rows.technicians import AbsenceRow, TechnicianRow
from dispatch.worker.rounds import look_round

LEAD = timedelta(hours=2)


@pytest.fixture
def town(database: Database) -> Database:
    """J1 is to start by noon, J2 to be done by 11:00, J3 was promised by 10:00."""
    jobs = [
        job("J1", windows=(window(8, 12),)),
        job("J2", windows=(window(8, 12),), sla_due=at(11)),
        job("J3", windows=(window(8, 12),)),
    ]
    Desk(database).imported(made_day(jobs, [technician("T1"), technician("T2")]))
    with database.work(OWNER) as work:
        visit = work.get(VisitRow, visit_of(database, "J3").id)
        visit.promised_from, visit.promised_to = at(8), at(10)
        work.commit()
    return database


def row(database: Database, wanted: UUID) -> OfferRow:
    with database.work(OWNER) as work:
        return work.get(OfferRow, wanted)


def pushes(database: Database) -> list[PushRow]:
    with database.work(OWNER) as work:
        return list(work.session.scalars(select(PushRow).order_by(PushRow.id)))


def test_the_moment_follows_from_windows_due_and_promise(town: Database) -> None:
    moments = {name: row(town, offer(town, name)).push_at for name in ("J1", "J2", "J3")}
    assert moments == {"J1": at(10), "J2": at(8), "J3": at(8)}


def test_an_offer_that_ends_before_is_pushed_when_it_ends(town: Database, clock: SetClock) -> None:
    early = offer(town, "J1", until=at(9))
    assert row(town, early).push_at == at(9)
    clock.now = at(9)
    look_round(town, WORKER, TRAVEL)
    assert row(town, early).state is OfferState.WITHDRAWN
    assert len(pushes(town)) == 1


def test_an_offer_that_is_not_to_be_pushed_just_ends(town: Database, clock: SetClock) -> None:
    alone = offer(town, "J2", then_push=False)
    assert row(town, alone).push_at is None
    clock.now = at(12.5)
    look_round(town, WORKER, TRAVEL)
    assert row(town, alone).state is OfferState.EXPIRED
    assert pushes(town) == []


@pytest.fixture
def evening(database: Database) -> Database:
    """Customers have time until the evening; people work until four, and one of them until six."""
    gases = SkillNeeds(all_of=(NeededSkill(skill="gas", min_level=1),))
    jobs = [
        job("J1", windows=(window(8, 20),)),
        job("J2", windows=(window(8, 20),), needs=gases),
        job("J3", windows=(window(8, 20),), site="west"),
        job("J4", windows=(window(8, 15),), needs=gases),
        job("J5", windows=(window(8, 20),), needs=gases, duration_s=3 * 3_600),
        job("J6", windows=(window(8, 20),), prohibited_technicians=("T1", "T2")),
    ]
    people = [
        technician("T1", skills=(held(),), territories=("right", "left")),
        technician("T2", shifts=(shift(10, 17, overtime_s=3_600),), territories=("right",)),
    ]
    Desk(database).imported(made_day(jobs, people))
    return database


def test_the_moment_is_early_enough_for_who_could_do_it(evening: Database) -> None:
    """Two hours and the work before the last of them has gone home, overtime included."""
    moments = {f"J{number}": offer(evening, f"J{number}", until=at(19)) for number in range(1, 7)}
    assert {name: row(evening, wanted).push_at for name, wanted in moments.items()} == {
        "J1": at(15),
        "J2": at(13),  # who works longest has not the skill
        "J3": at(13),  # nor goes there
        "J4": at(13),  # the customer has no time later
        "J5": at(11),
        "J6": at(18),  # nobody could, whenever they are asked
    }


def test_nobody_is_asked_who_works_here_no_longer(evening: Database) -> None:
    with evening.work(OWNER) as work:
        work.get(TechnicianRow, person(evening, "T2")).active = False
        work.commit()
    assert row(evening, offer(evening, "J1", until=at(19))).push_at == at(13)


@pytest.mark.parametrize("why", ["away", "closed"])
def test_nobody_is_asked_who_is_away_or_takes_nothing(evening: Database, why: str) -> None:
    with evening.work(OWNER) as work:
        late = work.get(TechnicianRow, person(evening, "T2"), lock=True)
        if why == "away":
            ill = AbsenceRow(id=new_id(), start_at=at(0), end_at=at(24), reason="ill")
            late.absences = [ill]
        else:
            late.open_for_work = False
        work.commit()
    assert row(evening, offer(evening, "J1", until=at(19))).push_at == at(13)


def test_what_nobody_claims_is_pushed_while_somebody_is_there(
    evening: Database, clock: SetClock
) -> None:
    wanted = offer(evening, "J2", until=at(20))
    clock.now = at(13)
    look_round(evening, WORKER, TRAVEL)
    (asked,) = pushes(evening)
    assert asked.technician_id == person(evening, "T1")
    assert row(evening, wanted).state is OfferState.WITHDRAWN
    accept_push(evening, OWNER, asked.id, asked.technician_id, TRAVEL)
    assert owner_of(evening, "J2") == "T1"


def test_who_offers_late_and_for_too_long_has_it_pushed_while_somebody_can_come(
    evening: Database, clock: SetClock
) -> None:
    clock.now = at(13.5)
    assert row(evening, offer(evening, "J2", until=at(15))).push_at == at(15)
    assert row(evening, offer(evening, "J3", until=at(20))).push_at == at(14.25)


def test_who_offers_late_has_it_pushed_when_the_offer_ends(town: Database, clock: SetClock) -> None:
    clock.now = at(10.5)
    wanted = offer(town, "J1", until=at(11))
    assert row(town, wanted).push_at == at(11)
    assert push_unclaimed(town, WORKER, TRAVEL) == 0
    clock.now = at(11)
    assert expire_offers(town, WORKER) == 0
    assert push_unclaimed(town, WORKER, TRAVEL) == 1


def test_it_is_withdrawn_and_the_best_is_asked(town: Database, clock: SetClock) -> None:
    rules(town, push_patience_s=60)
    wanted = offer(town, "J1")
    clock.now = at(10) - timedelta(seconds=1)
    assert push_unclaimed(town, WORKER, TRAVEL) == 0
    clock.now = at(10)
    look_round(town, WORKER, TRAVEL)
    look_round(town, WORKER, TRAVEL)
    (asked,) = pushes(town)
    assert (asked.state, asked.patience_s) == (PushState.SENT, 60)
    assert row(town, wanted).state is OfferState.WITHDRAWN
    assert claim(town, wanted, "T1") == "claim.lost"
    clock.forward(seconds=60)
    look_round(town, WORKER, TRAVEL)
    first, second = pushes(town)
    assert (first.state, second.state) == (PushState.TIMED_OUT, PushState.SENT)
    assert first.technician_id != second.technician_id
    accept_push(town, OWNER, second.id, second.technician_id, TRAVEL)
    assert owner_of(town, "J1") is not None


def test_whoever_is_asked_then_is_told_the_fee(town: Database, clock: SetClock) -> None:
    offer(town, "J1", fee_minor=6_000)
    clock.now = at(10)
    assert push_unclaimed(town, WORKER, TRAVEL) == 1
    (push,) = pushes(town)
    (asked,) = look_at_pushes(town, OWNER, push.technician_id, TRAVEL)
    assert (asked.fee_minor, asked.currency) == (6_000, "EUR")
    assert asked.extra is not None
    assert asked.extra.per_hour_minor == 6_000 * 3_600 // asked.extra.duration_s


def test_what_is_claimed_or_withdrawn_is_not_pushed(town: Database, clock: SetClock) -> None:
    taken, back = offer(town, "J1"), offer(town, "J2")
    assert claim(town, taken, "T1") == "won"
    withdraw_offer(town, OWNER, back)
    clock.now = at(10.5)
    look_round(town, WORKER, TRAVEL)
    assert pushes(town) == []
    assert owner_of(town, "J1") == "T1"


def test_bids_are_decided_first(town: Database, clock: SetClock) -> None:
    wanted = offer(town, "J1", OfferMode.BATCHED)
    clock.now = at(10) - timedelta(seconds=5)
    assert bid(town, wanted, "T1") == "won"
    clock.now = at(10)
    look_round(town, WORKER, TRAVEL)
    assert pushes(town) == []
    clock.forward(seconds=10)
    look_round(town, WORKER, TRAVEL)
    assert owner_of(town, "J1") == "T1"
    assert pushes(town) == []


def test_where_nobody_can_take_it_the_pool_keeps_it(town: Database, clock: SetClock) -> None:
    for key in ("T1", "T2"):
        open_for_work(town, OWNER, person(town, key), wanted=False)
    wanted = offer(town, "J1")
    clock.now = at(10)
    look_round(town, WORKER, TRAVEL)
    assert row(town, wanted).state is OfferState.OPEN
    open_for_work(town, OWNER, person(town, "T2"), wanted=True)
    clock.forward(seconds=AGAIN_S)
    look_round(town, WORKER, TRAVEL)
    (asked,) = pushes(town)
    assert asked.technician_id == person(town, "T2")


def test_travel_times_that_do_not_answer_end_no_offer(town: Database, clock: SetClock) -> None:
    """Not even one whose time is over: the round after asks somebody."""
    wanted = offer(town, "J1", until=at(11))
    for clock.now in (at(10), at(11.5)):
        look_round(town, WORKER, Away())
        assert (row(town, wanted).state, pushes(town)) == (OfferState.OPEN, [])
    look_round(town, WORKER, TRAVEL)
    assert row(town, wanted).state is OfferState.WITHDRAWN
    assert len(pushes(town)) == 1


def test_a_process_that_is_killed_in_between_loses_nothing(
    town: Database, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the offer is withdrawn and before somebody is asked: neither has happened."""
    wanted = offer(town, "J1")
    clock.now = at(10)

    def killed(*_: Any, **__: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(unclaimed, "ask", killed)
    with pytest.raises(KeyboardInterrupt):
        push_unclaimed(town, WORKER, TRAVEL)
    monkeypatch.undo()
    assert (row(town, wanted).state, pushes(town)) == (OfferState.OPEN, [])
    assert push_unclaimed(town, WORKER, TRAVEL) == 1
    assert len(pushes(town)) == 1


def test_of_many_workers_one_pushes_it(town: Database, clock: SetClock) -> None:
    offer(town, "J1")
    clock.now = at(10)
    with ThreadPoolExecutor(6) as threads:
        asked = list(threads.map(lambda _: push_unclaimed(town, WORKER, TRAVEL), range(6)))
    assert sum(asked) == 1
    assert len(pushes(town)) == 1

"""Bids for an offer are decided together: by cost, by who got less lately, with one winner."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from tests.databases import OWNER, SetClock
from tests.operations.boards import TRAVEL, WORKER, Desk
from tests.operations.pools import PHONE, bid, claim, claims, code, offer, owner_of, person, rules
from tests.planning.made import Board, at, job, shift, spot, technician, window
from tests.planning.made import day as made_day

from dispatch.domain.position import Place
from dispatch.domain.states.job import JobState
from dispatch.domain.states.offer import ClaimState, OfferMode, OfferState
from dispatch.errors import Missing, Refused, Unavailable
from dispatch.operations.jobs.decide import hold_job
from dispatch.operations.pool import award
from dispatch.operations.pool.award import award_offers
from dispatch.operations.pool.bid import bid_for_offer, withdraw_bid
from dispatch.operations.pool.expire import expire_offers
from dispatch.operations.pool.look import look_at_pool
from dispatch.operations.pool.offer import withdraw_offer
from dispatch.operations.push.transfer import transfer_visit
from dispatch.planning.travel_times import TravelMatrix
from dispatch.store.database import Database
from dispatch.store.events import check_chain
from dispatch.store.migrate import migrate
from dispatch.store.migrations.versions import r0015_pool
from dispatch.store.rows.jobs import JobRow
from dispatch.store.rows.pool import ClaimRow, OfferRow
from dispatch.store.rows.technicians import TechnicianRow

WON, LOST, OPEN = ClaimState.WON, ClaimState.LOST, ClaimState.OPEN
BATCHED = OfferMode.BATCHED
WINDOW = timedelta(seconds=10)


@pytest.fixture
def town(database: Database) -> Database:
    """T1 lives in the middle, T2 far in the east; three jobs east and west."""
    people = [technician("T1"), technician("T2", home=spot(40))]
    jobs = [job("J1"), job("J2", site="west"), job("J3"), job("J4", site="west")]
    Desk(database).imported(made_day(jobs, people))
    return database


def offer_row(database: Database, wanted: Any) -> OfferRow:
    with database.work(OWNER) as work:
        return work.get(OfferRow, wanted)


def test_the_cheapest_route_wins_though_its_bid_came_last(town: Database, clock: SetClock) -> None:
    wanted = offer(town, "J2", BATCHED)
    assert bid(town, wanted, "T2") == "won"
    clock.forward(seconds=5)
    assert bid(town, wanted, "T1") == "won"
    assert offer_row(town, wanted).closes_at == clock.now + timedelta(seconds=5)
    assert award_offers(town, TRAVEL) == 0
    assert claims(town, wanted) == {"T1": (OPEN, ""), "T2": (OPEN, "")}
    clock.forward(seconds=5)
    assert award_offers(town, TRAVEL) == 1
    assert claims(town, wanted) == {"T1": (WON, ""), "T2": (LOST, "claim.beaten")}
    assert owner_of(town, "J2") == "T1"
    assert award_offers(town, TRAVEL) == 0
    with town.work(OWNER) as work:
        assert list(check_chain(work.session.connection())) == []


def test_who_got_less_lately_comes_first_where_it_costs_little(
    town: Database, clock: SetClock
) -> None:
    """T1 has earned 100.00 and T2 nothing: at 100 % that is worth a detour, at 0 % it is not."""
    assert claim(town, offer(town, "J1", fee_minor=10_000), "T1") == "won"
    for percent, job_key, winner in ((0, "J2", "T1"), (200, "J4", "T2")):
        rules(town, fairness_percent=percent)
        wanted = offer(town, job_key, BATCHED, fee_minor=0)
        assert bid(town, wanted, "T1") == bid(town, wanted, "T2") == "won"
        clock.now += WINDOW
        award_offers(town, TRAVEL)
        assert owner_of(town, job_key) == winner
    with town.work(OWNER) as work:
        query = select(ClaimRow).where(ClaimRow.offer_id == wanted, ClaimRow.state == WON)
        assert work.session.scalars(query).one().debt_minor == 5_000


def test_what_is_long_ago_counts_no_more(town: Database, clock: SetClock) -> None:
    assert claim(town, offer(town, "J1", fee_minor=10_000), "T1") == "won"
    rules(town, fairness_percent=200, fairness_days=1)
    clock.forward(days=1, seconds=1)
    wanted = offer(town, "J2", BATCHED, until=at(14))
    assert bid(town, wanted, "T1") == bid(town, wanted, "T2") == "won"
    clock.now += WINDOW
    award_offers(town, TRAVEL)
    assert owner_of(town, "J2") == "T1"


def test_offers_that_end_together_are_matched_together(database: Database, clock: SetClock) -> None:
    """By itself each offer would go to T1, who lives between; together each has somebody."""
    people = [
        technician("T1", shifts=(shift(8, 10),)),
        technician("T2", home=spot(-40), shifts=(shift(8, 12),)),
    ]
    jobs = [job("J1", windows=(window(8, 9),)), job("J2", site="west", windows=(window(8, 9),))]
    Desk(database).imported(made_day(jobs, people))
    wanted = [offer(database, name, BATCHED) for name in ("J2", "J1")]
    for one in wanted:
        assert bid(database, one, "T1") == bid(database, one, "T2") == "won"
    clock.now += WINDOW
    assert award_offers(database, TRAVEL) == 2
    assert (owner_of(database, "J1"), owner_of(database, "J2")) == ("T1", "T2")


def test_one_may_win_several_that_fit_together_and_none_that_does_not(
    database: Database, clock: SetClock
) -> None:
    jobs = [
        job("J1", windows=(window(9, 9),)),
        job("J2", windows=(window(9, 9),)),
        job("J3", windows=(window(11, 11),)),
    ]
    Desk(database).imported(made_day(jobs, [technician("T1")]))
    wanted = {name: offer(database, name, BATCHED) for name in ("J1", "J2", "J3")}
    for one in wanted.values():
        assert bid(database, one, "T1") == "won"
    clock.now += WINDOW
    assert award_offers(database, TRAVEL) == 2
    outcome = [claims(database, one)["T1"] for one in wanted.values()]
    assert sorted(outcome) == [(LOST, "claim.misfit"), (WON, ""), (WON, "")]
    left = next(one for one in wanted.values() if claims(database, one)["T1"][0] is LOST)
    row = offer_row(database, left)
    assert (row.state, row.closes_at) == (OfferState.OPEN, None)


def test_it_is_decided_though_no_worker_looks(town: Database, clock: SetClock) -> None:
    """Whoever comes next decides it, and is themselves too late; also after the offer's end."""
    wanted = offer(town, "J1", BATCHED, until=clock.now + timedelta(seconds=6))
    assert bid(town, wanted, "T1") == "won"
    clock.forward(minutes=5)
    assert expire_offers(town, WORKER) == 0
    assert bid(town, wanted, "T2") == "claim.lost"
    assert claims(town, wanted) == {"T1": (WON, "")}


def test_of_many_who_decide_one_does(town: Database, clock: SetClock) -> None:
    wanted = [offer(town, name, BATCHED) for name in ("J1", "J2", "J3", "J4")]
    for one in wanted:
        assert bid(town, one, "T1") == bid(town, one, "T2") == "won"
    clock.now += WINDOW
    with ThreadPoolExecutor(6) as threads:
        given = list(threads.map(lambda _: award_offers(town, TRAVEL), range(6)))
    assert sum(given) == 4
    assert all(
        sorted(state for state, _ in claims(town, one).values()) == [LOST, WON] for one in wanted
    )


def test_what_a_killed_process_has_left_is_decided_by_the_next(
    town: Database, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = [offer(town, name, BATCHED) for name in ("J1", "J2")]
    for one in wanted:
        assert bid(town, one, "T1") == "won"
    clock.now += WINDOW
    real, calls = award.win, []

    def killed(*given: Any, **named: Any) -> Any:
        calls.append(given)
        return real(*given, **named) if len(calls) == 1 else 1 / 0

    monkeypatch.setattr(award, "win", killed)
    with pytest.raises(ZeroDivisionError):
        award_offers(town, TRAVEL)
    states = sorted(claims(town, one)["T1"][0] for one in wanted)
    assert states == [OPEN, WON]
    monkeypatch.undo()
    assert award_offers(town, TRAVEL) == 1
    assert all(claims(town, one)["T1"][0] is WON for one in wanted)


def test_bids_are_refused_where_claims_would_be(town: Database, clock: SetClock) -> None:
    first, wanted = offer(town, "J1"), offer(town, "J2", BATCHED)
    assert bid(town, first, "T1") == "claim.first-come"
    assert claim(town, wanted, "T1") == "claim.batched"
    assert bid(town, wanted, "T1") == "won"
    assert bid(town, wanted, "T1") == "claim.twice"
    (seen,) = [
        told
        for told in look_at_pool(town, PHONE, person(town, "T1"), TRAVEL)
        if told.offer == wanted
    ]
    assert (seen.mode, seen.closes_at, seen.reason) == (BATCHED, clock.now + WINDOW, "claim.twice")
    withdraw_offer(town, OWNER, wanted)
    assert claims(town, wanted) == {"T1": (LOST, "claim.lost")}
    assert bid(town, wanted, "T2") == "claim.lost"


def test_a_bid_can_be_taken_back_until_it_is_decided(town: Database, clock: SetClock) -> None:
    wanted, one, two = offer(town, "J1", BATCHED), person(town, "T1"), person(town, "T2")
    made = bid_for_offer(town, PHONE, wanted, one, TRAVEL)
    with pytest.raises(Missing):
        withdraw_bid(town, PHONE, made, two)
    withdraw_bid(town, PHONE, made, one)
    clock.now += WINDOW
    assert award_offers(town, TRAVEL) == 0
    with town.work(OWNER) as work:
        assert work.get(OfferRow, wanted).closes_at is None
        assert work.by_key(JobRow, "J1").state is JobState.OFFERED
    assert bid(town, wanted, "T1") == "won"
    clock.now += WINDOW
    assert award_offers(town, TRAVEL) == 1
    with town.work(OWNER) as work:
        query = select(ClaimRow.id).where(ClaimRow.offer_id == wanted, ClaimRow.state == WON)
        won = work.session.scalars(query).one()
    with pytest.raises(Refused) as late:
        withdraw_bid(town, PHONE, won, one)
    assert code(late) == "state.claim"


def test_what_changed_since_the_bid_is_looked_at_again(town: Database, clock: SetClock) -> None:
    """The job is held, or the winner has enough: nobody gets it by an old promise."""
    held, much = offer(town, "J1", BATCHED), offer(town, "J2", BATCHED)
    assert bid(town, held, "T1") == bid(town, much, "T1") == "won"
    with town.work(OWNER) as work:
        job_id = work.by_key(JobRow, "J1").id
    hold_job(town, OWNER, job_id, why="waits")
    rules(town, claims_open=0)
    clock.now += WINDOW
    assert award_offers(town, TRAVEL) == 0
    assert claims(town, held)["T1"][0] is LOST
    assert claims(town, much) == {"T1": (LOST, "claim.unfinished")}


def test_nobody_loses_a_bid_as_the_way_is_not_known(town: Database, clock: SetClock) -> None:
    """A server for one means of travel does not answer: others get theirs, and it goes on later."""

    class NoBicycles(Board):
        def matrix(self, places: Sequence[Place], **more: Any) -> TravelMatrix:
            if more["profile"] == "bicycle":
                raise Unavailable("travel.file.missing", file="x")
            return super().matrix(places, **more)

    with town.work(OWNER) as work:
        work.by_key(TechnicianRow, "T2").profile = "bicycle"
        work.commit()
    east, west = offer(town, "J1", BATCHED), offer(town, "J2", BATCHED)
    assert bid(town, east, "T1") == bid(town, west, "T2") == "won"
    clock.now += WINDOW
    assert award_offers(town, NoBicycles()) == 1
    assert claims(town, east) == {"T1": (WON, "")}
    assert claims(town, west) == {"T2": (OPEN, "")}
    assert award_offers(town, TRAVEL) == 1
    assert claims(town, west) == {"T2": (WON, "")}


def test_what_was_won_and_handed_on_earned_nothing(town: Database, clock: SetClock) -> None:
    assert claim(town, offer(town, "J1", fee_minor=10_000), "T1") == "won"
    with town.work(OWNER) as work:
        visit = work.by_key(JobRow, "J1").visits[0].id
    transfer_visit(town, PHONE, visit, TRAVEL, reason="ill", owner=person(town, "T1"))
    rules(town, fairness_percent=200)
    wanted = offer(town, "J2", BATCHED)
    assert bid(town, wanted, "T1") == bid(town, wanted, "T2") == "won"
    clock.now += WINDOW
    award_offers(town, TRAVEL)
    assert owner_of(town, "J2") == "T1"


def test_claims_from_before_they_were_kept_are_kept_too(town: Database) -> None:
    """The tables of this migration are dropped and made again, with an offer that is claimed."""
    wanted = offer(town, "J1")
    assert claim(town, wanted, "T1") == "won"
    migrate(town, r0015_pool.down_revision)
    migrate(town)
    assert claims(town, wanted) == {"T1": (WON, "")}
    assert claim(town, offer(town, "J2"), "T1") == "won"

"""Who may claim what: each rule by itself, and the list and the claim with one answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from tests.databases import OWNER, SetClock
from tests.operations.boards import TRAVEL, Desk
from tests.operations.pools import PHONE, bid, claim, code, limits, offer, person, rules, visit_of
from tests.planning.made import at, held, job, shift, spot, technician, window
from tests.planning.made import day as made_day

from dispatch.domain.day import Day
from dispatch.domain.shift import Absence
from dispatch.domain.site import Outlet
from dispatch.domain.skill import NeededSkill, SkillNeeds
from dispatch.domain.states.offer import OfferMode
from dispatch.errors import Missing, Refused
from dispatch.operations.board.assign import assign_visit
from dispatch.operations.credit.correct import correct_score
from dispatch.operations.import_day import import_day
from dispatch.operations.network.absences import add_absence
from dispatch.operations.pool import look
from dispatch.operations.pool.look import look_at_pool
from dispatch.operations.pool.settings import open_for_work
from dispatch.operations.push.send import send_push
from dispatch.operations.push.transfer import transfer_visit
from dispatch.store.database import Database
from dispatch.store.rows.pushes import PushRow
from dispatch.store.rows.technicians import TechnicianRow

GAS = SkillNeeds(all_of=(NeededSkill(skill="gas", min_level=3),))
FITS, HIDDEN = "won", "not shown"


def shown(database: Database, wanted: UUID, key: str) -> str:
    """What the list says of an offer: ``won`` could be, the reason, or nothing."""
    told = look_at_pool(database, PHONE, person(database, key), TRAVEL)
    reasons = [entry.reason or FITS for entry in told if entry.offer == wanted]
    return reasons[0] if reasons else HIDDEN


def agreed(database: Database, wanted: UUID, key: str) -> str:
    """What the list says; the claim says the same."""
    listed, claimed = shown(database, wanted, key), claim(database, wanted, key)
    assert claimed == listed or (listed == HIDDEN and claimed in {"claim.misfit", "store.missing"})
    return claimed


def made(person: dict[str, Any], wanted: dict[str, Any] | None = None) -> Day:
    return made_day([job("J1", **(wanted or {}))], [technician("T1", **person)])


RULES = {
    "skill": (made({"skills": (held(),)}, {"needs": GAS}), made({}, {"needs": GAS})),
    "level": (
        made({"skills": (held(level=3),)}, {"needs": GAS}),
        made({"skills": (held(level=2),)}, {"needs": GAS}),
    ),
    "certificate": (
        made({"skills": (held(expires=date(2026, 3, 3)),)}, {"needs": GAS}),
        made({"skills": (held(expires=date(2026, 3, 2)),)}, {"needs": GAS}),
    ),
    "territory": (made({"territories": ("right",)}), made({"territories": ("left",)})),
    "absence": (
        made({"absences": (Absence(start=at(12), end=at(16)),)}),
        made({"absences": (Absence(start=at(8), end=at(16)),)}),
    ),
    "shift": (
        made({"shifts": (shift(8, 9.4),)}),
        made({"shifts": (shift(8, 9.3),)}),
    ),
    "window": (
        made({}, {"windows": (window(14, 14.5),)}),
        made({}, {"windows": (window(15.5, 16),)}),
    ),
    "travel": (made({}), made({}, {"site": "far", "windows": (window(8, 9),)})),
    "prohibited": (made({}), made({}, {"prohibited_technicians": ("T1",)})),
}


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_keeps_somebody_out_by_itself(database: Database, rule: str) -> None:
    kept, broken = RULES[rule]
    Desk(database).imported(broken)
    wanted = offer(database, "J1")
    assert agreed(database, wanted, "T1") == "claim.misfit"
    Desk(database).imported(kept)
    assert agreed(database, wanted, "T1") == FITS


def test_a_job_for_particular_people_is_for_nobody_else(database: Database) -> None:
    wanted = job("J1", required_technicians=("T2",))
    Desk(database).imported(made_day([wanted], [technician("T1"), technician("T2")]))
    made_offer = offer(database, "J1")
    assert agreed(database, made_offer, "T1") == "claim.misfit"
    assert agreed(database, made_offer, "T2") == FITS


def test_the_rules_may_let_people_out_of_their_territories(database: Database) -> None:
    Desk(database).imported(made({"territories": ("left",)}))
    wanted = offer(database, "J1")
    assert agreed(database, wanted, "T1") == "claim.misfit"
    rules(database, territories_hold=False)
    assert agreed(database, wanted, "T1") == FITS


def test_who_is_away_since_the_offer_may_not_have_it(database: Database) -> None:
    Desk(database).imported(made({}))
    wanted = offer(database, "J1")
    assert shown(database, wanted, "T1") == FITS
    add_absence(database, OWNER, person(database, "T1"), start=at(6), end=at(20))
    assert agreed(database, wanted, "T1") == "claim.misfit"


@pytest.fixture
def town(database: Database) -> Database:
    jobs = [job(f"J{number}") for number in range(1, 5)]
    Desk(database).imported(made_day(jobs, [technician("T1"), technician("T2")]))
    return database


def test_who_is_closed_gets_nothing_from_the_pool_and_is_not_asked(town: Database) -> None:
    wanted, one = offer(town, "J1"), person(town, "T1")
    open_for_work(town, PHONE, one, wanted=False)
    assert agreed(town, wanted, "T1") == "claim.closed"
    with pytest.raises(Refused) as closed:
        send_push(town, OWNER, visit_of(town, "J2").id, TRAVEL, technician=one)
    assert code(closed) == "push.closed"
    for name in ("J2", "J3"):
        send_push(town, OWNER, visit_of(town, name).id, TRAVEL)
    with town.work(OWNER) as work:
        asked = set(work.session.scalars(select(PushRow.technician_id)))
    assert asked == {person(town, "T2")}
    open_for_work(town, PHONE, one, wanted=True)
    assert agreed(town, wanted, "T1") == FITS


def test_who_has_left_gets_nothing(town: Database) -> None:
    """Also who has left with something to do."""
    wanted, other = offer(town, "J1"), visit_of(town, "J3").id
    assert claim(town, offer(town, "J2"), "T1") == FITS
    with town.work(OWNER) as work:
        work.by_key(TechnicianRow, "T1").active = False
        work.commit()
    assert claim(town, wanted, "T1") == "claim.closed"
    assert shown(town, wanted, "T1") == HIDDEN
    with pytest.raises(Refused) as gone:
        assign_visit(town, OWNER, other, person(town, "T1"), TRAVEL)
    assert gone.value.code == "technician.ended"


def test_no_more_than_so_many_on_a_day(town: Database, clock: SetClock) -> None:
    offers = [offer(town, f"J{number}") for number in range(1, 5)]
    rules(town, claims_a_day=1)
    assert agreed(town, offers[0], "T1") == FITS
    assert agreed(town, offers[1], "T1") == "claim.daily"
    limits(town, "T1", claims_a_day=2)
    assert agreed(town, offers[1], "T1") == FITS
    assert agreed(town, offers[2], "T1") == "claim.daily"
    assert agreed(town, offers[2], "T2") == FITS
    clock.forward(hours=18)
    assert agreed(town, offers[3], "T1") == FITS


def test_what_is_handed_back_still_counts_for_the_day(town: Database) -> None:
    offers = [offer(town, name) for name in ("J1", "J2")]
    limits(town, "T1", claims_a_day=1)
    assert agreed(town, offers[0], "T1") == FITS
    visit = visit_of(town, "J1").id
    transfer_visit(town, PHONE, visit, TRAVEL, reason="ill", owner=person(town, "T1"))
    assert agreed(town, offers[1], "T1") == "claim.daily"


def test_no_more_than_so_many_open_at_once(town: Database) -> None:
    offers = [offer(town, name) for name in ("J1", "J2")]
    limits(town, "T1", claims_open=1)
    assert agreed(town, offers[0], "T1") == FITS
    assert agreed(town, offers[1], "T1") == "claim.unfinished"
    visit = visit_of(town, "J1").id
    transfer_visit(town, PHONE, visit, TRAVEL, reason="ill", owner=person(town, "T1"))
    assert agreed(town, offers[1], "T1") == FITS


def test_an_offer_may_need_a_credit_score(town: Database) -> None:
    wanted = offer(town, "J1", min_score=75)
    assert agreed(town, wanted, "T1") == "claim.score"
    correct_score(town, OWNER, person(town, "T1"), points=5, reason="a late check-in was ours")
    assert agreed(town, wanted, "T1") == FITS


def test_the_limits_hold_for_bids_as_for_claims(town: Database) -> None:
    wanted = offer(town, "J1", OfferMode.BATCHED)
    limits(town, "T1", claims_a_day=0)
    assert shown(town, wanted, "T1") == bid(town, wanted, "T1") == "claim.daily"


def test_nothing_of_another_outlet_is_shown_or_given(database: Database) -> None:
    outlets = (Outlet(id="north", position=spot()), Outlet(id="branch", position=spot()))
    day = made_day([job("J1")], [technician("T1", outlet="branch")], outlets=outlets)
    import_day(database, OWNER, day, outlet="north")
    assert agreed(database, offer(database, "J1"), "T1") == "store.missing"


def test_what_is_for_others_does_not_crowd_out_what_is_for_oneself(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only so many are looked at; what another outlet offers, or leaders give, is none of them."""
    monkeypatch.setattr(look, "MOST", 1)
    outlets = (Outlet(id="north", position=spot()), Outlet(id="branch", position=spot()))
    people = [technician("T1", outlet="branch")]
    for name, of in (("J1", "north"), ("J2", "branch"), ("J3", "branch")):
        import_day(database, OWNER, made_day([job(name)], people, outlets=outlets), outlet=of)
    offer(database, "J1", until=at(9))
    offer(database, "J2", OfferMode.LEADERS, until=at(10))
    wanted = offer(database, "J3", until=at(11))
    assert shown(database, wanted, "T1") == FITS


def test_a_dispatcher_looks_for_somebody_at_the_site_of_another_outlet(database: Database) -> None:
    """The site belongs to an outlet that they do not see, the offer to theirs."""
    outlets = (Outlet(id="north", position=spot()), Outlet(id="branch", position=spot()))
    people = [technician("T1", outlet="branch")]
    import_day(database, OWNER, made_day([job("J0")], people, outlets=outlets), outlet="north")
    import_day(database, OWNER, made_day([job("J1")], people, outlets=outlets), outlet="branch")
    wanted, one = offer(database, "J1"), person(database, "T1")
    with database.work(OWNER) as work:
        branch = work.get(TechnicianRow, one).outlet_id
    dispatcher = replace(OWNER, outlets=frozenset((branch,)))
    (told,) = look_at_pool(database, dispatcher, one, TRAVEL)
    assert (told.offer, told.area) == (wanted, "right")


def test_nobody_sets_limits_for_whom_they_do_not_see(town: Database) -> None:
    stranger = replace(OWNER, outlets=frozenset((UUID(int=9),)))
    with pytest.raises(Missing):
        open_for_work(town, stranger, person(town, "T1"), wanted=False)
    with pytest.raises(Missing):
        correct_score(town, stranger, person(town, "T1"), points=1, reason="x")


def test_a_day_over_midnight_begins_where_the_company_is(town: Database, clock: SetClock) -> None:
    """At 23:30 and at 00:30 in Stockholm it is two days, though not in UTC."""
    rules(town, claims_a_day=1)
    clock.now = at(0) - timedelta(minutes=30)
    offers = [offer(town, name) for name in ("J1", "J2")]
    assert agreed(town, offers[0], "T1") == FITS
    assert agreed(town, offers[1], "T1") == "claim.daily"
    clock.forward(hours=1)
    assert agreed(town, offers[1], "T1") == FITS

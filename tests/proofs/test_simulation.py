"""Whatever people do, and whatever fails meanwhile, the record holds together."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import object_session
from tests.databases import OWNER, TEMPLATE, SetClock, alike, empty_database
from tests.proofs.simulation import planning, run
from tests.proofs.simulation.covered import (
    NOT_WANTED,
    deeds_made,
    operations_that_write,
    operations_wanted,
)
from tests.proofs.simulation.invariants import wrong_ever
from tests.proofs.simulation.run import DEEDS, simulated
from tests.proofs.size import kinds, sized

from dispatch.api import caller
from dispatch.api.routes import link as link_routes
from dispatch.domain.plan import Plan
from dispatch.errors import Refused
from dispatch.operations import import_jobs, import_shifts, publish_plan
from dispatch.operations.board import assign
from dispatch.operations.credit import correct
from dispatch.operations.execute import batch, evidence
from dispatch.operations.jobs import decide, settle
from dispatch.operations.links import look, wish
from dispatch.operations.money import decide as money_decide
from dispatch.operations.money import refund, take
from dispatch.operations.network import absences, outlets
from dispatch.operations.pool import offer, win
from dispatch.planning.rules import skill
from dispatch.store import files, ledger, placing
from dispatch.store import work as works
from dispatch.store.database import Database
from dispatch.store.embedded import Embedded
from dispatch.store.rows.actions import ActionRow
from dispatch.store.rows.credit import CreditRow
from dispatch.store.rows.events import EventRow
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.money import LedgerRow
from dispatch.store.rows.plans import ScheduleRow
from dispatch.store.rows.pool import OfferRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.scope import UNSCOPED
from dispatch.store.work import Work

OPERATIONS = int(os.environ.get("DISPATCH_PROOF_OPERATIONS", sized(small=2_000, full=50_000)))
SEED = int(os.environ.get("DISPATCH_PROOF_SEED", "1"))
EVERY, WHOLE = sized(small=(200, 1_000), full=(250, 5_000))
OFTEN, LEAST = 12, 0.1
"""A deed that was wanted so often has been done at least this part of it."""
REFUSED = {"intrude": "nobody is to be let in", "damaged": "half a picture is none"}
REPEATED, PLANTED = 80, 400
"""Operations of a run that is repeated, and by which a planted bug has to be found."""


@pytest.mark.slow
def test_the_record_holds_whatever_people_do(
    database: Database, clock: SetClock, record_property: Callable[[str, object], None]
) -> None:
    with simulated(database, clock, SEED) as simulation:
        simulation.run(OPERATIONS, every=EVERY, whole=WHOLE)
    done = simulation.outcomes
    record_property("outcomes", dict(done.most_common()))
    record_property("accepted", simulation.accepted())
    assert done["ok"] > 0.5 * OPERATIONS
    assert done["asked"] > 0.1 * OPERATIONS
    refused = {
        deed: share
        for deed, (share, times) in simulation.accepted().items()
        if times >= OFTEN and share < LEAST and deed not in REFUSED
    }
    told = {
        deed: [(said, count) for said, count in done.most_common() if said.split()[0] == deed][:9]
        for deed in refused
    }
    assert not refused, told


def test_somebody_wants_every_operation_that_changes_the_record() -> None:
    left = operations_that_write() - operations_wanted()
    assert left == set(NOT_WANTED), "each in a deed, or in NOT_WANTED with a reason"
    assert {deed.__name__ for deed in DEEDS} == deeds_made()


def test_a_seed_repeats_a_run(database_server: Embedded) -> None:
    """Also the ids, and what two do at once; so a failing run can be looked at again."""
    runs = []
    for _ in range(2):
        with empty_database(database_server, TEMPLATE) as url:
            clock = SetClock()
            database = alike(Database(url, clock=clock))
            with simulated(database, clock, SEED) as simulation:
                simulation.run(REPEATED, every=REPEATED, whole=REPEATED)
            with database.work(OWNER) as work:
                query = select(EventRow.at, EventRow.kind, EventRow.subject_id)
                told = sorted(map(tuple, work.session.execute(query)))
            runs.append((simulation.outcomes, told))
            database.close()
    assert runs[0] == runs[1]


@pytest.fixture
def planted(database: Database, clock: SetClock) -> Callable[..., None]:
    """Run until something is found; it has to be this."""

    def run(kind: str, *wanted: str) -> None:
        with simulated(database, clock, SEED) as simulation:
            simulation.want(*wanted)
            with pytest.raises(pytest.fail.Exception) as found:
                simulation.run(PLANTED, every=10, whole=50)
            lines = str(found.value).partition("\n")[2].partition("The latest")[0].split("\n")
            assert kind in kinds([line.strip() for line in lines]), found.value

    return run


Planted = Callable[..., None]


def unlocked(database: Database, *tables: str) -> None:
    """Let the database take what it refuses."""
    with database.connect() as connection:
        for table in tables:
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        connection.commit()


def test_it_sees_a_visit_that_its_winner_does_not_have(
    planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(win, "place_routes", lambda *_: None)
    planted("owner")


def test_it_sees_somebody_at_two_places_at_once(
    planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = placing.place

    def place(row: VisitRow, *given: Any) -> None:
        put(row, *given)
        row.start_at = row.start_at and row.start_at.replace(hour=9)
        row.end_at = row.start_at and row.start_at + timedelta(hours=3)

    monkeypatch.setattr(placing, "place", place)
    planted("overlap")


def test_it_sees_a_job_that_no_plan_knows(
    planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = planning.decode

    def forget(*given: Any, **more: Any) -> Plan:
        plan = made(*given, **more)
        return replace(plan, unassigned=(), routes=plan.routes[1:])

    monkeypatch.setattr(planning, "decode", forget)
    planted("all")


def test_it_sees_money_from_nowhere(
    planted: Planted, monkeypatch: pytest.MonkeyPatch, database: Database
) -> None:
    unlocked(database, "ledger_line")
    post = ledger.post

    def half(work: Work, *given: Any, **more: Any) -> None:
        post(work, *given, **more)
        line = next(row for row in work.session.new if isinstance(row, LedgerRow))
        line.amount_minor += 1

    for operation in (money_decide, take, refund):
        monkeypatch.setattr(operation, "post", half)
    planted("ledger")


def test_it_sees_a_job_that_is_closed_with_something_open(
    planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settle, "_expect_balanced", lambda *_: None)
    wanted = ("say", "release", "assign", "charge", "say_to_charge", "look_over", "close_for_good")
    planted("settled", *wanted)


def test_it_sees_a_schedule_that_is_changed(
    planted: Planted, monkeypatch: pytest.MonkeyPatch, database: Database
) -> None:
    unlocked(database, "schedule")
    wrote = publish_plan._schedule

    def change(work: Work, *given: Any) -> ScheduleRow:
        work.session.execute(update(ScheduleRow).values(published_by="somebody"))
        return wrote(work, *given)

    monkeypatch.setattr(publish_plan, "_schedule", change)
    planted("schedules")


def test_it_sees_a_job_that_is_behind_its_visits(
    planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assign, "follow_visits", lambda *_: None)
    planted("jobs")


def test_it_sees_a_refusal_that_leaves_something_behind(
    planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(work: Work, *_: object) -> None:
        work.session.execute(update(OfferRow).values(fee_minor=1))
        work.session.commit()
        raise Refused("claim.lost", state="claimed")

    monkeypatch.setattr(win, "_take", refuse)
    # What fails otherwise too, or meets something else, is not held to have no effect.
    monkeypatch.setattr(run, "ODDS", (1, 0, 0, 0))
    planted("effect")


def test_it_sees_what_is_done_twice(planted: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(works, "keep_answer", lambda *_, **__: None)
    planted("again")


def test_it_sees_an_error_that_nobody_expects(
    planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decide, "touch_days", lambda *_: 1 // 0)
    planted("unexpected")


@pytest.mark.parametrize(
    ("tamper", "kind"),
    [
        ("UPDATE event SET note = 'forged' WHERE number % 7 = 0", "chain"),
        ("UPDATE visit SET place = 7 WHERE technician_id IS NOT NULL", "replay"),
    ],
)
def test_it_sees_what_only_the_whole_log_shows(
    database: Database, clock: SetClock, tamper: str, kind: str
) -> None:
    with simulated(database, clock, SEED) as simulation:
        simulation.run(200, every=200, whole=200)
    unlocked(database, "event")
    with database.connect() as connection:
        assert connection.execute(text(tamper)).rowcount
        connection.commit()
    assert kinds(wrong_ever(database)) == {kind}


def test_it_sees_a_change_that_the_log_was_not_told(
    planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A conditional update, whose event forgets when it was."""
    monkeypatch.setattr(win, "plain", lambda _: None)
    planted("replay")


def test_it_sees_a_file_that_is_gone(planted: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_write", lambda *_: None)
    planted("evidence", "show")


def test_it_sees_an_action_that_was_written_over(
    planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = batch._row

    def forget(sender: Any, technician: TechnicianRow, *given: Any) -> ActionRow:
        session = object_session(technician)
        assert session is not None
        theirs = select(ActionRow).where(ActionRow.technician_id == technician.id)
        for earlier in session.scalars(theirs, execution_options=UNSCOPED):
            earlier.said = {}
        return write(sender, technician, *given)

    monkeypatch.setattr(batch, "_row", forget)
    planted("evidence", "say", "release")


def test_it_sees_a_completion_that_waits_in_vain(
    planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence, "file_arrived", lambda *_: None)
    planted("completion", "say", "show", "release")


def test_it_sees_bids_that_wait_for_what_is_gone(
    planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(win, "lose_claims", lambda *_: None)
    monkeypatch.setattr(offer, "lose_claims", lambda *_: None)
    planted("claims", "offer", "bid", "withdraw")


def test_it_sees_an_offer_that_nobody_has_won(
    planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(win, "_decide", lambda *_: None)
    planted("claims", "offer", "claim")


def test_it_sees_a_wish_that_is_granted_and_not_done(
    planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wish, "cancel", lambda *_, **__: None)
    planted("wishes", "link", "ask_otherwise", "answer_wish")


def test_it_sees_a_visit_of_a_job_that_is_over(
    planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_jobs, "OVER", frozenset())
    planted("jobs", "bring_in", "decide")


def test_it_sees_a_link_that_opens_another_job(
    planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By what any of both ways shows."""

    def youngest(database: Database, *_: object) -> look.CustomerJob:
        with database.work(OWNER) as work:
            newest = work.session.scalars(select(JobRow.id).order_by(JobRow.id.desc())).first()
        assert newest is not None
        return shown(database, OWNER, newest)

    shown = look.look_at_job
    monkeypatch.setattr(look, "look_at_job", youngest)
    monkeypatch.setattr(link_routes, "look_at_job", youngest)
    planted("seen", "link", "look_at_own")


def test_it_sees_who_is_let_in_where_they_may_not(
    planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caller, "expect_may", lambda *_: None)
    planted("seen", "intrude", "assign")


def test_it_sees_a_score_that_does_not_add_up(
    planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    def move(*given: Any, **more: Any) -> CreditRow:
        row = moved(*given, **more)
        row.score = max(0, row.score - 1)
        return row

    moved = correct.move_score
    monkeypatch.setattr(correct, "move_score", move)
    planted("scores", "correct")


def test_it_sees_work_for_who_is_away(planted: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(absences, "free_visits", lambda *_: set())
    planted("places", "absence", "assign", "create", "offer", "claim")


def test_it_sees_an_outlet_that_is_closed_with_all_its_people(
    planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outlets, "_in_use", lambda *_: {})
    planted("places", "outlet")


def test_it_sees_somebody_in_two_shifts_at_once(
    planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_shifts, "_overlapping", lambda *_: ())
    planted("places", "bring_in_ahead")


def test_it_sees_work_for_who_cannot_do_it(
    planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rule of skills is what the solver, claims and a dispatcher's hand go by."""
    monkeypatch.setattr(skill, "shortfall", lambda *_: None)
    planted("skills", "assign", "claim", "offer")

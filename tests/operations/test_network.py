"""Outlets, territories, skills and technicians, as people keep them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import select
from tests.databases import OWNER
from tests.operations.boards import DATE, TRAVEL, Desk, two_technicians
from tests.planning.made import at, job, spot

from dispatch.domain.actor import Actor
from dispatch.domain.job import JobType
from dispatch.domain.role import Role
from dispatch.domain.skill import NeededSkill, SkillNeeds
from dispatch.domain.states.visit import VisitState
from dispatch.errors import DispatchError, InvalidValue, Missing, Refused, Stale, Unauthenticated
from dispatch.operations.accounts.create import create_account
from dispatch.operations.accounts.sign_in import sign_in
from dispatch.operations.accounts.who import identify
from dispatch.operations.board.assign import assign_visit
from dispatch.operations.catalogue.job_types import Template, create_job_type
from dispatch.operations.jobs.create import create_job
from dispatch.operations.network.outlets import (
    OutletFacts,
    change_outlet,
    close_outlet,
    create_outlet,
    reopen_outlet,
)
from dispatch.operations.network.skill_list import (
    create_skill,
    rename_skill,
    restore_skill,
    retire_skill,
)
from dispatch.operations.network.skills import Certificate, set_skill
from dispatch.operations.network.technicians import (
    TechnicianFacts,
    change_technician,
    create_technician,
    end_employment,
    take_back,
)
from dispatch.operations.network.territories import create_territory, rename_territory
from dispatch.store.board import board_of, span_of, zone_of
from dispatch.store.database import Database
from dispatch.store.reach import root_of
from dispatch.store.rows.accounts import AccountRow
from dispatch.store.rows.events import EventRow
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.outlets import OutletReach, OutletRow
from dispatch.store.rows.technicians import SkillRow, TechnicianRow
from dispatch.store.snapshot import snapshot

PASSWORD = "four words that fit"


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database).imported(two_technicians())


def root(database: Database) -> UUID:
    with database.work(OWNER) as work:
        found = root_of(work.session).id
        work.commit()
        return found


def grown(database: Database, *path: str) -> dict[str, UUID]:
    """Outlets, each under the one before it."""
    above, found = root(database), {}
    for key in path:
        above = found[key] = create_outlet(database, OWNER, key, OutletFacts(parent=above))
    return found


def seen_by(*outlets: UUID) -> Actor:
    return replace(OWNER, id="manager", outlets=frozenset(outlets))


def code(do: Callable[[], object]) -> str:
    with pytest.raises(DispatchError) as error:
        do()
    assert isinstance(error.value, Refused | Missing | InvalidValue)
    return error.value.code


def below(database: Database, outlet: UUID) -> set[UUID]:
    with database.work(OWNER) as work:
        query = select(OutletReach.below_id).where(OutletReach.above_id == outlet)
        return set(work.session.scalars(query))


def test_outlets_grow_and_move_and_make_no_circle(desk: Desk, database: Database) -> None:
    tree = grown(database, "north", "harbour", "pier")
    assert below(database, tree["north"]) == set(tree.values())
    under = OutletFacts(name="North", parent=tree["pier"])
    assert (
        code(lambda: change_outlet(database, OWNER, tree["north"], under, expected=1))
        == "outlet.circle"
    )
    up = OutletFacts(name="Pier", parent=tree["north"], position=spot(3))
    change_outlet(database, OWNER, tree["pier"], up, expected=1)
    assert below(database, tree["harbour"]) == {tree["harbour"]}
    with pytest.raises(Stale):
        change_outlet(database, OWNER, tree["pier"], up, expected=1)
    with database.work(OWNER) as work:
        row = work.get(OutletRow, tree["pier"])
        event = work.session.scalars(select(EventRow).where(EventRow.kind == "outlet.moved")).one()
    assert (row.name, row.lon) == ("Pier", spot(3).lon)
    assert event.before is not None
    assert event.before["parent_id"] == str(tree["harbour"])
    desk.publish(desk.plan())  # a tree with outlets that have no place can be planned


def test_headquarters_stays_on_top(desk: Desk, database: Database) -> None:
    top, tree = root(database), grown(database, "north")
    moved = OutletFacts(parent=tree["north"])
    with database.work(OWNER) as work:
        expected = work.get(OutletRow, top).version
    for do in (
        lambda: change_outlet(database, OWNER, top, moved, expected=expected),
        lambda: close_outlet(database, OWNER, top, why="no"),
        lambda: create_outlet(database, OWNER, "beside", OutletFacts()),
        lambda: change_outlet(database, OWNER, tree["north"], OutletFacts(), expected=1),
    ):
        assert code(do) == "outlet.root"


def test_of_two_who_move_outlets_under_one_another_one_is_refused(
    desk: Desk, database: Database
) -> None:
    top = root(database)
    a, b = (create_outlet(database, OWNER, key, OutletFacts(parent=top)) for key in "ab")

    def move(outlet: UUID, under: UUID) -> str:
        try:
            change_outlet(database, OWNER, outlet, OutletFacts(parent=under), expected=1)
        except DispatchError as error:
            return type(error).__name__
        return "moved"

    with ThreadPoolExecutor(2) as threads:
        told = sorted(threads.map(move, (a, b), (b, a)))
    assert told == ["Refused", "moved"]


def test_who_sees_a_part_of_the_tree_changes_only_that(desk: Desk, database: Database) -> None:
    north, south = grown(database, "north", "pier"), grown(database, "south")
    manager = seen_by(north["north"])
    made = create_outlet(database, manager, "dock", OutletFacts(parent=north["pier"]))
    up = OutletFacts(name="Dock", parent=north["north"])
    change_outlet(database, manager, made, up, expected=1)
    for do in (
        lambda: create_outlet(database, manager, "x", OutletFacts(parent=south["south"])),
        lambda: change_outlet(
            database, manager, made, OutletFacts(parent=south["south"]), expected=2
        ),
        lambda: change_outlet(
            database, manager, north["north"], OutletFacts(parent=north["pier"]), expected=1
        ),
        lambda: close_outlet(database, manager, south["south"], why="x"),
        lambda: reopen_outlet(database, manager, south["south"]),
        lambda: create_technician(database, manager, "T9", TechnicianFacts(outlet=south["south"])),
    ):
        assert code(do) == "store.missing"
    for shared in (
        lambda: create_skill(database, manager, "weld"),
        lambda: create_territory(database, manager, "bay"),
    ):
        assert code(shared) == "network.shared"


def test_an_outlet_closes_when_nothing_is_left_in_it(desk: Desk, database: Database) -> None:
    tree = grown(database, "north", "pier")
    assert code(lambda: close_outlet(database, OWNER, tree["north"], why="x")) == "outlet.in-use"
    who = create_technician(database, OWNER, "T9", TechnicianFacts(outlet=tree["pier"]))
    work_to_do = create_job(database, OWNER, job("J9"), outlet="pier")
    steps: list[Callable[[], None]] = [
        lambda: end_employment(database, OWNER, who, why="x"),
        lambda: _cancel(database, work_to_do),
    ]
    for ready in steps:
        assert code(lambda: close_outlet(database, OWNER, tree["pier"], why="x")) == "outlet.in-use"
        ready()
    close_outlet(database, OWNER, tree["pier"], why="The lease has ended.")
    assert code(lambda: create_job(database, OWNER, job("J8"), outlet="pier")) == "outlet.closed"
    assert (
        code(lambda: create_outlet(database, OWNER, "x", OutletFacts(parent=tree["pier"])))
        == "outlet.closed"
    )
    assert code(lambda: take_back(database, OWNER, who)) == "outlet.closed"
    reopen_outlet(database, OWNER, tree["pier"])
    take_back(database, OWNER, who)
    close_outlet(database, OWNER, grown(database, "dock")["dock"], why="x")


def test_an_outlet_stays_closed_under_one_that_is(desk: Desk, database: Database) -> None:
    tree = grown(database, "north", "pier")
    for key in ("pier", "north"):
        close_outlet(database, OWNER, tree[key], why="x")
    assert code(lambda: reopen_outlet(database, OWNER, tree["pier"])) == "outlet.closed"
    for key in ("north", "pier"):
        reopen_outlet(database, OWNER, tree[key])


def _cancel(database: Database, row: UUID) -> None:
    from dispatch.operations.jobs.decide import cancel_job

    cancel_job(database, OWNER, row, why="x")


def test_a_territory_is_drawn_up_and_renamed(desk: Desk, database: Database) -> None:
    made = create_territory(database, OWNER, "bay", name="Bay")
    assert code(lambda: create_territory(database, OWNER, "bay")) == "key.taken"
    rename_territory(database, OWNER, made, "The Bay", expected=1)
    with pytest.raises(Stale):
        rename_territory(database, OWNER, made, "Bay", expected=1)


def test_a_retired_skill_is_given_to_nobody_and_nothing_new_asks_for_it(
    desk: Desk, database: Database
) -> None:
    with database.work(OWNER) as work:
        who = work.by_key(TechnicianRow, "T1").id
        other = work.by_key(TechnicianRow, "T2").id
    weld = create_skill(database, OWNER, "weld", name="Weldign")
    rename_skill(database, OWNER, weld, "Welding", expected=1)
    set_skill(database, OWNER, who, "weld", 3)
    needs = SkillNeeds(all_of=(NeededSkill(skill="weld"),))
    template = Template(job_type=JobType(id="seam", duration_s=60, needs=needs))
    create_job_type(database, OWNER, template)
    assert code(lambda: retire_skill(database, OWNER, weld, why="x")) == "skill.in-use"
    cut = create_skill(database, OWNER, "cut")
    set_skill(database, OWNER, who, "cut", 2)
    retire_skill(database, OWNER, cut, why="Nobody cuts any more.")
    set_skill(database, OWNER, who, "cut", 4)  # who has it keeps it, and may get better
    wants = SkillNeeds(any_of=(NeededSkill(skill="cut"),))
    for do in (
        lambda: set_skill(database, OWNER, other, "cut", 2),
        lambda: create_job(database, OWNER, job("J9", needs=wants)),
        lambda: create_job_type(
            database, OWNER, Template(job_type=JobType(id="slit", duration_s=60, needs=wants))
        ),
    ):
        assert code(do) == "skill.retired"
    restore_skill(database, OWNER, cut)
    create_job(database, OWNER, job("J9", needs=wants))
    with database.work(OWNER) as work:
        assert work.get(SkillRow, weld).name == "Welding"


def test_a_certificate_says_what_proves_it_and_a_file_leaves_that(
    desk: Desk, database: Database
) -> None:
    with database.work(OWNER) as work:
        who = work.by_key(TechnicianRow, "T1").id
    proof = Certificate(number="G-17", issuer="Guild", issued=date(2024, 1, 2), note="Seen.")
    until = date(2027, 1, 1)
    set_skill(database, OWNER, who, "gas", 3, expires=until, certificate=proof, why="passed")
    set_skill(database, OWNER, who, "gas", 4, expires=until)
    early = replace(proof, issued=date(2028, 1, 1))
    assert (
        code(lambda: set_skill(database, OWNER, who, "gas", 4, expires=until, certificate=early))
        == "certificate.reversed"
    )
    with database.work(OWNER) as work:
        (held,) = work.get(TechnicianRow, who).skills
        events = work.session.scalars(
            select(EventRow)
            .where(EventRow.subject_kind == "technician_skill")
            .order_by(EventRow.number)
        ).all()
    assert (held.level, held.expires) == (4, until)
    assert held.certificate == {
        "number": "G-17",
        "issuer": "Guild",
        "issued": "2024-01-02",
        "note": "Seen.",
    }
    assert events[0].note == "passed"
    assert events[0].after is not None
    assert events[0].after["certificate"]["number"] == "G-17"
    assert events[1].before is not None
    assert events[1].after is not None
    assert (events[1].before["level"], events[1].after["level"]) == (3, 4)


FACTS = TechnicianFacts(
    name="Wu Min",
    home=spot(2),
    territories=("left",),
    duration_factor=0.9,
    job_type_factors={"repair": 1.5},
    capacity={"valve": 4},
    contractor=True,
    wage_minor_per_h=4_000,
    visit_minor=250,
)


def test_a_technician_is_taken_on_and_planned_as_they_are(desk: Desk, database: Database) -> None:
    made = create_technician(database, OWNER, "T3", FACTS)
    assert code(lambda: create_technician(database, OWNER, "T3", FACTS)) == "key.taken"
    for wrong in (
        replace(FACTS, territories=("nowhere",)),
        replace(FACTS, job_type_factors={"nothing": 2.0}),
        replace(FACTS, outlet=UUID(int=7)),
    ):
        assert code(partial(create_technician, database, OWNER, "T4", wrong)) == "store.missing"
    with database.work(OWNER) as work:
        span = span_of(DATE, zone_of(work.session))
        (found,) = [
            person for person in snapshot(work.session, "x", span).technicians if person.id == "T3"
        ]
    assert found == FACTS.person("T3")
    change_technician(database, OWNER, made, replace(FACTS, name="Wu", home=None), expected=1)
    with database.work(OWNER) as work:
        row = work.get(TechnicianRow, made)
        assert (row.name, row.home_lon) == ("Wu", spot(2).lon)
    with pytest.raises(Stale):
        change_technician(database, OWNER, made, FACTS, expected=1)


def test_a_change_of_somebody_is_told_to_the_boards_they_work_on(
    desk: Desk, database: Database
) -> None:
    with database.work(OWNER) as work:
        row = work.by_key(TechnicianRow, "T1")
        before = board_of(work.session, DATE).version
    change_technician(database, OWNER, row.id, TechnicianFacts(name="T1"), expected=row.version)
    with database.work(OWNER) as work:
        assert board_of(work.session, DATE).version == before + 1
    homeless = TechnicianFacts(forget_home=True)
    assert (
        code(lambda: change_technician(database, OWNER, row.id, homeless, expected=row.version + 1))
        == "technician.no-home"
    )


def test_who_is_let_go_has_nothing_to_do_and_signs_in_no_more(
    desk: Desk, database: Database
) -> None:
    desk.publish(desk.plan())
    with database.work(OWNER) as work:
        visit = work.session.scalars(
            select(VisitRow).where(VisitRow.technician_id.is_not(None)).order_by(VisitRow.start_at)
        ).first()
        assert visit is not None
        who = visit.technician_id
        assert who is not None
    create_account(
        database, OWNER, login="wu", role=Role.TECHNICIAN, password=PASSWORD, technician=who
    )
    token = sign_in(database, "wu", PASSWORD).access
    end_employment(database, OWNER, who, why="Has moved away.")
    with database.work(OWNER) as work:
        left = work.session.scalars(select(VisitRow).where(VisitRow.technician_id == who)).all()
        assert left == []
        assert work.get(VisitRow, visit.id).state is VisitState.UNSCHEDULED
        (account,) = work.session.scalars(select(AccountRow)).all()
        event = work.session.scalars(
            select(EventRow).where(EventRow.kind == "technician.ended")
        ).one()
    assert not account.active
    assert event.note == "Has moved away."
    for do in (lambda: identify(database, token), lambda: sign_in(database, "wu", PASSWORD)):
        with pytest.raises(Unauthenticated):
            do()
    for again in (
        lambda: end_employment(database, OWNER, who, why="x"),
        lambda: assign_visit(database, OWNER, visit.id, who, TRAVEL, day=DATE),
    ):
        assert code(again) == "technician.ended"
    take_back(database, OWNER, who)
    assign_visit(database, OWNER, visit.id, who, TRAVEL, day=DATE)


def test_nobody_is_let_go_in_the_middle_of_a_visit(desk: Desk, database: Database) -> None:
    with database.work(OWNER) as work:
        row = work.by_key(TechnicianRow, "T1")
        visit = work.by_key(JobRow, "J1").visits[0]
        visit.technician_id, visit.shift_id = row.id, row.shifts[0].id
        visit.start_at, visit.end_at, visit.state = at(8), at(9), VisitState.EN_ROUTE
        work.commit()
    assert code(lambda: end_employment(database, OWNER, row.id, why="x")) == (
        "technician.under-way"
    )

"""Who works here and when: technicians come, change and go, and shifts with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from tests.databases import OWNER
from tests.operations.boards import TRAVEL
from tests.planning.made import spot
from tests.proofs.simulation.wanted import NOTHING, Deed
from tests.proofs.simulation.world import MANAGER, OUTLETS, Ask, Wish, World

from dispatch.domain.actor import Actor
from dispatch.domain.shift import Shift
from dispatch.operations.network.room import VisitsThen
from dispatch.operations.network.shifts import add_shift, change_shift, remove_shift
from dispatch.operations.network.technicians import (
    TechnicianFacts,
    change_technician,
    create_technician,
    end_employment,
    take_back,
)
from dispatch.operations.network.weekly import WeeklyPattern, add_weekly_shifts
from dispatch.store.rows.technicians import ShiftRow, TechnicianRow
from dispatch.store.said import heard, said

MOST_NEW = 3
"""Technicians who are taken on besides those of the file."""


def take_on(world: World) -> Wish | None:
    key = f"N{world.number}" if world.draw.random() < 0.8 else "T0"
    outlet = world.outlets[world.one_of(OUTLETS)]
    if len(world.people) >= world.first + MOST_NEW:
        return None
    facts = TechnicianFacts(name=f"New {world.number}", home=spot(1, 1), outlet=outlet)
    return Wish(
        MANAGER,
        lambda by: create_technician(world.database, by, key, facts),
        UUID,
        then=world.meet,
    )


def know_better(world: World) -> Wish | None:
    """Something else is known of somebody; at times they belong elsewhere."""
    row = world.row(TechnicianRow, world.person())
    moves = world.draw.random() < 0.1
    outlet = world.outlets[world.one_of(OUTLETS)] if moves else row.outlet_id
    facts = TechnicianFacts(
        name=f"Name {world.number}",
        outlet=outlet,
        duration_factor=world.one_of((0.9, 1.0, 1.2)),
        territories=tuple(row.said.get("territories", ())),
    )
    expected = row.version - int(world.draw.random() < 0.2)
    return Wish(
        MANAGER,
        lambda by: change_technician(world.database, by, row.id, facts, expected=expected),
        ask=Ask(
            method="PUT",
            path=f"/technicians/{row.id}",
            body={**said(facts), "outlet": str(outlet)},
            expected=expected,
        ),
    )


def come_and_go(world: World) -> Wish | None:
    """Somebody leaves; who has left comes back mostly soon."""
    database = world.database
    gone = world.any(select(TechnicianRow).where(TechnicianRow.active.is_(False)), OWNER)
    if gone is not None and world.draw.random() < 0.8:
        return Wish(
            MANAGER,
            lambda by: take_back(database, by, gone.id),
            NOTHING,
            ask=Ask(path=f"/technicians/{gone.id}/take-back"),
        )
    person = world.person()
    return Wish(
        MANAGER,
        lambda by: end_employment(database, by, person, why="another job"),
        NOTHING,
        ask=Ask(path=f"/technicians/{person}/end", body={"why": "another job"}),
    )


def shift(world: World) -> Wish | None:
    """One more, another end, or one less."""
    chance = world.draw.random()
    query = select(ShiftRow).where(ShiftRow.end_at > world.clock())
    row = world.any(query.order_by(ShiftRow.start_at.desc(), ShiftRow.id), OWNER)
    if row is None or chance < 0.35:
        return _more(world)
    if chance < 0.85:
        return _otherwise(world, row)
    then = world.one_of(tuple(VisitsThen), (0.3, 0.7))
    expected = row.version
    return Wish(
        world.desk(),
        lambda by: remove_shift(world.database, by, row.id, expected=expected, visits=then),
        ask=Ask(method="DELETE", path=f"/shifts/{row.id}?visits={then}", expected=expected),
    )


def weekly(world: World) -> Wish | None:
    person = world.person()
    pattern = WeeklyPattern(
        key=f"late-{world.number}",
        weekdays=(1, 3, 5) if world.draw.random() < 0.5 else (2, 4, 6),
        first=world.day + timedelta(days=1),
        last=world.day + timedelta(days=4),
        start="18:30",
        end="21:00",
    )
    return Wish(
        world.desk(),
        lambda by: add_weekly_shifts(world.database, by, person, pattern),
        list[UUID],
        ask=Ask(path=f"/technicians/{person}/shifts/weekly", body={"pattern": said(pattern)}),
    )


def _more(world: World) -> Wish:
    """In the evening, or all day for who has none."""
    person = world.person()
    row = world.row(TechnicianRow, person)
    own = any(shift.start_at >= world.at(0) for shift in _shifts(world, row.id))
    hours = (17.5, 21) if own else (7.5, 17)
    wanted = Shift(id=f"more-{world.number}", start=world.at(hours[0]), end=world.at(hours[1]))

    def do(by: Actor) -> UUID:
        return add_shift(world.database, by, person, wanted)

    ask = Ask(path=f"/technicians/{person}/shifts", body={"shift": said(wanted)})
    return Wish(world.desk(), do, UUID, ask=ask)


def _otherwise(world: World, row: ShiftRow) -> Wish:
    now = heard(Shift, row.said, id=row.key, start=row.start_at, end=row.end_at)
    later = timedelta(minutes=15 * int(world.draw.integers(-8, 5)))
    wanted = replace(now, end=max(now.end + later, now.start + timedelta(hours=1)))
    then = world.one_of(tuple(VisitsThen), (0.3, 0.7))
    expected = row.version - int(world.draw.random() < 0.1)

    def do(by: Actor) -> None:
        change_shift(world.database, by, row.id, wanted, TRAVEL, expected=expected, visits=then)

    body = {"shift": said(wanted), "visits": then}
    ask = Ask(method="PUT", path=f"/shifts/{row.id}", body=body, expected=expected)
    return Wish(world.desk(), do, ask=ask)


def _shifts(world: World, person: UUID) -> list[ShiftRow]:
    with world.database.work(OWNER) as work:
        query = select(ShiftRow).where(ShiftRow.technician_id == person)
        return list(work.session.scalars(query))


PEOPLE: dict[Deed, float] = {
    take_on: 0.3,
    know_better: 0.5,
    come_and_go: 0.7,
    shift: 1.5,
    weekly: 0.2,
}
"""How often each is wanted."""

"""Whoever asks is let in to what is theirs, and to nothing of anybody else's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from tests.api.outlets import World
from tests.api.relations import Relations, instead_of, part_of

from dispatch.api.access import ANYBODY, CUSTOMER_LINK, access_table, scopes
from dispatch.api.routes import jobs, links
from dispatch.domain.role import Role
from dispatch.operations.jobs.decide import hold_job
from dispatch.operations.links.make import make_link
from dispatch.store.embedded import Embedded

DESKS = [Role.OWNER.value, Role.MANAGER.value, Role.DISPATCHER.value, *sorted(scopes())]
PHONE = Role.TECHNICIAN.value


@pytest.fixture(scope="module")
def made(database_server: Embedded, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = World(database_server, tmp_path_factory.mktemp("evidence"))
    yield made
    made.end()


@pytest.fixture
def world(made: World) -> World:
    made.anew()
    return made


def test_everything_that_a_path_names_is_there(world: World) -> None:
    """Whoever adds a route that names something new says what it is, and whose."""
    for route in Relations(world).routes():
        sets = {
            "desk": ({**world.shared, **world.here.things}, {**world.shared, **world.there.things}),
            PHONE: (world.here.own, world.there.own),
            CUSTOMER_LINK: (world.here.link, world.there.link),
        }[part_of(route)]
        assert all(route.knows(things) for things in sets), route


@pytest.mark.parametrize("who", DESKS)
def test_a_desk_is_let_in_to_its_own_outlet_and_to_no_other(world: World, who: str) -> None:
    relations = Relations(world)
    own = {**world.shared, **world.here.things}
    desk = [route for route in relations.routes() if part_of(route) == "desk"]
    for route in desk:
        if who in access_table()[route.name] - {Role.OWNER.value}:
            for elsewhere in instead_of(own, world.there.things, route):
                relations.see(who, route, "other outlet", elsewhere)
    for route in desk:
        relations.see(who, route, "own", own)
    assert not relations.wrong, "\n".join(relations.wrong)


def test_a_technician_is_let_in_to_what_they_have(world: World) -> None:
    relations, here = Relations(world), world.here
    own = [route for route in relations.routes() if part_of(route) == PHONE]
    others = {
        "colleague": here.colleague,
        "former holder": here.former,
        "other outlet": world.there.own,
    }
    for route in own:
        for relation, things in others.items():
            for elsewhere in instead_of(here.own, things, route):
                relations.see(PHONE, route, relation, elsewhere)
    for route in own:
        relations.see(PHONE, route, "own", here.own)
    assert not relations.wrong, "\n".join(relations.wrong)


def test_a_customer_is_let_in_to_their_job(world: World) -> None:
    relations, here = Relations(world), world.here
    own = [route for route in relations.routes() if part_of(route) == CUSTOMER_LINK]
    for route in own:
        for relation, things in {
            "another job": here.link_of_another,
            "other outlet": world.there.link,
        }.items():
            for elsewhere in instead_of(here.link, things, route):
                relations.see(CUSTOMER_LINK, route, relation, elsewhere)
    for route in own:
        relations.see(CUSTOMER_LINK, route, "own", here.link)
    assert not relations.wrong, "\n".join(relations.wrong)


@pytest.mark.parametrize("how", ["expired", "revoked"])
def test_a_token_that_is_good_no_longer_opens_nothing(world: World, how: str) -> None:
    relations = Relations(world)
    end = world.expired if how == "expired" else world.revoked
    sets = {
        "desk": {**world.shared, **world.here.things},
        PHONE: world.here.own,
        CUSTOMER_LINK: world.here.link,
    }
    with end():
        for route in relations.routes():
            for who in access_table()[route.name] - {ANYBODY}:
                relations.refused(who, route, how, sets[part_of(route)])
    assert relations.asked > 250
    assert not relations.wrong, "\n".join(relations.wrong)


def test_it_sees_a_route_that_looks_at_nobodys_outlet(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wide(do: Callable[..., Any]) -> Callable[..., Any]:
        return lambda database, actor, *given, **named: do(
            database, replace(actor, outlets=None), *given, **named
        )

    monkeypatch.setattr(jobs, "hold_job", wide(hold_job))
    monkeypatch.setattr(links, "make_link", wide(make_link))
    relations = Relations(world)
    own = {**world.shared, **world.here.things}
    for route in relations.routes():
        if route.name in {"jobs.hold", "links.create", "jobs.cancel"}:
            for elsewhere in instead_of(own, world.there.things, route):
                relations.see(Role.DISPATCHER.value, route, "other outlet", elsewhere)
    planted = {"jobs.hold": {"effect"}, "links.create": {"let in", "effect"}}
    for name in ("jobs.hold", "links.create", "jobs.cancel"):
        found = {line.partition(":")[0] for line in relations.wrong if f" {name} " in line}
        assert found == planted.get(name, set()), relations.wrong

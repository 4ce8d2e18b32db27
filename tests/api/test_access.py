"""Who may do what: every route is in the table, and the table is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from tests.api.clients import Client, Service, built
from tests.databases import OWNER, SetClock
from tests.operations.boards import TRAVEL

from dispatch.api.access import ANYBODY, CUSTOMER_LINK, ROLES, access_table, scopes
from dispatch.api.house import House
from dispatch.domain.role import Role
from dispatch.store.database import Database
from dispatch.store.rows.jobs import JobRow

NOBODY = UUID(int=7)


def operations(database: Database) -> Iterator[tuple[str, str, str]]:
    """Name, method and path of every route."""
    app = built(House(database, TRAVEL))
    for path, methods in app.openapi()["paths"].items():
        for method, operation in methods.items():
            yield operation["operationId"], method.upper(), path


def test_every_route_is_in_the_table_and_every_line_is_a_route(database: Database) -> None:
    names = [name for name, _, _ in operations(database)]
    assert len(names) == len(set(names))
    assert set(names) == set(access_table())


def test_the_table_names_only_roles_and_scopes() -> None:
    for operation, who in access_table().items():
        assert who, operation
        assert all(each in ROLES | {ANYBODY} or "." in each for each in who), operation
        assert ANYBODY not in who or len(who) == 1, operation


def paths(database: Database) -> Iterator[tuple[str, str, str]]:
    for name, method, path in operations(database):
        yield name, method, re.sub(r"\{\w+\}", str(NOBODY), path.replace("{day}", "2026-03-03"))


def ask(client: Client, method: str, path: str) -> int:
    headers = {
        "Authorization": f"Bearer {client.token}",
        "Idempotency-Key": "key",
        "If-Match": '"1"',
    }
    body = {} if method in {"POST", "PUT", "PATCH"} else None
    return client.http.request(method, path, json=body, headers=headers).status_code


@pytest.mark.parametrize("role", Role)
def test_each_role_is_let_in_where_the_table_has_it_and_nowhere_else(
    city: Service, role: Role
) -> None:
    city.without_streams()
    client = city.technician("T1") if role is Role.TECHNICIAN else city.signed_in(role)
    for name, method, path in paths(city.database):
        if name in {"sign_out", "runs.progress"}:
            continue
        allowed = access_table()[name]
        status = ask(client, method, path)
        if role.value in allowed or ANYBODY in allowed:
            assert status not in {401, 403} or ANYBODY in allowed, (name, status)
            assert status < 500, (name, status)
        else:
            assert status == 403, (name, status)


@pytest.mark.parametrize("scope", sorted(scopes()))
def test_a_programs_key_is_good_for_its_scopes_and_nothing_else(city: Service, scope: str) -> None:
    client = city.without_streams().program(scope)
    for name, method, path in paths(city.database):
        allowed = access_table()[name]
        status = ask(client, method, path)
        if scope in allowed or ANYBODY in allowed:
            assert status != 403, name
            assert status < 500, (name, status)
        else:
            assert status == 403, (name, status)


@pytest.mark.parametrize("relation", ["good", "expired", "revoked"])
def test_a_customer_link_opens_its_own_routes_and_nothing_else(
    city: Service, clock: SetClock, relation: str
) -> None:
    city.without_streams()
    with city.database.work(OWNER) as work:
        job = work.by_key(JobRow, "J1").id
    customer = city.by_link(job)
    if relation == "expired":
        clock.forward(minutes=31)
    elif relation == "revoked":
        (link,) = city.dispatcher.get(f"/jobs/{job}/links").json()["items"]
        assert city.dispatcher.ask("DELETE", f"/links/{link['id']}").status_code == 204
    for name, method, path in paths(city.database):
        allowed = access_table()[name]
        status = ask(customer, method, path)
        if ANYBODY in allowed:
            assert status != 403, (name, status)
        elif relation != "good":
            assert status == 401, (name, status)
        elif CUSTOMER_LINK in allowed:
            assert status not in {401, 403}, (name, status)
            assert status < 500, (name, status)
        else:
            assert status == 403, (name, status)


def test_without_a_token_only_what_is_open(city: Service) -> None:
    for name, method, path in paths(city.database):
        for token in ("", "x" * 43):
            status = ask(Client(city.http, token), method, path)
            assert (status == 401) is (ANYBODY not in access_table()[name]) or name in {
                "sign_in",
                "sign_in.refresh",
                "link.exchange",
                "feed.calendar",
                "sign_in.oidc_finish",
            }, (name, status)


def test_what_belongs_to_another_outlet_is_not_there(city: Service) -> None:
    from dispatch.store.reach import renew_reach, root_of
    from dispatch.store.rows.outlets import OutletRow

    with city.database.work(OWNER) as work:
        other = OutletRow(key="other", name="Other", parent_id=root_of(work.session).id)
        work.session.add(other)
        renew_reach(work.session)
        job = work.by_key(JobRow, "J1")
        visit = job.visits[0]
        work.commit()
    stranger = city.signed_in(Role.DISPATCHER, login="stranger", outlets=(other.id,))
    assert stranger.get("/jobs").json()["items"] == []
    assert stranger.get("/technicians").json()["items"] == []
    assert stranger.get(f"/jobs/{job.id}").status_code == 404
    assert stranger.post(f"/jobs/{job.id}/hold", {"why": "x"}).status_code == 404
    assert stranger.edit(f"/visits/{visit.id}/unassign", {}).status_code == 404
    assert stranger.get(f"/visits/{visit.id}/candidates").status_code == 404
    assert stranger.get("/events").status_code == 403
    board = stranger.get("/boards/2026-03-03").json()
    assert (board["routes"], board["unassigned"]) == ([], [])
    assert city.dispatcher.get(f"/jobs/{job.id}").status_code == 200

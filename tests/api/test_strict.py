"""What is sent is understood whole, or refused: no misspelt word is passed over."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from inspect import isclass
from typing import Annotated, Any, get_args

import pytest
from fastapi.routing import APIRoute
from pydantic import BaseModel, TypeAdapter
from tests.api.clients import PASSWORD, Service

from dispatch.api.app import RESOURCES
from dispatch.api.openapi import examples
from dispatch.api.sent import Sent
from dispatch.domain.action import Action
from dispatch.domain.role import Role
from dispatch.operations.execute.malformed import Malformed

STRANGE = "priorty"
FREE = {"imports.create"}
"""Whose body is a document with a reader of its own, which is as strict."""
NO_FIELDS = {
    "fields",
    "day",
    "plan",
    "versions",
    "policy",
    "schema",
    "unserved_minor",
    "capacity",
    "said",
    "job_type_factors",
}
"""Whose names are the sender's own, or are checked by a reader of their own."""


def bodies() -> dict[str, Any]:
    """What is sent, by the names of routes."""
    return {
        route.name: route.body_field.field_info.annotation
        for resource in RESOURCES
        for route in resource.router.routes
        if isinstance(route, APIRoute) and route.body_field is not None
    }


def classes(kind: Any) -> Iterator[type[Any]]:
    for part in get_args(kind):
        yield from classes(part)
    if isclass(kind) and issubclass(kind, BaseModel):
        yield kind
        for entry in kind.model_fields.values():
            yield from classes(entry.annotation)


def test_every_body_and_every_part_of_one_is_strict() -> None:
    found = {name: set(classes(kind)) for name, kind in bodies().items()}
    assert sum(len(kinds) for kinds in found.values()) > 80
    loose = {
        (name, kind.__name__)
        for name, kinds in found.items()
        for kind in kinds
        if not issubclass(kind, Sent)
    }
    assert loose == set()


def spoilt(body: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[Any, str]]:
    """The body with a strange word in it, once for each part that can have one; and its pointer."""
    if isinstance(body, dict):
        if not path or path[-1] not in NO_FIELDS:
            yield body | {STRANGE: 1}, "".join(f"/{part}" for part in (*path, STRANGE))
        for name, part in body.items():
            if name in NO_FIELDS:
                continue
            for worse, pointer in spoilt(part, (*path, name)):
                yield body | {name: worse}, pointer
    if isinstance(body, list):
        for number, part in enumerate(body):
            for worse, pointer in spoilt(part, (*path, number)):
                yield [*body[:number], worse, *body[number + 1 :]], pointer


@pytest.mark.parametrize("name", sorted(bodies().keys() - FREE))
def test_a_word_that_nobody_knows_is_refused_wherever_it_stands(name: str) -> None:
    example = examples()[name].get("body")
    assert example is not None, name
    adapter: TypeAdapter[Any] = TypeAdapter(bodies()[name])
    for body, pointer in spoilt(example):
        if name == "own.actions" and pointer.startswith("/actions"):
            continue  # rejected by itself, and the others count: test_actions.py
        with pytest.raises(ValueError, match=STRANGE) as refused:
            adapter.validate_python(body)
        assert STRANGE in str(refused.value), pointer


ANYTHING = {"fields", "day", "plan", "said", "schema"}
"""In which anything may be, or is checked by a reader of its own."""
OTHERS: dict[type, tuple[Any, ...]] = {
    bool: (0, 1, 1.0, "true", "yes", "1"),
    int: (True, False, "10", "1", " 1"),
    float: (True, False, "10", "1.5", "inf"),
    str: (True, 1, 0.5),
}
"""What is none of each kind, and was taken for one: a text is no number, nor a number a text."""

A_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}")
SECONDS = ("1772524800", "1772524800000", "1.5e9")
"""Since 1970, or thousandths of them."""


def mistaken(body: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[Any, str]]:
    """The body with one value of another kind, for each value that it has; and its pointer."""
    if isinstance(body, dict):
        for name, part in body.items():
            if name not in ANYTHING:
                for worse, pointer in mistaken(part, (*path, name)):
                    yield body | {name: worse}, pointer
    elif isinstance(body, list):
        for number, part in enumerate(body):
            for worse, pointer in mistaken(part, (*path, number)):
                yield [*body[:number], worse, *body[number + 1 :]], pointer
    elif body is not None:
        moment = isinstance(body, str) and A_MOMENT.match(body)
        for other in (*OTHERS[type(body)], *(SECONDS if moment else ())):
            yield other, "".join(f"/{part}" for part in path)


@cache
def readers() -> dict[str, TypeAdapter[Any]]:
    """By the names of routes, what reads their bodies as the framework does."""
    found = {
        route.name: route.body_field.field_info
        for resource in RESOURCES
        for route in resource.router.routes
        if isinstance(route, APIRoute) and route.body_field is not None
    }
    return {name: TypeAdapter(Annotated[info.annotation, info]) for name, info in found.items()}


def test_no_text_and_no_truth_value_is_a_number() -> None:
    tried, taken = Counter[str](), []
    for name in sorted(bodies().keys() - FREE):
        adapter = readers()[name]
        whole = examples()[name]["body"]
        adapter.validate_python(whole)
        for body, pointer in mistaken(whole):
            if name == "own.actions" and pointer.startswith("/actions"):
                continue  # rejected by itself: test_an_action_is_read_as_strictly
            tried[name] += 1
            with suppress(ValueError):
                adapter.validate_python(body)
                taken.append((name, pointer, body))
    assert sum(tried.values()) > 500
    assert taken == []


def test_an_action_is_read_as_strictly() -> None:
    batch = examples()["own.actions"]["body"]
    adapter = readers()["own.actions"]
    action = batch["actions"][0] | {"position": {"lat": 57.7, "lon": 12}, "accuracy_m": 5}
    assert all(isinstance(one, Action) for one in adapter.validate_python(batch).actions)
    for body, pointer in mistaken(action):
        if pointer != "/sequence":
            read = adapter.validate_python(batch | {"actions": [body]})
            assert isinstance(read.actions[0], Malformed), pointer


@pytest.mark.parametrize("number", [True, "10", 1.5])
def test_nothing_is_paid_with_what_is_no_number(city: Service, number: object) -> None:
    job = city.dispatcher.get("/jobs").json()["items"][0]["id"]
    given = {"method": "cash", "amount_minor": number, "currency": "EUR"}
    told = city.dispatcher.post(f"/jobs/{job}/payments", given)
    assert (told.status_code, told.json()["code"]) == (422, "request.field")
    (finding,) = told.json()["findings"]
    assert finding["pointer"] == "/amount_minor"


def test_of_a_query_all_is_text(city: Service) -> None:
    assert city.dispatcher.get("/jobs?limit=1").status_code == 200


def test_it_is_told_with_its_place(city: Service) -> None:
    job = {"id": "J9", "type": "install", "site": "east", STRANGE: 1}
    answer = city.dispatcher.post("/jobs", {"job": job, "outlte": "x"})
    assert answer.status_code == 422
    told = [(one["code"], one["pointer"]) for one in answer.json()["findings"]]
    assert told == [
        ("request.unknown", f"/job/{STRANGE}"),
        ("request.unknown", "/outlte"),
    ]
    assert answer.json()["findings"][1]["values"]["name"] == "outlte"


@pytest.mark.parametrize(
    ("path", "strange"),
    [
        ("/customers?text=Ada", "text"),
        ("/jobs?txet=a&day=2026-03-03", "txet"),
        ("/me?verbose=1", "verbose"),
        ("/jobs?limit=1&limti=2", "limti"),
    ],
)
def test_nor_is_a_word_of_a_query_passed_over(city: Service, path: str, strange: str) -> None:
    answer = city.dispatcher.get(path)
    assert answer.status_code == 422
    (finding,) = answer.json()["findings"]
    assert (finding["code"], finding["file"], finding["pointer"]) == (
        "request.unknown",
        "query",
        f"/{strange}",
    )


def test_whoever_may_not_ask_learns_nothing_of_what_can_be_asked(city: Service) -> None:
    assert city.http.get("/v1/customers?strange=1").status_code == 401
    assert city.technician("T1").get("/customers?strange=1").status_code == 403


def test_nothing_under_v1_is_kept_but_what_says_so(city: Service) -> None:
    phone, owner = city.technician("T1"), city.signed_in(Role.OWNER)
    signing_in = {"login": "phone-t1", "password": PASSWORD}
    answers = [
        city.http.post("/v1/sign-in", json=signing_in),
        city.http.post("/v1/sign-in", json={}),
        phone.get("/me/route?day=2026-03-03"),
        owner.post(
            "/integrations", {"name": "shop", "scopes": ["jobs.read"], "whole_network": True}
        ),
        owner.get("/nowhere"),
        owner.get("/jobs"),
    ]
    assert [one.status_code for one in answers] == [200, 422, 200, 201, 404, 200]
    for answer in answers:
        assert answer.headers.get_list("cache-control") == ["no-store"], answer.url
    kept = phone.get("/me/calendar.ics")
    assert kept.headers.get_list("cache-control") == ["private, no-cache"]
    assert "cache-control" not in city.http.get("/healthz").headers

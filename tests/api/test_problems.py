"""What goes wrong is said, in two languages, and nothing breaks."""

from __future__ import annotations

import json
import logging

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.orm import Session
from tests.api.clients import Service
from tests.api.direct import direct_client
from tests.databases import SetClock
from tests.operations.boards import TRAVEL

from dispatch.api import screen
from dispatch.api.app import create_app
from dispatch.api.house import House
from dispatch.domain.role import Role
from dispatch.store.database import Database

TWICE = """
    INSERT INTO account (id, login, name, role, language, active, failures, version)
    SELECT gen_random_uuid(), lower(:name), '', 'manager', 'en', true, 0, 1
    FROM generate_series(1, 2)
"""
"""The server says which value was there already."""
NOT_SO = "SELECT CAST(:name AS integer)"


def test_a_problem_has_a_code_a_cause_and_a_cure_in_the_readers_language(city: Service) -> None:
    path = "/jobs/00000000-0000-0000-0000-000000000001"
    english = city.dispatcher.get(path)
    assert english.headers["content-type"] == "application/problem+json"
    assert english.json()["code"] == "store.missing"
    assert english.json()["status"] == english.status_code == 404
    assert english.json()["instance"] == f"urn:uuid:{english.headers['x-request-id']}"
    for wish, lang in (("zh-CN,zh;q=0.9", "zh"), ("de, en;q=0.5", "en"), ("", "en")):
        told = city.dispatcher.get(path, headers={"Accept-Language": wish})
        assert told.headers["content-language"] == lang
        assert (told.json()["title"] == english.json()["title"]) is (lang == "en")


def test_every_fault_of_an_import_is_named_with_its_place(service: Service) -> None:
    owner = service.signed_in(Role.OWNER)
    day = {
        "format": "dispatch.day",
        "version": 1,
        "id": "d",
        "zone": "UTC",
        "naem": "a day",
        "start": "2026-03-03T00:00:00Z",
        "end": "soon",
    }
    told = owner.post("/imports", day)
    assert told.status_code == 422
    pointers = {finding["pointer"] for finding in told.json()["findings"]}
    assert {"/end", "/naem"} <= pointers


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"why": "a\\u0000b"}', "request.text"),
        (b'{"why": "\\ud800"}', "request.text"),
        (b'{"why": "\xff"}', "request.json"),
        (b'{"why": NaN}', "request.json"),
        (b'{"why": ', "request.json"),
        (b"[" * 100_000, "json.depth"),
        (b"[" * 40 + b"]" * 40, "json.depth"),
        (b'{"why": 1e400}', "json.number"),
        (b"9" * 5_000, "json.number"),
        (b'{"why": 5}', "request.field"),
        (b'{"why": ""}', "request.field"),
        (b"{}", "request.field"),
        (b"null", "request.field"),
        (b"", "request.field"),
    ],
)
def test_what_is_no_text_or_no_json_is_refused(city: Service, body: bytes, code: str) -> None:
    headers = {
        "Authorization": f"Bearer {city.dispatcher.token}",
        "Idempotency-Key": "k",
        "Content-Type": "application/json",
    }
    path = "/v1/jobs/00000000-0000-0000-0000-000000000001/hold"
    told = city.http.post(path, content=body, headers=headers)
    assert told.status_code in {400, 422}
    assert told.json()["code"] == code


@pytest.mark.parametrize(
    "media",
    [
        "application/x+json",
        "application/JSON",
        "application/json ;charset=utf-8",
        "application/json",
    ],
)
def test_all_that_is_read_as_json_is_checked(city: Service, media: str) -> None:
    headers = {
        "Authorization": f"Bearer {city.dispatcher.token}",
        "Idempotency-Key": "k",
        "Content-Type": media,
    }
    job = city.dispatcher.get("/jobs").json()["items"][0]["id"]
    said = b'{"why": "a\\u0000b"}'
    told = city.http.post(f"/v1/jobs/{job}/hold", content=said, headers=headers)
    assert (told.status_code, told.json()["code"]) == (422, "request.text")


@pytest.mark.parametrize(
    "path", ["/jobs?site=%00", "/jobs?site=%ff", "/jobs/%00", "/boards/0001-01-01", "/nowhere"]
)
def test_odd_addresses_are_refused(city: Service, path: str) -> None:
    told = city.dispatcher.get(path)
    assert told.status_code in {404, 422}
    assert told.json()["code"]


def test_a_body_that_goes_on_and_on_is_cut_off(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screen, "MOST_BYTES", 1_000)
    app = create_app(House(database, TRAVEL))
    http = direct_client(app)
    long = b'"' + b"x" * 2_000 + b'"'
    for given in (long, iter([long[:1_500], long[1_500:]])):
        told = http.post("/v1/sign-in", content=given)
        assert (told.status_code, told.json()["code"]) == (413, "request.too-long")
    assert http.delete("/v1/sign-in").json()["code"] == "request.method"


def test_long_bodies_are_read_of_those_only_who_have_shown_who_they_are(city: Service) -> None:
    long = b'{"why": "' + b"x" * 100_000 + b'"}'
    headers = {"Content-Type": "application/json", "Idempotency-Key": "k"}
    for path in ("/v1/sign-in", "/v1/imports"):
        for given in (long, iter([long[:50_000], long[50_000:]])):
            told = city.http.post(path, content=given, headers=headers)
            assert (told.status_code, told.json()["code"]) == (401, "access.token")
    headers |= {"Authorization": f"Bearer {city.signed_in(Role.OWNER).token}"}
    told = city.http.post("/v1/imports", content=long, headers=headers)
    assert told.status_code == 422


def test_a_mistake_of_ours_is_told_to_the_log_alone(
    city: Service, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a secret of ours")

    monkeypatch.setattr("dispatch.api.routes.network.organisation_of", fail)
    with caplog.at_level(logging.ERROR):
        told = city.dispatcher.get("/organisation")
    assert (told.status_code, told.json()["code"]) == (500, "request.failed")
    assert "secret" not in told.text
    assert "a secret of ours" in caplog.text


@pytest.mark.parametrize("statement", [TWICE, NOT_SO], ids=["detail", "parameter"])
def test_the_log_of_a_mistake_has_no_value_of_anybodys(
    city: Service,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    statement: str,
) -> None:
    def fail(session: Session) -> None:
        session.execute(text(statement), {"name": "Li Wei, Jasmine Lane 7"})

    monkeypatch.setattr("dispatch.api.routes.network.organisation_of", fail)
    desk = city.dispatcher
    with caplog.at_level(logging.DEBUG):
        told = desk.get("/organisation")
    assert (told.status_code, told.json()["code"]) == (500, "request.failed")
    assert told.headers["x-request-id"] == told.json()["instance"].rpartition(":")[2]
    assert "Li Wei" not in caplog.text
    assert "psycopg" in caplog.text
    assert "in fail" in caplog.text


def test_the_server_above_hears_no_message_of_a_mistake(
    city: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would write it into its log, with all that caused it."""

    def fail(*_: object) -> None:
        raise RuntimeError("Li Wei")

    monkeypatch.setattr("dispatch.api.routes.network.organisation_of", fail)
    headers = {"Authorization": f"Bearer {city.dispatcher.token}"}
    assert TestClient(city.app).get("/v1/organisation", headers=headers).status_code == 500


def test_nobody_but_the_log_hears_where_the_database_is(
    clock: SetClock, caplog: pytest.LogCaptureFixture
) -> None:
    away = Database("postgresql://ann@127.0.0.1:9/plans", clock=clock)
    http = TestClient(create_app(House(away, TRAVEL)))
    wish = {"login": "ann", "password": "x"}
    for told in (http.get("/readyz"), http.post("/v1/sign-in", json=wish)):
        assert (told.status_code, told.json()["code"]) == (503, "store.unreachable")
        assert "127.0.0.1" not in told.text
        assert "plans" not in told.text
    assert "127.0.0.1" in caplog.text


def test_the_log_names_routes_and_actors_and_nobody(
    city: Service, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="dispatch.requests"):
        city.dispatcher.get("/jobs?site=east")
    said = json.loads(caplog.records[-1].getMessage())
    assert (said["route"], said["status"]) == ("jobs.list", 200)
    assert said["actor"]
    assert "east" not in caplog.text
    assert city.dispatcher.token not in caplog.text

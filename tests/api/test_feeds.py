"""A technician's calendar for a program that sends a name and a password."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import httpx2 as httpx
import pytest
from sqlalchemy import select
from tests.api.clients import PASSWORD, Client, Service
from tests.api.test_day import published
from tests.databases import OWNER, SetClock
from tests.formats.test_icalendar import events
from tests.store.test_migrations import record

from dispatch.domain.customer_link import FREE_TRIES
from dispatch.domain.role import Role
from dispatch.operations.accounts.used import EVERY
from dispatch.operations.feeds.make import MOST_FEEDS
from dispatch.store.rows.events import EventRow

PATH = "/me/calendar-feeds"


@pytest.fixture
def phone(city: Service) -> Client:
    """Whoever has something to do."""
    published(city)
    phones = [city.technician(key) for key in ("T1", "T2")]
    return max(phones, key=lambda one: len(events(one.get("/me/calendar.ics").content)))


def made(phone: Client, name: str = "My phone") -> dict[str, Any]:
    answer = phone.post(PATH, {"name": name})
    assert answer.status_code == 201, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    told: dict[str, Any] = answer.json()
    return told


def basic(login: str, secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + b64encode(f"{login}:{secret}".encode()).decode()}


def asked(city: Service, feed: dict[str, Any], secret: str | None = None) -> httpx.Response:
    given = basic(feed["login"], feed["secret"] if secret is None else secret)
    return city.http.get(feed["path"], headers=given)


def refusal(answer: httpx.Response) -> str:
    assert answer.status_code == 401, answer.text
    assert answer.headers["WWW-Authenticate"].startswith('Basic realm="')
    code: str = answer.json()["code"]
    return code


def test_a_calendar_program_reads_what_its_owner_reads(city: Service, phone: Client) -> None:
    feed = made(phone)
    own, told = phone.get("/me/calendar.ics"), asked(city, feed)
    assert events(told.content) == events(own.content) != []
    assert told.headers["content-type"] == "text/calendar; charset=utf-8"
    assert told.headers["Cache-Control"] == own.headers["Cache-Control"] == "private, no-cache"
    (seen,) = phone.get(PATH).json()["items"]
    assert (seen["login"], seen["name"], seen["revoked_at"]) == (feed["login"], "My phone", None)
    assert seen["last_used_at"] is not None
    assert "secret" not in seen


def test_it_opens_nothing_else_and_nothing_else_opens_it(city: Service, phone: Client) -> None:
    feed = made(phone)
    given = basic(feed["login"], feed["secret"])
    for path in ("/v1/me", "/v1/me/calendar.ics", f"/v1{PATH}", "/v1/me/pool"):
        refused = city.http.get(path, headers=given)
        assert (refused.status_code, refused.json()["code"]) == (401, "access.token"), path
        assert refused.headers["WWW-Authenticate"] == "Bearer"
        bearer = {"Authorization": f"Bearer {feed['secret']}"}
        assert city.http.get(path, headers=bearer).status_code == 401, path
    for method in ("POST", "PUT", "DELETE"):
        assert city.http.request(method, feed["path"], headers=given).status_code == 405
    token = phone.token
    for headers in (
        {},
        {"Authorization": f"Bearer {token}"},
        {"Authorization": "Basic"},
        {"Authorization": "Basic !!!"},
        {"Authorization": "Basic " + b64encode(b"\xff\xfe:x").decode()},
        {"Authorization": "Basic " + b64encode(b"no colon").decode()},
        basic("a\0b", "x"),
        basic("phone-t1", PASSWORD),
        basic(feed["login"], ""),
        basic("", feed["secret"]),
    ):
        assert refusal(city.http.get(feed["path"], headers=headers)) == "feed.wrong", headers
    address = f"{feed['path']}?login={feed['login']}&secret={feed['secret']}"
    assert city.http.get(address).json()["code"] == "request.unknown"


def test_after_some_wrong_secrets_even_the_right_one_waits(
    city: Service, phone: Client, clock: SetClock
) -> None:
    feed, other = made(phone), made(phone, "Tablet")
    for _ in range(FREE_TRIES):
        assert refusal(asked(city, feed, "wrong")) == "feed.wrong"
    assert refusal(asked(city, feed)) == "feed.wait"
    assert asked(city, other).status_code == 200
    clock.forward(minutes=2)
    assert asked(city, feed).status_code == 200
    assert refusal(asked(city, feed, "wrong")) == "feed.wrong"
    assert asked(city, feed).status_code == 200


def test_its_owner_withdraws_it_and_nobody_else_does(city: Service, phone: Client) -> None:
    feed = made(phone)
    phones = [city.technician(key) for key in ("T1", "T2")]
    (other,) = (one for one in phones if one.get(PATH).json()["items"] == [])
    (phone,) = (one for one in phones if one is not other)
    assert other.ask("DELETE", f"{PATH}/{feed['id']}").status_code == 404
    assert city.dispatcher.get(PATH).status_code == 403
    assert asked(city, feed).status_code == 200
    assert phone.ask("DELETE", f"{PATH}/{feed['id']}").status_code == 204
    assert refusal(asked(city, feed)) == "feed.wrong"
    assert phone.get(PATH).json()["items"][0]["revoked_at"] is not None


@pytest.mark.parametrize("how", ["closed", "let go", "new password"])
def test_it_ends_with_the_account(city: Service, phone: Client, how: str) -> None:
    feed, owner = made(phone), city.signed_in(Role.OWNER)
    me = phone.get("/me").json()
    if how == "let go":
        why = {"why": "Has moved away."}
        answer = owner.post(f"/technicians/{me['technician']}/end", why)
    elif how == "closed":
        seen = {"If-Match": owner.get(f"/accounts/{me['id']}").headers["ETag"]}
        change = {"active": False}
        answer = owner.ask("PATCH", f"/accounts/{me['id']}", json=change, headers=seen)
    else:
        answer = phone.post("/me/password", {"old": PASSWORD, "new": PASSWORD + " and more"})
    assert answer.is_success, answer.text
    assert refusal(asked(city, feed)) == "feed.wrong"
    with city.database.work(OWNER) as work:
        kinds = select(EventRow.kind).where(EventRow.subject_kind == "calendar_feed")
        assert list(work.session.scalars(kinds.order_by(EventRow.number))) == [
            "calendar_feed.made",
            "calendar_feed.revoked",
        ]


def test_one_has_so_many_and_no_more(phone: Client) -> None:
    feeds = [made(phone) for _ in range(MOST_FEEDS)]
    assert phone.post(PATH, {}).json()["code"] == "feed.too-many"
    assert phone.post(PATH, {"name": "x" * 201}).status_code == 422
    phone.ask("DELETE", f"{PATH}/{feeds[0]['id']}")
    made(phone)


def test_its_secret_is_kept_nowhere(city: Service, phone: Client) -> None:
    feed = made(phone)
    asked(city, feed)
    kept = record(city.database)
    assert kept["calendar_feed"][0]["login"] == feed["login"]
    assert feed["secret"] not in str(kept)


def test_when_it_was_used_is_written_down_now_and_then(
    city: Service, phone: Client, clock: SetClock
) -> None:
    feed, begun = made(phone), clock.now
    for later, known in ((EVERY / 2, EVERY / 2), (EVERY / 2, EVERY / 2), (EVERY, EVERY * 2)):
        clock.now += later
        assert asked(city, feed).status_code == 200
        (phone,) = (
            one for one in map(city.technician, ("T1", "T2")) if one.get(PATH).json()["items"]
        )
        used = phone.get(PATH).json()["items"][0]["last_used_at"]
        assert used == (begun + known).isoformat().replace("+00:00", "Z")


def test_programs_are_listed_without_their_keys(city: Service, clock: SetClock) -> None:
    owner = city.signed_in(Role.OWNER)
    top = owner.get("/outlets").json()["items"][0]["id"]
    branch = owner.post("/outlets", {"id": "branch", "parent": top}).json()["id"]
    shop = {"name": "shop", "scopes": ["jobs.read", "jobs.write"], "outlet": branch}
    until = "2026-12-31T00:00:00Z"
    given = owner.post("/integrations", shop | {"expires_at": until}).json()
    owner.post("/integrations", {"name": "all", "scopes": ["metrics.read"], "whole_network": True})
    told = {row["name"]: row for row in owner.get("/integrations").json()["items"]}
    assert told["shop"] == {
        **shop,
        "whole_network": False,
        "id": given["id"],
        "made_by": owner.get("/me").json()["id"],
        "last_used_at": None,
        "expires_at": until,
        "revoked_at": None,
    }
    assert (told["all"]["outlet"], told["all"]["whole_network"]) == (None, True)
    begun = clock.now
    for _ in range(3):
        assert Client(city.http, given["key"]).get("/jobs").status_code == 200
        clock.now += EVERY / 4
    theirs = city.signed_in(Role.MANAGER, login="branch", outlets=(branch,))
    (seen,) = theirs.get("/integrations").json()["items"]
    assert (seen["name"], seen["last_used_at"]) == ("shop", f"{begun:%Y-%m-%dT%H:%M:%S}Z")
    assert given["key"] not in theirs.get("/integrations").text
    assert owner.ask("DELETE", f"/integrations/{given['id']}").status_code == 204
    assert theirs.get("/integrations").json()["items"][0]["revoked_at"] is not None
    assert city.dispatcher.get("/integrations").status_code == 403

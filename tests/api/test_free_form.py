"""What is sent as free-form JSON can be kept and read again, or is refused and leaves no trace."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import count

import httpx2 as httpx
import pytest
from tests.api.clients import Client, Service
from tests.api.test_poison import events, forged
from tests.operations.pools import person

from dispatch.domain.documents import MOST_DEPTH
from dispatch.domain.role import Role

_number = count(1)
DEPTHS = (MOST_DEPTH, 100, 253, 254, 255, 256, 280, 300, 320, 400, 900, 2_000, 9_000)
BAD = {
    **{f"list {depth}": ("[" * depth + "]" * depth, "json.depth") for depth in DEPTHS},
    **{f"object {depth}": ('{"a":' * depth + "1" + "}" * depth, "json.depth") for depth in DEPTHS},
    **{
        number[:12]: (number, "json.number")
        for number in ("1e999", "-1e999", "1e23", "9007199254740993", "9" * 400, "9" * 4_000)
    },
    "more digits": ("9" * 5_000, "json.number"),
}
"""What is sent as a value, and how it is refused."""
ODD = ("1e15", "-0.0", "5e-324", "1e-400", "0.30000000000000004", "9007199254740992.0", "1.0")
"""Numbers that can be kept."""


def raw(client: Client, method: str, path: str, text: str) -> httpx.Response:
    headers = {"Content-Type": "application/json", "Idempotency-Key": f"free-{next(_number)}"}
    seen = client.get(path).headers.get("ETag", '"1"') if method == "PUT" else '"1"'
    return client.ask(method, path, content=text, headers={**headers, "If-Match": seen})


def job(value: str) -> str:
    window = '{"start":"2026-03-03T08:00:00Z","end":"2026-03-03T16:00:00Z"}'
    said = f'{{"id":"J-{next(_number)}","type":"any","site":"east","windows":[{window}]}}'
    return f'{{"job":{said},"fields":{{"a":{value}}}}}'


def asset(value: str) -> str:
    said = f'{{"site":"east","product":"B","said":{{"a":{value}}}}}'
    return f'{{"serial":"S-{next(_number)}","asset":{said}}}'


def job_type(value: str) -> str:
    said = f'{{"id":"T-{next(_number)}","duration_s":60}}'
    return f'{{"job_type":{said},"fields":{{"default":{value}}}}}'


FREE: dict[str, tuple[str, Callable[[str], str]]] = {
    "job": ("/jobs", job),
    "asset": ("/assets", asset),
    "job type": ("/job-types", job_type),
}


@pytest.fixture
def any_fields(city: Service) -> Service:
    """With a job type of which jobs have whatever fields."""
    given = {"job_type": {"id": "any", "duration_s": 600}, "fields": {"type": "object"}}
    assert city.signed_in(Role.OWNER).post("/job-types", given).status_code == 201
    return city


def lists(service: Service) -> Iterator[tuple[str, int]]:
    owner = service.signed_in(Role.OWNER)
    paths = ("/jobs", "/assets", "/job-types", "/events", "/boards/2026-03-03")
    yield from ((path, owner.get(path).status_code) for path in paths)


@pytest.mark.parametrize("what", FREE)
def test_what_cannot_be_kept_is_refused_before_anything_is_written(
    any_fields: Service, what: str
) -> None:
    path, body = FREE[what]
    owner, before = any_fields.signed_in(Role.OWNER), events(any_fields)
    for name, (value, code) in BAD.items():
        told = raw(owner, "POST", path, body(value))
        assert (told.status_code, told.json()["code"]) == (422, code), name
    assert events(any_fields) == before
    assert {status for _, status in lists(any_fields)} == {200}


@pytest.mark.parametrize("what", FREE)
def test_nor_does_a_change_bring_it_in(any_fields: Service, what: str) -> None:
    path, body = FREE[what]
    owner = any_fields.signed_in(Role.OWNER)
    first = body("1")
    made = raw(owner, "POST", path, first)
    assert made.status_code == 201
    before, whole = events(any_fields), json.loads(first)
    for name, (value, code) in BAD.items():
        changed = json.dumps(whole.get("asset", whole)).replace('": 1}', f'": {value}}}')
        assert value in changed
        told = raw(owner, "PUT", f"{path}/{made.json()['id']}", changed)
        assert (told.status_code, told.json()["code"]) == (422, code), name
    assert events(any_fields) == before


@pytest.mark.parametrize("what", FREE)
def test_what_is_as_deep_as_it_may_be_is_read_by_everybody(any_fields: Service, what: str) -> None:
    path, body = FREE[what]
    owner = any_fields.signed_in(Role.OWNER)
    outside = 3 if what == "asset" else 2
    deep = MOST_DEPTH - outside
    assert raw(owner, "POST", path, body("[" * deep + "]" * deep)).status_code == 201
    assert (
        raw(owner, "POST", path, body("[" * (deep + 1) + "]" * (deep + 1))).json()["code"]
        == "json.depth"
    )
    assert {status for _, status in lists(any_fields)} == {200}


@pytest.mark.parametrize("what", FREE)
def test_odd_numbers_leave_the_log_as_it_was_written(any_fields: Service, what: str) -> None:
    path, body = FREE[what]
    for value in (*ODD, f"[{','.join(ODD)}]"):
        made = raw(any_fields.signed_in(Role.OWNER), "POST", path, body(value))
        assert made.status_code == 201, value
    assert forged(any_fields) == []
    assert {status for _, status in lists(any_fields)} == {200}


def test_a_number_is_told_of_with_its_place(any_fields: Service) -> None:
    told = raw(any_fields.dispatcher, "POST", "/jobs", job('[1, {"b/c": 1e400}]')).json()
    (finding,) = told["findings"]
    assert (finding["file"], finding["pointer"]) == ("body", "/fields/a/1/b~1c")
    assert "Infinity" in told["title"]


@pytest.mark.parametrize(
    "schema",
    [{"multipleOf": 0.5}, {"multipleOf": 3}, {"multipleOf": 5e-324}, {"uniqueItems": True}],
)
def test_no_number_is_too_much_for_a_schema(any_fields: Service, schema: dict[str, object]) -> None:
    owner = any_fields.signed_in(Role.OWNER)
    given = {"job_type": {"id": "odd", "duration_s": 60}, "fields": {"properties": {"a": schema}}}
    assert owner.post("/job-types", given).status_code == 201
    for value in (*ODD, *(value for value, _ in BAD.values()), "1.5", "[1,true,1.0]"):
        told = raw(owner, "POST", "/jobs", job(value).replace('"any"', '"odd"'))
        assert told.status_code in {201, 422}, value[:20]


@pytest.mark.parametrize("word", ["not", "const", "default", "multipleOf"])
def test_no_schema_is_too_much_for_a_job(any_fields: Service, word: str) -> None:
    owner, before = any_fields.signed_in(Role.OWNER), events(any_fields)
    deep = f'{{"{word}":' * 150 + "{}" + "}" * 150
    for value in (deep, "[" * 300 + "]" * 300, "9" * 400, "1e999"):
        said = f'{{"job_type":{{"id":"T","duration_s":60}},"fields":{{"{word}":{value}}}}}'
        assert raw(owner, "POST", "/job-types", said).status_code == 422
    assert events(any_fields) == before


@pytest.mark.parametrize(
    "path", ["/solve", "/verify", "/imports", "/jobs", "/sign-in", "/jobs/bulk", "/technicians"]
)
def test_every_route_refuses_it(city: Service, path: str) -> None:
    owner = city.signed_in(Role.OWNER)
    for name, (value, code) in BAD.items():
        told = raw(owner, "POST", path, f'{{"day":{value},"plan":{value}}}')
        assert (told.status_code, told.json()["code"]) == (422, code), name


def test_an_action_nested_as_deep_as_parsers_read_stops_no_other(city: Service) -> None:
    phone, statuses = city.technician("T1"), set()
    for depth in range(800, 1_000, 2):
        bad = f'{{"sequence":{depth},"kind":{"[" * depth}{"]" * depth}}}'
        sent = f'{{"device":"D","sent_at":"2026-03-02T06:00:00Z","actions":[{bad}]}}'
        told = raw(phone, "POST", "/me/actions", sent)
        statuses.add(told.status_code)
        reason = told.json()[0]["reason"] if told.status_code == 200 else told.json()["code"]
        assert reason in {"action.malformed", "json.depth"}
    assert statuses == {200, 422}


def test_an_action_nested_deep_stops_no_other(city: Service) -> None:
    visit = city.dispatcher.get("/boards/2026-03-03").json()["unassigned"][0]["id"]
    technician = str(person(city.database, "T1"))
    given = {"technician": technician, "day": "2026-03-03"}
    assert city.dispatcher.edit(f"/visits/{visit}/assign", given).status_code == 200
    city.dispatcher.post("/boards/2026-03-03/release", {})
    phone = city.technician("T1")
    plain = f'"kind":"depart","visit":"{visit}","happened_at":"2026-03-02T06:00:00Z"'
    for turn, (value, _) in enumerate(BAD.values()):
        if len(value) > 2_000:
            continue  # no parser reads it: the whole is no JSON
        bad = f'{{"sequence":{2 * turn + 1},{plain},"checklist":{{"a":{value}}}}}'
        good = f'{{"sequence":{2 * turn + 2},{plain}}}'
        sent = f'{{"device":"D","sent_at":"2026-03-02T06:00:00Z","actions":[{bad},{good}]}}'
        told = raw(phone, "POST", "/me/actions", sent)
        assert told.status_code == 200, value[:20]
        first, second = told.json()
        assert (first["outcome"], first["reason"]) == ("rejected", "action.malformed")
        assert first["wrong"] == [{"pointer": "/checklist/a", "code": "request.field"}]
        assert second["reason"] != "action.malformed"
        assert raw(phone, "POST", "/me/actions", sent).json() == told.json()
    assert forged(city) == []
    assert {status for _, status in lists(city)} == {200}
    assert city.dispatcher.get("/actions/flagged").status_code == 200

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from tests.plan_strategies import plans
from tests.strategies import small_days

from dispatch.domain.day import Day
from dispatch.domain.plan import CostKind, Plan
from dispatch.errors import InvalidInput, Unavailable
from dispatch.formats.day_json import DAY_JSON, day_fingerprint, day_json, read_day, write_day
from dispatch.formats.json_schema import PUBLISHED, schema, schema_file, schema_json
from dispatch.formats.json_values import JsonFormat
from dispatch.formats.plan_json import PLAN_JSON, plan_json, read_plan, write_plan

SMALL: dict[str, Any] = {
    "format": "dispatch.day",
    "version": 1,
    "id": "monday",
    "zone": "Europe/Stockholm",
    "start": "2026-03-02T00:00:00+01:00",
    "end": "2026-03-03T00:00:00+01:00",
    "job_types": [{"id": "service", "duration_s": 3600}],
    "sites": [{"id": "harbour", "position": {"lat": 57.7, "lon": 11.9}}],
    "jobs": [{"id": "J1", "type": "service", "site": "harbour"}],
}


def with_job(**fields: Any) -> bytes:
    job = {**SMALL["jobs"][0], **fields}
    return json.dumps({**SMALL, "jobs": [job]}).encode()


def findings(content: bytes) -> list[tuple[str, str | None]]:
    with pytest.raises(InvalidInput) as refused:
        read_day(content, file="day.json")
    assert {finding.place.file for finding in refused.value.findings} == {"day.json"}
    return [(finding.code, finding.place.pointer) for finding in refused.value.findings]


@settings(max_examples=40)
@given(small_days())
def test_a_day_comes_back_as_it_was(day: Day) -> None:
    content = day_json(day)
    again = read_day(content)
    assert again == day
    assert day_json(again) == content
    assert day_fingerprint(again) == day_fingerprint(day)


@settings(max_examples=40)
@given(st.data())
def test_a_plan_comes_back_as_it_was(data: st.DataObject) -> None:
    plan = data.draw(plans(data.draw(small_days())))
    assert read_plan(plan_json(plan)) == plan


@settings(max_examples=40)
@given(st.data())
def test_what_is_written_agrees_with_the_published_schemas(data: st.DataObject) -> None:
    day = data.draw(small_days())
    for form, content in (
        (DAY_JSON, day_json(day)),
        (PLAN_JSON, plan_json(data.draw(plans(day)))),
    ):
        published = json.loads(schema_file(form).read_text(encoding="utf-8"))
        Draft202012Validator(published).validate(json.loads(content))


@pytest.mark.parametrize("form", PUBLISHED, ids=lambda form: form.name)
def test_the_published_schema_is_the_one_of_the_code(form: JsonFormat[Any]) -> None:
    published = schema_file(form).read_text(encoding="utf-8")
    assert published == schema_json(form), "run python -m dispatch.formats.json_schema"
    Draft202012Validator.check_schema(schema(form))


@pytest.mark.parametrize(
    "fields",
    [{"zzz": 1}, {"priority": "3"}, {"windows": {}}, {"type": None}, {"crew": {"timing": "x"}}],
    ids=str,
)
def test_the_schema_refuses_what_the_reader_refuses(fields: dict[str, Any]) -> None:
    content = with_job(**fields)
    assert findings(content)
    with pytest.raises(ValidationError):
        Draft202012Validator(schema(DAY_JSON)).validate(json.loads(content))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"priorty": 1}, [("json.misspelt", "/jobs/0/priorty")]),
        ({"zzz": 1}, [("json.unknown", "/jobs/0/zzz")]),
        ({"priority": 3.0}, [("json.type.integer", "/jobs/0/priority")]),
        ({"priority": True}, [("json.type.integer", "/jobs/0/priority")]),
        ({"priority": "3"}, [("json.type.integer", "/jobs/0/priority")]),
        ({"priority": 9}, [("value.range", "/jobs/0/priority")]),
        ({"priority": 1e308}, [("json.number", "/jobs/0/priority")]),
        ({"priority": float("nan")}, [("json.number", "/jobs/0/priority")]),
        ({"duration_s": -1}, [("value.range", "/jobs/0/duration_s")]),
        ({"duration_s": 2**63}, [("json.number", "/jobs/0/duration_s")]),
        ({"mandatory": 1}, [("json.type.flag", "/jobs/0/mandatory")]),
        ({"name": 7}, [("json.type.text", "/jobs/0/name")]),
        ({"name": "\ud800"}, [("json.surrogate", "/jobs/0/name")]),
        ({"parts": []}, [("json.type.object", "/jobs/0/parts")]),
        ({"parts": {"a/b~": -1}}, [("value.range", "/jobs/0/parts/a~1b~0")]),
        ({"windows": {}}, [("json.type.list", "/jobs/0/windows")]),
        ({"windows": [5]}, [("json.type.object", "/jobs/0/windows/0")]),
        ({"windows": [{}]}, [("json.missing", "/jobs/0/windows/0")] * 2),
        ({"sla_due": "soon"}, [("json.type.time", "/jobs/0/sla_due")]),
        ({"sla_due": 1700000000}, [("json.type.time", "/jobs/0/sla_due")]),
        ({"sla_due": "1700000000"}, [("json.type.time", "/jobs/0/sla_due")]),
        ({"sla_due": "2026-03-02T08:00:00"}, [("time.naive", "/jobs/0/sla_due")]),
        ({"sla_due": "0001-01-01T00:00:00+14:00"}, [("time.year", "/jobs/0/sla_due")]),
        (
            {"pins": [{"technician": "T", "level": "week"}]},
            [("json.choice", "/jobs/0/pins/0/level")],
        ),
    ],
    ids=str,
)
def test_what_is_wrong_is_named_at_its_pointer(
    fields: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert findings(with_job(**fields)) == expected


def test_everything_wrong_is_said_at_once() -> None:
    day = json.loads(with_job(priority=9, duration_s=-1, revenue_minor="5", windows=[{}], nam="x"))
    day["zone"] = "Europe/Stokholm"
    day["jobs"] += [{"id": "J2"}, 5, {"id": "J3", "type": " ", "site": "harbour", "priority": 0}]
    day["technicians"] = [
        {"id": "T1", "duration_factor": 99, "skills": [{"skill": "gas", "expires": "20261231"}]}
    ]
    assert findings(json.dumps(day).encode()) == [
        ("value.range", "/jobs/0/duration_s"),
        ("json.misspelt", "/jobs/0/nam"),
        ("value.range", "/jobs/0/priority"),
        ("json.type.integer", "/jobs/0/revenue_minor"),
        ("json.missing", "/jobs/0/windows/0"),
        ("json.missing", "/jobs/0/windows/0"),
        ("json.missing", "/jobs/1"),
        ("json.missing", "/jobs/1"),
        ("json.type.object", "/jobs/2"),
        ("value.identifier", "/jobs/3/type"),
        ("value.range", "/technicians/0/duration_factor"),
        ("json.type.date", "/technicians/0/skills/0/expires"),
        ("day.zone", "/zone"),
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", [("json.syntax", None)]),
        (b'{"format": "dispatch.day",}', [("json.syntax", None)]),
        (b"[" * 100_000, [("json.depth", None)]),
        (b"[" * 40 + b"]" * 40, [("json.depth", None)]),
        (b"[]", [("json.type.object", "")]),
        (b"9" * 5000, [("json.number", ""), ("json.type.object", "")]),
        (b"\xff\xfe{}", [("file.encoding", None)]),
        (b"{}", [("json.format", "/format")]),
        (b'{"format": "dispatch.plan", "version": 1}', [("json.format", "/format")]),
        (b'{"format": "dispatch.day", "version": 2}', [("json.version", "/version")]),
        (b'{"format": "dispatch.day", "version": true}', [("json.version", "/version")]),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_no_day_at_all_is_refused(content: bytes, expected: list[tuple[str, str]]) -> None:
    assert findings(content) == expected


def test_a_name_that_stands_twice_is_refused() -> None:
    content = json.dumps(SMALL).replace('"id": "J1"', '"id": "J1", "id": "J2"').encode()
    assert findings(content) == [("json.twice", "/jobs/0/id")]


def test_a_byte_order_mark_is_no_trouble() -> None:
    content = json.dumps(SMALL).encode()
    assert read_day(b"\xef\xbb\xbf" + content) == read_day(content)


def test_a_day_too_large_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dispatch.formats.files.read_bytes.__kwdefaults__", {"most": 100})
    assert findings(json.dumps(SMALL).encode()) == [("file.size", None)]


def test_files_are_written_whole_or_not_at_all(tmp_path: Path) -> None:
    day = read_day(json.dumps(SMALL).encode())
    path = tmp_path / "day.json"
    write_day(day, path)
    assert read_day(path) == day
    assert path.read_bytes().endswith(b"}\n")
    with pytest.raises(Unavailable, match=r"file\.unwritable"):
        write_day(day, tmp_path / "missing" / "day.json")
    assert [found.name for found in tmp_path.iterdir()] == ["day.json"]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"nothing\.json: file\.unreadable"):
        read_day(tmp_path / "nothing.json")


def test_a_plan_with_wrong_times_and_values_is_refused(tmp_path: Path) -> None:
    plan = {
        "format": "dispatch.plan",
        "version": 1,
        "day": "monday",
        "currency": "EUR",
        "routes": [
            {
                "technician": "T1",
                "shift": "early",
                "depart": "2026-03-02T08:00:00",
                "finish": "2026-03-02T16:00:00+01:00",
                "visits": [],
                "legs": [],
            }
        ],
        "unassigned": [{"job": "J1", "reasons": [{"code": "skill", "values": {"level": []}}]}],
        "costs_minor": {"travle_time": 3},
    }
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(plan))
    with pytest.raises(InvalidInput) as refused:
        read_plan(path)
    assert [(found.code, found.place.pointer) for found in refused.value.findings] == [
        ("json.choice", "/costs_minor/travle_time"),
        ("time.naive", "/routes/0/depart"),
        ("json.type.scalar", "/unassigned/0/reasons/0/values/level"),
    ]


def test_a_plan_is_written_and_read(tmp_path: Path) -> None:
    plan = Plan(day="d", currency="EUR", routes=(), unassigned=(), costs_minor={CostKind.WAGE: 7})
    write_plan(plan, tmp_path / "plan.json")
    assert read_plan(tmp_path / "plan.json") == plan


@given(st.data())
def test_damaged_bytes_are_refused_and_nothing_worse(data: st.DataObject) -> None:
    content = bytearray(json.dumps(SMALL).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 3))] = data.draw(
            st.binary(max_size=3) | st.sampled_from([b"[", b"}", b"null", b"1e999", b'"', b"-"])
        )
    try:
        read_day(bytes(content))
    except InvalidInput as refused:
        assert refused.findings  # noqa: PT017  # most damage is found, some makes another day

"""The description of the service is good enough to code against."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from tests.api.tour import tour
from tests.databases import SetClock
from tests.operations.boards import TRAVEL

from dispatch import texts
from dispatch.api.app import create_app
from dispatch.api.house import House
from dispatch.api.openapi import WRONG, examples, problems
from dispatch.api.problems import MEDIA, STATUS
from dispatch.errors import Refused
from dispatch.store.database import Database

SOURCES = Path(str(files("dispatch")))
JSON = "application/json"
MAY_LEAVE_OUT = {"plans.publish", "wishes.decide"}
"""Routes that take a version from who cares."""


@pytest.fixture
def document(database: Database) -> dict[str, Any]:
    return create_app(House(database, TRAVEL)).openapi()


def operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in document["paths"].values():
        yield from methods.values()


def wrong(document: dict[str, Any], schema: dict[str, Any], example: Any) -> list[str]:
    """What of an example is not as its schema has it."""
    whole = {**schema, "components": document["components"]}
    checker = Draft202012Validator(whole, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return [f"{error.json_path}: {error.message[:200]}" for error in checker.iter_errors(example)]


def lacking(document: dict[str, Any], operation: dict[str, Any]) -> Iterator[str]:
    """What a programmer would have to guess."""
    if not operation.get("summary") or "." in operation["summary"]:
        yield "summary"
    if not operation.get("description"):
        yield "description"
    body = operation.get("requestBody", {}).get("content", {}).get(JSON)
    if body is not None and "example" not in body:
        yield "body"
    elif body is not None:
        yield from wrong(document, body["schema"], body["example"])
    good = [answer for status, answer in operation["responses"].items() if status < "300"]
    refused = [answer for status, answer in operation["responses"].items() if status >= "400"]
    if len(good) != 1 or not refused:
        yield "answer" if len(good) != 1 else "problems"
        return
    yield from _answer_lacking(document, good[0].get("content", {}))
    for answer in refused:
        yield from _problems_lacking(document, answer)


def _answer_lacking(document: dict[str, Any], content: dict[str, Any]) -> Iterator[str]:
    if content and not any("example" in each for each in content.values()):
        yield "example of the answer"
    elif JSON in content:
        yield from wrong(document, content[JSON].get("schema", {}), content[JSON]["example"])


def _problems_lacking(document: dict[str, Any], answer: dict[str, Any]) -> Iterator[str]:
    """Only what any route of a kind may answer is told of without its codes."""
    given = answer["content"][MEDIA]
    if "examples" not in given and answer["description"].rstrip(".") not in WRONG.values():
        yield "codes"
    for code, example in given.get("examples", {}).items():
        yield from wrong(document, given["schema"], example["value"])
        if f"{code}.cause" not in texts.catalogue("en"):
            yield code


def test_every_route_says_what_it_does_with_examples_and_problems(
    document: dict[str, Any],
) -> None:
    guessed = {
        operation["operationId"]: found
        for operation in operations(document)
        if (found := list(lacking(document, operation)))
    }
    assert guessed == {}


def test_who_has_to_say_a_version_is_told_so(document: dict[str, Any]) -> None:
    """Where it is left out, the service answers `request.if-match`, but where it may be."""
    found = {
        operation["operationId"]: given["required"]
        for operation in operations(document)
        for given in operation.get("parameters", ())
        if given["name"] == "if-match"
    }
    assert found["jobs.edit"] is True
    assert {name for name, required in found.items() if not required} == MAY_LEAVE_OUT
    assert "x-demanded" not in json.dumps(document)


def test_a_route_without_them_is_found(document: dict[str, Any]) -> None:
    """The test above sees what is missing: each taken away in turn."""
    (hold,) = [each for each in operations(document) if each["operationId"] == "jobs.hold"]
    body = hold["requestBody"]["content"][JSON]
    answer = hold["responses"]["200"]["content"][JSON]
    assert list(lacking(document, hold)) == []
    for place, name, seen in (
        (hold, "summary", "summary"),
        (hold, "description", "description"),
        (body, "example", "body"),
        (answer, "example", "example of the answer"),
    ):
        kept = place.pop(name)
        assert seen in list(lacking(document, hold))
        place[name] = kept
    body["example"] = {"why": 5}
    assert any("$.why" in entry for entry in lacking(document, hold))
    refused = hold["responses"]["409"]
    refused["content"][MEDIA].pop("examples")
    assert "codes" in list(lacking(document, hold))
    hold["responses"] = {"200": hold["responses"]["200"]}
    assert "problems" in list(lacking(document, hold))


def test_problems_have_the_status_that_the_service_gives_them(document: dict[str, Any]) -> None:
    raised: dict[str, set[int]] = {}
    kinds = {kind.__name__: status for kind, status in STATUS.items()}
    kinds["Bar"] = STATUS[Refused]  # what keeps somebody from an offer
    pattern = re.compile(rf'({"|".join(kinds)})\(\s*"([\w.-]+)"')
    for path in SOURCES.rglob("*.py"):
        for kind, code in pattern.findall(path.read_text("utf-8")):
            raised.setdefault(code, set()).add(kinds[kind])
    names = {operation["operationId"] for operation in operations(document)}
    assert set(problems()) <= names
    for name, by_status in problems().items():
        for status, codes in by_status.items():
            for code in codes:
                if code in raised:
                    assert status in raised[code], (name, code)
                else:  # made of the thing's name, or a finding of the input
                    assert status == (409 if code.startswith("state.") else 422), (name, code)


def shape(value: Any) -> Any:
    """The names in a document, without what varies."""
    if isinstance(value, dict):
        return {key: shape(entry) for key, entry in value.items() if key != "said"}
    if isinstance(value, list):
        return [shape(entry) for entry in value[:1]]
    return None


def test_examples_are_what_the_service_answers(
    database: Database, clock: SetClock, tmp_path: Path
) -> None:
    told = tour(database, clock, tmp_path / "evidence")
    if os.environ.get("DISPATCH_EXAMPLES") == "write":
        said = json.dumps(told, indent=1, ensure_ascii=False, sort_keys=True)
        SOURCES.joinpath("api", "examples.json").write_text(said + "\n", encoding="utf-8")
        return
    assert set(told) == set(examples())
    for name, kept in examples().items():
        found = told[name]
        assert found.get("body") == kept.get("body") or name in {"own.actions", "verify"}, name
        assert found.get("media") == kept.get("media"), name
        if isinstance(kept.get("answer"), dict):
            assert found["answer"].keys() == kept["answer"].keys(), name

"""The description of the service, with examples to code against and all that can go wrong.

Examples are answers that the service has given: ``tests/api/tour.py`` asks it, and writes
``examples.json`` when it is told to.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from dispatch import texts
from dispatch.api.access import is_open
from dispatch.api.caller import REPEATABLE
from dispatch.api.links import links
from dispatch.api.problems import MEDIA, Problem
from dispatch.api.versions import DEMANDED

Document = dict[str, Any]
JSON = "application/json"
BY_FEED = {"feed.calendar"}
"""Open to whoever has the name and the secret of a calendar feed, and for no token."""
EVERYBODY = {"health.live"}
"""Answered also when the database is not there."""
SCHEMA = {"schema": {"$ref": "#/components/schemas/Problem"}}
WRONG = {
    400: "The body is no text",
    401: "The token is missing, wrong or too old",
    403: "It is not for you",
    404: "It is not there, or not yours to see",
    409: "It does not go together with how things stand",
    412: "It has changed since you read it",
    413: "It is too long",
    422: "Something in the request is wrong",
    503: "The database does not answer; ask again",
}
"""What can be answered instead, by its status."""


@cache
def examples() -> Mapping[str, Document]:
    """What was sent and answered, by the names of routes."""
    text = files("dispatch.api").joinpath("examples.json").read_text(encoding="utf-8")
    found: Mapping[str, Document] = json.loads(text)
    return found


@cache
def problems() -> Mapping[str, Mapping[int, list[str]]]:
    """The codes of ``problems.yaml``."""
    text = files("dispatch.api").joinpath("problems.yaml").read_text(encoding="utf-8")
    found: Mapping[str, Mapping[int, list[str]]] = yaml.safe_load(text)
    return found


def describe(app: FastAPI) -> None:
    """Let a service describe itself in full."""

    def openapi() -> Document:
        if app.openapi_schema is None:
            document = get_openapi(
                title=app.title,
                version=app.version,
                summary=app.summary,
                description=app.description,
                routes=app.routes,
            )
            schemas = document["components"]["schemas"]
            problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas |= problem.pop("$defs", {}) | {"Problem": problem}
            for unused in ("HTTPValidationError", "ValidationError"):
                schemas.pop(unused, None)
            document["components"]["securitySchemes"] = {
                "token": {"type": "http", "scheme": "bearer"},
                "feed": {"type": "http", "scheme": "basic"},
            }
            for path, methods in document["paths"].items():
                for method, operation in methods.items():
                    _tell(path, operation, method)
            links(document)
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _tell(path: str, operation: Document, method: str) -> None:
    name = operation["operationId"]
    _hear(operation, method)
    operation["summary"] = re.split(r"[.;:]", operation["description"])[0].strip()
    operation["security"] = [{"feed": []}] if name in BY_FEED else _security(name)
    example = examples().get(name, {})
    if "body" in example:
        operation["requestBody"]["content"][JSON]["example"] = example["body"]
    for status, answer in list(operation["responses"].items()):
        if status == "422":
            del operation["responses"][status]
        elif "answer" in example:
            content = answer["content"]
            content.get(example["media"], next(iter(content.values())))["example"] = example[
                "answer"
            ]
    for status, codes in sorted(_codes(operation, method).items()):
        operation["responses"][str(status)] = _problem(status, codes)
    for status in _possible(path, operation, method):
        rare = {"description": f"{WRONG[status]}.", "content": {MEDIA: SCHEMA}}
        operation["responses"].setdefault(str(status), rare)


def _security(name: str) -> list[dict[str, list[str]]]:
    return [] if is_open(name) else [{"token": []}]


def _hear(operation: Document, method: str) -> None:
    """Tell only of headers that are heard: a token is told of once, a key where it is wanted."""
    wanted = _wants_key(operation, method)
    unheard = {"authorization"} if wanted else {"authorization", "idempotency-key"}
    given = [one for one in operation.pop("parameters", ()) if one["name"] not in unheard]
    for one in given:
        if one["name"] == "idempotency-key":
            one["required"] = True
        if one["schema"].pop(DEMANDED, False):
            one["required"], one["schema"] = True, one["schema"]["anyOf"][0]
    if given:
        operation["parameters"] = given


def _wants_key(operation: Document, method: str) -> bool:
    return (
        method == "post"
        and not is_open(operation["operationId"])
        and REPEATABLE not in operation.get("tags", ())
    )


def _possible(path: str, operation: Document, method: str) -> Iterator[int]:
    """The statuses of problems that a route of this kind may answer, whatever their codes."""
    closed, has_body = not is_open(operation["operationId"]), "requestBody" in operation
    given = operation.get("parameters", ())
    possible = {
        400: has_body,
        401: closed or has_body,
        403: closed,
        404: has_body or bool(given),
        409: method != "get" or "{" in path,
        412: any(one["name"] == "if-match" for one in given),
        413: has_body,
        422: True,
        503: True,
    }
    return (status for status, can_be in possible.items() if can_be)


def _codes(operation: Document, method: str) -> Mapping[int, list[str]]:
    """All that can go wrong with a route, by status."""
    found: dict[int, list[str]] = defaultdict(list)
    for status, codes in problems().get(operation["operationId"], {}).items():
        found[status].extend(codes)
    for status, code in _usual(operation, method):
        if code not in found[status]:
            found[status].append(code)
    return found


def _usual(operation: Document, method: str) -> Iterator[tuple[int, str]]:
    """What can go wrong with every route of its kind."""
    name = operation["operationId"]
    names = {(entry["in"], entry["name"]) for entry in operation.get("parameters", ())}
    if not is_open(name):
        yield 401, "access.token"
        yield 403, "access.denied"
    if any(where == "path" and what != "day" for where, what in names):
        yield 404, "store.missing"
    if _wants_key(operation, method):
        yield 422, "request.no-key"
        yield 409, "receipt.other-wish"
    if ("header", "if-match") in names:
        yield 422, "request.if-match"
        yield 412, "store.stale"
    if "requestBody" in operation:
        yield 413, "request.too-long"
        if JSON in operation["requestBody"]["content"]:
            yield 422, "request.json"
            yield 422, "json.depth"
            yield 422, "json.number"
    yield 422, "request.unknown"
    yield 422, "request.field"
    yield 422, "request.text"
    if name not in EVERYBODY:
        yield 503, "store.busy"
        yield 503, "store.unreachable"


def _problem(status: int, codes: list[str]) -> Document:
    """A response with each of its codes as an example."""
    return {
        "description": "One of: " + ", ".join(f"`{code}`" for code in codes) + ".",
        "content": {
            MEDIA: {
                **SCHEMA,
                "examples": {code: {"value": _example(status, code)} for code in codes},
            }
        },
    }


def _example(status: int, code: str) -> Document:
    """As it is said, with the names of values where they would stand."""
    cause, cure = (texts.catalogue("en")[f"{code}.{part}"] for part in ("cause", "cure"))
    finding: Document = {"code": code, "severity": "error", "place": ""}
    finding |= dict.fromkeys(("pointer", "file", "sheet", "row", "column"))
    finding |= {"cause": cause, "cure": cure, "values": {}}
    return {
        "type": f"urn:dispatch:problem:{code}",
        "title": cause,
        "status": status,
        "detail": cure,
        "instance": "urn:uuid:019cb0c4-0000-7000-8000-000000000000",
        "code": code,
        "findings": [finding],
        "findings_in_all": 1,
    }

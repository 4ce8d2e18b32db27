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
from dispatch.api.problems import MEDIA

Document = dict[str, Any]
EVERYBODY = {"health.live"}
"""Answered also when the database is not there."""
PROBLEM: Document = {
    "title": "Problem",
    "description": "What went wrong (RFC 9457); the first finding speaks for all.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance", "code", "findings"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string", "description": "The cause, in the language asked for."},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "The cure."},
        "instance": {"type": "string", "description": "The id of the request."},
        "code": {"type": "string", "description": "Stable; what programs go by."},
        "findings": {"type": "array", "items": {"type": "object"}},
        "findings_in_all": {"type": "integer"},
    },
}


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
            schemas["Problem"] = PROBLEM
            for unused in ("HTTPValidationError", "ValidationError"):
                schemas.pop(unused, None)
            document["components"]["securitySchemes"] = {
                "token": {"type": "http", "scheme": "bearer"}
            }
            for methods in document["paths"].values():
                for method, operation in methods.items():
                    _tell(operation, method)
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _tell(operation: Document, method: str) -> None:
    name = operation["operationId"]
    operation["summary"] = re.split(r"[.;:]", operation["description"])[0].strip()
    operation["security"] = [] if is_open(name) else [{"token": []}]
    example = examples().get(name, {})
    if "body" in example:
        operation["requestBody"]["content"]["application/json"]["example"] = example["body"]
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
    if method == "post" and not is_open(name) and REPEATABLE not in operation.get("tags", ()):
        yield 422, "request.no-key"
        yield 409, "receipt.other-wish"
    if ("header", "if-match") in names:
        yield 422, "request.if-match"
        yield 412, "store.stale"
    if "requestBody" in operation:
        yield 413, "request.too-long"
        yield 422, "request.json"
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
                "schema": {"$ref": "#/components/schemas/Problem"},
                "examples": {code: {"value": _example(status, code)} for code in codes},
            }
        },
    }


def _example(status: int, code: str) -> Document:
    """As it is said, with the names of values where they would stand."""
    cause, cure = (texts.catalogue("en")[f"{code}.{part}"] for part in ("cause", "cure"))
    finding = {"code": code, "severity": "error", "cause": cause, "cure": cure, "values": {}}
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

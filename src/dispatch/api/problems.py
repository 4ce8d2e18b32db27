"""What went wrong, as RFC 9457 has it: a problem document with our codes."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from dispatch import texts
from dispatch.api.versions import tag
from dispatch.domain.documents import MOST_DEPTH
from dispatch.domain.legible import legible
from dispatch.errors import (
    Coded,
    Denied,
    DispatchError,
    Finding,
    InvalidInput,
    InvalidValue,
    Missing,
    Place,
    Refused,
    Stale,
    Unauthenticated,
    Unavailable,
)
from dispatch.store.trace import trace_of

MEDIA = "application/problem+json"
STATUS: dict[type[DispatchError], int] = {
    InvalidInput: 422,
    InvalidValue: 422,
    Unauthenticated: 401,
    Denied: 403,
    Missing: 404,
    Refused: 409,
    Stale: 412,
    Unavailable: 503,
}
TOLD_LESS = {"store.no-answer": "store.unreachable"}
"""What names a machine of ours is for the log and the command line; others hear this."""
HEADERS = {401: {"WWW-Authenticate": "Bearer"}, 503: {"Retry-After": "1"}}
BASIC = {"WWW-Authenticate": 'Basic realm="calendar", charset="UTF-8"'}
"""Where a calendar program asks, it has to be told to send a name and a password (RFC 7617)."""
MOST_FINDINGS = 1_000
BODY = "body"
"""How findings name what was sent."""
NO_JSON = 400
"""How the framework refuses a body that its parser does not read."""
BOUNDLESS = "Infinity"
"""What is told of a number with more digits than the parser reads."""
NOT_OURS = {
    400: "request.json",  # a body that cannot even be read as text
    401: "access.token",  # before a long body is read
    404: "request.no-route",
    405: "request.method",
    413: "request.too-long",
}
"""What the framework itself refuses."""

UNKNOWN = {"extra_forbidden", "unexpected_keyword_argument"}
"""How a model, and how a dataclass, calls a field that it does not have."""

log = logging.getLogger("dispatch.api")


class Wrong(BaseModel):
    """One thing that is wrong: where, why, and what helps."""

    code: str
    severity: str
    place: str
    """All that is known of where it stands, to be read by people."""
    pointer: str | None
    """JSON pointer to it, where it is in a document."""
    file: str | None = None
    """The file, or the part of the request: `body`, `query`."""
    sheet: str | None = None
    """Where it is in tables: the sheet, or the CSV file of that name."""
    row: int | None = None
    """From 1, as a spreadsheet shows it."""
    column: str | None = None
    """The column's heading."""
    cause: str
    cure: str
    values: dict[str, Any]


class Problem(BaseModel):
    """A problem document (RFC 9457) with a stable code; the first finding speaks for all."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    findings: list[Wrong]
    findings_in_all: int


def tell_problems(app: FastAPI) -> None:
    """Let every error be answered as a problem; what is unforeseen, the screen answers."""
    app.add_exception_handler(DispatchError, _told)
    app.add_exception_handler(RequestValidationError, _misread)
    app.add_exception_handler(HTTPException, _not_ours)
    app.add_exception_handler(ClientDisconnect, _cut_off)


def language(request: Request) -> str:
    """The first of ours that the client likes, English if none."""
    for entry in request.headers.get("accept-language", "").split(",")[:20]:
        tag = entry.partition(";")[0].strip().lower().partition("-")[0]
        if tag in texts.LANGUAGES:
            return tag
    return texts.LANGUAGES[0]


def problem(request: Request, status: int, findings: Sequence[Finding]) -> JSONResponse:
    """A problem document; the first finding speaks for all."""
    lang = language(request)
    first = findings[0]
    told: dict[str, Any] = {
        "type": f"urn:dispatch:problem:{first.code}",
        "title": first.cause(lang),
        "status": status,
        "detail": first.cure(lang),
        "instance": f"urn:uuid:{request.state.id}",
        "code": first.code,
        "findings": said(findings, lang),
        "findings_in_all": len(findings),
    }
    asked = BASIC if first.code in {"feed.wrong", "feed.wait"} else HEADERS.get(status, {})
    headers = {"Content-Language": lang, **asked}
    return JSONResponse(told, status, headers, media_type=MEDIA)


def status_of(error: DispatchError) -> int:
    """By its kind."""
    return next(status for kind, status in STATUS.items() if isinstance(error, kind))


def said(findings: Sequence[Finding], lang: str) -> list[dict[str, Any]]:
    """Findings as they are answered, in a language; no more than anybody reads."""
    return [_said(finding, lang) for finding in findings[:MOST_FINDINGS]]


def _said(finding: Finding, lang: str) -> dict[str, Any]:
    place = finding.place
    return {
        "code": finding.code,
        "severity": finding.severity,
        "place": place.said(lang),
        "pointer": place.pointer,
        "file": place.file,
        "sheet": place.sheet,
        "row": place.row,
        "column": place.column,
        "cause": finding.cause(lang),
        "cure": finding.cure(lang),
        "values": dict(finding.values),
    }


def _told(request: Request, error: Exception) -> JSONResponse:
    if isinstance(error, InvalidInput):
        return problem(request, status_of(error), error.findings)
    if isinstance(error, Coded):
        if error.code in TOLD_LESS:
            log.warning("request %s: %s", request.state.id, error)
        answer = problem(request, status_of(error), [told(error.finding())])
        if isinstance(error, Stale) and "version" in error.values:
            tag(answer, int(error.values["version"]))
        return answer
    return unforeseen(request, error)


def told(finding: Finding) -> Finding:
    """As others hear it."""
    less = TOLD_LESS.get(finding.code)
    return finding if less is None else Finding(less)


def _misread(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - by what it is registered for
    return problem(request, 422, list(_findings(error.errors())))


def _findings(details: Iterable[Any]) -> Iterable[Finding]:
    for detail in details:
        where = [legible(part) if isinstance(part, str) else part for part in detail["loc"]]
        pointer = "".join(f"/{part}" for part in where[1:])
        place = Place(file=str(where[0]), pointer=pointer or None)
        refused = (detail.get("ctx") or {}).get("error")
        if isinstance(refused, InvalidValue):
            yield refused.finding(place)
        elif detail["type"] == "json_invalid":
            yield Finding("request.json", values={"reason": str(refused)[:200]})
        elif detail["type"] in UNKNOWN:
            yield Finding("request.unknown", place, {"name": str(where[-1])[:60]})
        else:
            yield Finding("request.field", place, {"reason": str(detail["msg"])[:200]})


def unread(error: BaseException) -> Finding:
    """Why the parser has read no JSON: what it cannot read is refused as what we do not keep."""
    if isinstance(error, RecursionError):
        return Finding("json.depth", Place(file=BODY), {"most": MOST_DEPTH})
    if type(error) is ValueError:  # no syntax error: thousands of digits (CVE-2020-10735)
        return Finding("json.number", Place(file=BODY), {"value": BOUNDLESS})
    return Finding("request.json", values={"reason": str(error)[:200]})


def _not_ours(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - by what it is registered for
    if error.status_code == NO_JSON and error.__cause__ is not None:
        found = unread(error.__cause__)
        return problem(request, NO_JSON if found.code == "request.json" else 422, [found])
    code = NOT_OURS.get(error.status_code, "request.refused")
    values = {"reason": str(error.detail)[:200]}
    return problem(request, error.status_code, [Finding(code, values=values)])


def _cut_off(request: Request, _: Exception) -> JSONResponse:
    """Who has hung up hears no answer; the log is told that it was no mistake of ours."""
    return problem(request, 400, [Finding("request.cut")])


def unforeseen(request: Request, error: Exception) -> JSONResponse:
    """A mistake of ours: the log is told where it happened, and nobody else."""
    log.error("request %s failed: %s", request.state.id, trace_of(error))
    return problem(request, 500, [Finding("request.failed", values={"id": str(request.state.id)})])

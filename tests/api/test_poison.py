"""No request makes the server fail, and what is refused leaves no trace."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Sequence
from itertools import count
from threading import Event
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx2 as httpx
import pytest
from sqlalchemy import func, select
from tests.api.clients import Client, Service
from tests.databases import OWNER
from tests.formats.tables.books import csv_files, good_sheets, workbook, zipped
from tests.operations.boards import TRAVEL, WORKER
from tests.pictures import frame, jpeg_of, photo, png

from dispatch.api import screen
from dispatch.api.access import CUSTOMER_LINK
from dispatch.api.routes import jobs
from dispatch.domain import checks
from dispatch.domain.actor import Actor
from dispatch.domain.role import Role
from dispatch.formats.exports.workbook import MEDIA as XLSX
from dispatch.operations.jobs.decide import hold_job
from dispatch.store.database import Database
from dispatch.store.events import check_chain
from dispatch.store.rows.events import EventRow
from dispatch.worker.planning import plan_runs

POISON: tuple[Any, ...] = (
    None,
    "",
    " ",
    "x" * 100_000,
    "\x00",
    "\ud800",
    "';--",
    "../../etc/passwd",
    "=1+1",
    "2026-13-45",
    "2026-03-03T25:00:00Z",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
    "infinity",
    -1,
    0,
    2**31,
    2**63,
    2**64,
    10**400,
    0.1,
    -1e308,
    1e400,
    True,
    [],
    {},
    [[]] * 50,
    {"$ref": "#"},
    {"a": {"b": {"c": [None] * 100}}},
)


def nested(depth: int) -> Any:
    found: Any = []
    for _ in range(depth - 1):
        found = [found]
    return found


FREE = "free"
"""Stands as a name in objects whose names are the sender's own."""
INSIDE: tuple[Any, ...] = (
    {FREE: None},
    *({FREE: nested(depth)} for depth in (20, 100, 250, 253, 300, 900)),
    *({FREE: [{FREE: number}]} for number in (1e400, -1e400, float("nan"), 1e308, 1e23, 1.2e20)),
    *({FREE: number} for number in (10**400, 2**53 + 1, 5e-324, 1e-320, -0.0, 0.1 + 0.2)),
    *({name: 1} for name in ("\0", "\ud800", "", "__proto__", "$ref", "x" * 30_000)),
    {str(number): {} for number in range(200)},
)
"""What is sent as one of them: others than in each field, and always all."""
LISTS = ("/jobs", "/assets", "/job-types", "/events", "/boards/2026-03-03", "/exports/events")
"""Here it is read again."""
PARTS = {"own": "technician", "link": CUSTOMER_LINK}
"""Whose routes are called so; the rest is the owner's."""
UNKNOWN = {
    "/v1/sign-in",
    "/v1/refresh",
    "/v1/me/password",
    "/v1/link/exchange",
    "/v1/calendar.ics",
}
"""Here whoever is asked for may be nobody."""
UNKNOWN_ID = "00000000-0000-7000-8000-000000000007"
MEDIA = ("image/jpeg", "text/html", "application/json", "")
JSON = ("application/json", "application/x+json", "Application/JSON", "application/json ; a=b")
"""All of these are read as JSON."""
PLAIN = [value for value in POISON if isinstance(value, str | int | float)]


def resolved(schema: dict[str, Any], root: dict[str, Any]) -> dict[str, Any]:
    """What it says where it refers to, or the first of its kinds."""
    if "$ref" in schema:
        return resolved(root["components"]["schemas"][schema["$ref"].rpartition("/")[2]], root)
    for word in ("anyOf", "oneOf", "allOf"):
        if word in schema:
            return resolved(schema[word][0], root)
    return schema


def is_free(schema: dict[str, Any], root: dict[str, Any]) -> bool:
    """Whether it is an object in which anything may be."""
    schema = resolved(schema, root)
    return schema.get("type") == "object" and schema.get("additionalProperties") is True


def with_free(schema: dict[str, Any], root: dict[str, Any], known: dict[str, str]) -> Iterator[Any]:
    """Bodies with no more in them than there has to be, and poison where anything may be."""
    schema = resolved(schema, root)
    fields, required = schema.get("properties", {}), schema.get("required", ())
    whole = {name: sample(fields[name], root, known, least=True) for name in required}
    for name, field in fields.items():
        poison = INSIDE if is_free(field, root) else with_free(field, root, known)
        yield from ({**whole, name: value} for value in poison)


def sample(
    schema: dict[str, Any],
    root: dict[str, Any],
    known: dict[str, str],
    depth: int = 0,
    *,
    least: bool = False,
) -> Any:
    """Something that fits a schema more or less, of what there is.

    With every field in it, or with the ``least`` that there has to be.
    """
    schema = resolved(schema, root)
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    kind = schema.get("type")
    if kind == "object" or "properties" in schema:
        fields = {} if depth > 6 else schema.get("properties", {})
        return {
            name: sample(
                field, root, {**known, "": known.get(name, UNKNOWN_ID)}, depth + 1, least=least
            )
            for name, field in fields.items()
            if not least or name in schema.get("required", ())
        }
    if kind == "array":
        return [] if depth > 4 else [sample(schema.get("items", {}), root, known, depth + 1)]
    texts = {
        "uuid": known.get("", UNKNOWN_ID),
        "date": "2026-03-03",
        "date-time": "2026-03-03T08:00:00Z",
    }
    others = {"integer": 1, "number": 1.5, "boolean": True}
    return texts.get(schema.get("format", "")) or others.get(str(kind), "east")


def poisoned(document: Any) -> Iterator[Any]:
    """The document with one value of it replaced, each in turn; the whole of it; a field alone."""
    yield from POISON
    if isinstance(document, dict):
        yield from ({name: document[name]} for name in reversed(document))
    yield from _within(document, count())


def _within(document: Any, turn: Iterator[int]) -> Iterator[Any]:
    if isinstance(document, dict):
        for name, entry in document.items():
            yield {key: value for key, value in document.items() if key != name}
            yield {**document, name + "\u202e": entry}
            for value in (*some(POISON, next(turn)), *_within(entry, turn)):
                yield {**document, name: value}
    elif isinstance(document, list) and document:
        for value in (*some(POISON, next(turn)), *_within(document[0], turn)):
            yield [value]


def some(values: Sequence[Any], turn: int) -> Sequence[Any]:
    """A few of them, others for the next field; all with ``DISPATCH_PROOF=full``."""
    return values if os.environ.get("DISPATCH_PROOF") == "full" else values[turn % 5 :: 5]


def operations(openapi: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in openapi["paths"].items():
        for method, operation in methods.items():
            if operation["operationId"] not in {"sign_out", "runs.progress", "solve"}:
                yield method.upper(), path, operation


def schema_of(operation: dict[str, Any]) -> Any:
    content = operation.get("requestBody", {}).get("content", {})
    return content.get("application/json", {}).get("schema")


def pictures() -> Iterator[bytes]:
    """Good ones, bad ones, and what is none."""
    whole = photo(1)
    yield from (b"", b"\0", b"{}", b"<svg/>", whole, whole[:100], whole[:-50], whole + b"<script>")
    yield from (png(10_000, 10_000), png(9, 9), png(0, 0), jpeg_of(frame(65_535, 65_535)))
    for at in range(0, len(whole), len(whole) // 20):
        yield whole[:at] + bytes((whole[at] ^ 0xFF,)) + whole[at + 1 :]


def tables() -> Iterator[bytes]:
    """The same of workbooks and of archives of CSV files."""
    for whole in (workbook(good_sheets()), zipped(csv_files(good_sheets()))):
        yield from (
            whole,
            whole[:100],
            whole[:-50],
            whole + b"<script>",
            b"PK\x03\x04",
            b"\0",
            b"{}",
        )
        for at in range(0, len(whole), len(whole) // 40):
            yield whole[:at] + bytes((whole[at] ^ 0xFF,)) + whole[at + 1 :]
    for turn, value in enumerate(str(entry) for entry in PLAIN if "\0" not in str(entry)):
        sheets = csv_files(good_sheets())
        name = sorted(sheets)[turn % len(sheets)]
        poison = value.encode("utf-8", "surrogatepass")
        yield zipped({**sheets, name: sheets[name] + poison + b"," + poison + b"\r\n"})
        yield zipped({**sheets, name: sheets[name].replace(b",", poison, 1 + turn % 3)})


def said(body: Any) -> bytes:
    return json.dumps(body).replace("Infinity", "1e999").encode("utf-8", "surrogatepass")


def events(service: Service) -> int:
    with service.database.work(OWNER) as work:
        return work.session.scalar(select(func.count()).select_from(EventRow)) or 0


def forged(service: Service) -> list[str]:
    with service.database.connect() as connection:
        return [finding.code for finding in check_chain(connection)]


def things(service: Service) -> dict[str, str]:
    """What there is, by the name of a path's parameter."""
    desk, owner = service.dispatcher, service.signed_in(Role.OWNER)
    run = desk.post("/runs", {"day": "2026-03-03", "engine": "greedy", "seconds": 5}).json()["id"]
    plan_runs(service.database, WORKER, TRAVEL, Event())
    plan = desk.get(f"/runs/{run}").json()["plan"]
    board = desk.get("/boards/2026-03-03").json()
    visit = board["unassigned"][0]
    until = "2026-03-03T10:00:00Z"
    job = board["unassigned"][1]["job"]
    price = {"text": "Labour", "unit_minor": 100}
    charge = desk.post(f"/jobs/{job}/charges", price).json()["charges"][0]["id"]
    yes = {"approve": True, "customer": "Li", "how": "phone"}
    desk.post(f"/charges/{charge}/decide", yes)
    money = {"method": "cash", "amount_minor": 50, "currency": "EUR"}
    payment = desk.post(f"/jobs/{job}/payments", money).json()["payments"][0]["id"]
    technician = board["routes"][0]["technician"]
    top = desk.get("/outlets").json()["items"][0]["id"]
    offer = desk.post("/offers", {"visit": visit["id"], "fee_minor": 1, "expires_at": until})
    link = desk.post(f"/jobs/{job}/links", {}).json()
    wish = service.opened(link["path"]).post("/link/wishes", {"kind": "cancel"}).json()
    service.technician("T2")
    everybody = {one["login"]: one["id"] for one in owner.get("/accounts").json()["items"]}
    return {
        "account": everybody["phone-t2"],
        "day": "2026-03-03",
        "link": link["id"],
        "wish": wish["wishes"][0]["id"],
        "run": run,
        "plan": plan,
        "job": job,
        "charge": charge,
        "payment": payment,
        "visit": board["unassigned"][1]["id"],
        "technician": technician,
        "shift": desk.get(f"/technicians/{technician}/shifts").json()["items"][0]["id"],
        "outlet": top,
        "territory": desk.get("/territories").json()["items"][0]["id"],
        "skill_id": desk.get("/skills").json()["items"][0]["id"],
        "skill": desk.get("/skills").json()["items"][0]["key"],
        "offer": offer.json()["id"],
        "evidence": service.technician("T1").send(visit["id"], photo()).json()["id"],
        **free_things(owner),
    }


def free_things(owner: Client) -> dict[str, str]:
    """Things in which anything may be; the keys are those that a sample has."""
    job_type, job = (
        {"id": "east", "duration_s": 600},
        {"id": "east", "type": "east", "site": "east"},
    )
    made = {
        "type of a free job": ("/job-types", {"job_type": job_type, "fields": {}}),
        "job_type_id": ("/job-types", {"job_type": {**job_type, "id": "west"}}),
        "asset_id": ("/assets", {"serial": "east", "asset": {"site": "east", "product": "P"}}),
        "free job": ("/jobs", {"job": job}),
    }
    return {name: owner.post(path, body).json()["id"] for name, (path, body) in made.items()}


def first_job(service: Service) -> str:
    found: str = service.dispatcher.get("/jobs").json()["items"][0]["id"]
    return found


def with_things(path: str, known: dict[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: known.get(found[1], UNKNOWN_ID), path)


class Poisoner:
    """Sends things, and looks at what comes back."""

    def __init__(self, service: Service, client: Client) -> None:
        self._service, self._client = service, client
        self.sent = 0
        self.failures: list[tuple[str, ...]] = []

    def send(self, method: str, path: str, content: bytes | None, **headers: str) -> None:
        """And once more, where it is not what is there by now."""
        answer = self._send(method, path, content, headers)
        if answer.status_code == 412 and "ETag" in answer.headers:
            self._send(method, path, content, {**headers, "If-Match": answer.headers["ETag"]})

    def _send(
        self, method: str, path: str, content: bytes | None, headers: dict[str, str]
    ) -> httpx.Response:
        before = events(self._service) if self.sent % 25 == 0 else None
        answer = self._client.http.request(
            method,
            path,
            content=content,
            headers={
                "Authorization": f"Bearer {self._client.token}",
                "Idempotency-Key": f"poison-{self.sent}",
                "If-Match": '"1"',
                "Content-Type": JSON[self.sent % len(JSON)],
                **headers,
            },
        )
        self.sent += 1
        told = (method, path, str((content or b"")[:300]), answer.text[:500])
        if answer.status_code >= 500:
            self.failures.append(told)
            return answer
        assert answer.status_code != 401 or path in UNKNOWN, told
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == "application/problem+json", told
            assert answer.json()["code"], told
            if before is not None:
                assert events(self._service) == before, told
        return answer

    def send_files(self, method: str, path: str, operation: dict[str, Any]) -> None:
        """Where files are taken."""
        taken = operation.get("requestBody", {}).get("content", {})
        files = pictures() if "image/jpeg" in taken else tables() if XLSX in taken else iter(())
        for number, content in enumerate(files):
            kind, media = ("photo", "x", "signature")[number % 3], MEDIA[number % 4]
            self.send(method, f"{path}?kind={kind}", content, **{"Content-Type": media})


def who(service: Service, role: str, known: dict[str, str]) -> Client:
    if role == "technician":
        return service.technician("T1")
    return service.by_link(known["job"]) if role == CUSTOMER_LINK else service.signed_in(Role.OWNER)


@pytest.mark.slow
@pytest.mark.parametrize("role", ["owner", "technician", CUSTOMER_LINK])
def test_no_value_of_any_field_makes_the_server_fail(city: Service, role: str) -> None:
    openapi: Any = city.without_streams().http.get("/openapi.json").json()
    known = things(city)
    poisoner = Poisoner(city, who(city, role, known))
    for asked in operations(openapi):
        if PARTS.get(asked[2]["operationId"].partition(".")[0], "owner") == role:
            poison(poisoner, asked, openapi, known)
    assert poisoner.failures == []
    assert poisoner.sent > (1_000 if role == "owner" else 200)
    assert forged(city) == []


def test_somebody_elses_technician_makes_no_server_fail(city: Service) -> None:
    openapi: Any = city.http.get("/openapi.json").json()
    known = things(city)
    poisoner = Poisoner(city, city.signed_in(Role.OWNER))
    (asked,) = (one for one in operations(openapi) if one[2]["operationId"] == "accounts.change")
    poison(poisoner, asked, openapi, known)
    assert poisoner.failures == []


def test_it_sees_a_route_that_one_value_of_one_field_breaks(
    city: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(database: Database, actor: Actor, job: UUID, *, why: str) -> None:
        hold_job(database, actor, job, why=str(len(why) // (why != "=1+1")))

    monkeypatch.setattr(jobs, "hold_job", breaks)
    monkeypatch.setenv("DISPATCH_PROOF", "full")
    openapi: Any = city.http.get("/openapi.json").json()
    poisoner, known = Poisoner(city, city.signed_in(Role.OWNER)), {"job": first_job(city)}
    for asked in operations(openapi):
        if asked[2]["operationId"] == "jobs.hold":
            poison(poisoner, asked, openapi, known)
    assert [sent for _, _, sent, _ in poisoner.failures] == [str(said({"why": "=1+1"}))]


@pytest.mark.parametrize("operation", ["jobs.edit", "assets.change", "job_types.change"])
def test_it_sees_what_is_kept_and_cannot_be_read(
    city: Service, monkeypatch: pytest.MonkeyPatch, operation: str
) -> None:
    openapi: Any = city.http.get("/openapi.json").json()
    owner = city.signed_in(Role.OWNER)
    poisoner, known = Poisoner(city, owner), free_things(owner)
    (asked,) = (one for one in operations(openapi) if one[2]["operationId"] == operation)
    before = events(city)
    poison_inside(poisoner, asked, openapi, known)
    assert poisoner.failures == []
    assert events(city) > before
    for place in (screen, checks):
        monkeypatch.setattr(place, "fault_in", lambda *_: None)
    poison_inside(poisoner, asked, openapi, known)
    assert {path for method, path, _, _ in poisoner.failures if method == "GET"} >= {"/v1/events"}
    found = {sent for method, _, sent, _ in poisoner.failures if method == "PUT"}
    assert any("1e999" in sent for sent in found)
    assert any("[" * 100 in sent for sent in found)


def poison(
    poisoner: Poisoner, asked: tuple[str, str, Any], openapi: Any, known: dict[str, str]
) -> None:
    """Send a route everything, in each place where it takes something."""
    method, path, operation = asked
    plain = with_things(path, known)
    for turn, parameter in enumerate(operation.get("parameters", [])):
        name, where = parameter["name"], parameter["in"]
        for value in some(PLAIN, turn):
            text = quote(str(value).encode("utf-8", "surrogatepass")[:2_000])
            if where == "path":
                poisoner.send(method, with_things(path, {**known, name: text or "%20"}), b"{}")
            elif where == "query":
                poisoner.send(method, f"{plain}?{name}={text}", b"{}")
            elif str(value).isascii() and str(value).isprintable() and len(str(value)) < 999:
                poisoner.send(method, plain, b"{}", **{name: str(value)})
    poisoner.send_files(method, plain, operation)
    schema = schema_of(operation)
    if schema is None:
        return
    for given in poisoned(sample(schema, openapi, known)):
        poisoner.send(method, plain, said(given))
    poison_inside(poisoner, asked, openapi, known)


def poison_inside(
    poisoner: Poisoner, asked: tuple[str, str, Any], openapi: Any, known: dict[str, str]
) -> None:
    """Send a route everything that may not be where anything may be, and read what is kept."""
    method, path, operation = asked
    path = with_things(path, {**known, "job": known.get("free job", UNKNOWN_ID)})
    bodies = list(with_free(schema_of(operation), openapi, known))
    for given in bodies:
        poisoner.send(method, path, said(given))
    for listed in LISTS if bodies else ():
        poisoner.send("GET", f"/v1{listed}", None)

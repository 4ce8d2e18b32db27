"""Walks through the service by its own OpenAPI document, and checks every answer against it."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack, suppress
from dataclasses import replace
from typing import Any
from urllib.parse import unquote
from uuid import UUID

import numpy as np
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import FlakyStrategyDefinition
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.python.asgi import get_client
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.api.bodies import DAY, GOOD, Seen
from tests.api.clients import Service
from tests.api.rows import Rows
from tests.databases import OWNER, alike, empty_database

from dispatch import texts
from dispatch.api.access import CUSTOMER_LINK, access_table
from dispatch.api.live import Live
from dispatch.domain.role import Role
from dispatch.formats.exports.workbook import MEDIA as XLSX
from dispatch.store.database import Database
from dispatch.store.embedded import Embedded
from dispatch.store.rows.accounts import AccountRow

FILES = [XLSX, "application/zip"]
schemathesis.serializer.alias(FILES, "application/octet-stream")
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
LEFT_OUT = {
    "runs.progress",  # does not end before its run does
    "solve",  # takes the seconds that it is given
    "sign_out",  # the walk would end with it
    "me.password",
}
MAY_REMEMBER = {"sign_in", "sign_in.refresh", "link.exchange"}
"""Whoever tries to get in is noted, let in or not."""
KNOWN = 0.7
"""How often a body that can be granted is sent, where there is one."""
PLACES = {"day": DAY}
SPARE = "spare"
"""Who signs in nowhere in a walk, so that it goes on whatever becomes of their account."""


class Walk:
    """Somebody of every role, who does what the document says can be done."""

    def __init__(self, service: Service, server: Embedded) -> None:
        self.statuses: Counter[tuple[str, int]] = Counter()
        self.wrong: list[str] = []
        self._people = [one["id"] for one in service.dispatcher.get("/technicians").json()["items"]]
        self._jobs = service.dispatcher.get("/jobs").json()
        self._tokens = {
            role.value: (
                service.technician("T1") if role is Role.TECHNICIAN else service.signed_in(role)
            ).token
            for role in Role
        }
        service.technician("T2")
        service.signed_in(Role.DISPATCHER, login=SPARE)
        everybody = service.signed_in(Role.OWNER).get("/accounts").json()["items"]
        self._spare = [one["id"] for one in everybody if one["login"] in {SPARE, "phone-t2"}]
        self._tokens[CUSTOMER_LINK] = service.by_link(self._jobs["items"][0]["id"]).token
        self._server, self._template, self._places = server, service.database, ExitStack()
        self._template.close()
        self.app: Any = service.app
        self._client = get_client(self._answers)
        self.schema = schemathesis.openapi.from_dict(closed(self.app.openapi()))
        self.schema.app = self._answers
        self.schema.config.generation.update(with_security_parameters=False)  # tokens are real
        self.schema.config.phases.stateful.inference.algorithms = []  # the document has its own
        self.schema = self.schema.exclude(operation_id=sorted(LEFT_OUT))
        self.begin()

    @property
    def steps(self) -> int:
        return self.statuses.total()

    def begin(self) -> None:
        """Everything is as it was before the first step."""
        self._places.close()
        name = self._template.url.database
        url = self._places.enter_context(empty_database(self._server, name))
        self._database = alike(Database(url, clock=self._template.clock))
        self._places.callback(self._database.close)
        self.app.state.house = replace(self.app.state.house, database=self._database)
        self.app.state.live = Live(self._database)
        self.app.state.live.close()  # streams end after what they say first
        self._generator = np.random.default_rng(1)
        self._rows = Rows()
        self._seen = Seen(self._generator, list(self._people))
        self._seen.listen(self._jobs)
        self._state = self._look()

    def end(self) -> None:
        """Put everything away."""
        self._places.close()

    def stroll(self, strolls: int, steps: int) -> None:
        """From answer to answer, along the links; each time from the beginning."""
        walk = self

        class Machine(self.schema.as_state_machine()):  # type: ignore[misc]
            def before_call(self, case: Any) -> None:
                walk.prepare(case)

            def get_call_kwargs(self, case: Any) -> dict[str, Any]:
                return walk.given(case)

            def validate_response(self, response: Any, case: Any, **_: Any) -> None:
                walk.check(response, case)

        for number in range(strolls):
            self.begin()
            with suppress(FlakyStrategyDefinition):  # what it has drawn goes by what is there
                # The first example is the shortest there is, and ends after a few steps.
                seed(number)(Machine).run(
                    settings=_settings(2, derandomize=False, stateful_step_count=steps)
                )

    def visit(self, times: int, *names: str) -> None:
        """Operations by themselves, also those that no link leads to; all if none is named."""
        for found in self.schema.get_all_operations():
            operation = found.ok()
            if names and operation.definition.raw["operationId"] not in names:
                continue

            @given(case=operation.as_strategy())
            @_settings(times)
            def ask(case: Any) -> None:
                self.prepare(case)
                given = self.given(case)
                self.check(case.call(**given), case)

            ask()

    async def _answers(self, scope: Any, receive: Any, send: Any) -> None:
        """A failure has been answered by then, and is seen by its status."""
        with suppress(Exception):
            await self.app(scope, receive, send)

    def prepare(self, case: Any) -> None:
        """Let a request make sense, most of the time."""
        name = case.operation.definition.raw["operationId"]
        if name in GOOD and self._generator.random() < KNOWN:
            case.body = GOOD[name](self._seen)
            case.media_type = "application/json"
        takes = {one["name"] for one in case.operation.definition.raw.get("parameters", ())}
        said = case.headers or {}
        if "if-match" in takes and self._generator.random() < KNOWN:
            case.headers = {**said, "if-match": '"1"'}
        if name == "accounts.change":
            self._spare_account(case)
        for place in PLACES.keys() & set(case.path_parameters or ()):
            if self._generator.random() < KNOWN:
                case.path_parameters[place] = PLACES[place]

    def _spare_account(self, case: Any) -> None:
        """One whose end does not end the walk, mostly as it is by now."""
        account = self._spare[int(self._generator.integers(len(self._spare)))]
        case.path_parameters["account"] = account
        if self._generator.random() < KNOWN:
            with self._database.work(OWNER) as work:
                version = work.get(AccountRow, UUID(account)).version
            case.headers = {**(case.headers or {}), "if-match": f'"{version}"'}

    def given(self, case: Any) -> dict[str, Any]:
        """Who asks: mostly somebody who may."""
        name = case.operation.definition.raw["operationId"]
        allowed = sorted(access_table()[name] & self._tokens.keys())
        if not allowed or self._generator.random() < 0.05:
            allowed = sorted(self._tokens)
        token = self._tokens[allowed[int(self._generator.integers(len(allowed)))]]
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"walk-{self.steps}"}
        return {"session": self._client, "headers": headers}

    def check(self, response: Any, case: Any) -> None:
        """See that an answer is as the document has it, and that a refusal has done nothing."""
        name = case.operation.definition.raw["operationId"]
        status = response.status_code
        self.statuses[name, status] += 1
        told = f"{name} {case.method} {unquote(case.formatted_path)} {case.body!r:.300}"
        answer = response.content[:300].decode("utf-8", "replace")  # it may be a picture
        told = f"{told} -> {status} {answer}"
        try:
            case.validate_response(response, checks=CHECKS)
        except FailureGroup as failures:
            found = "; ".join(f"{one.title}: {one.message:.300}" for one in failures.exceptions)
            self.wrong.append(f"document: {told}: {found}")
        before, self._state = self._state, self._look()
        if status < 400:
            if response.content and _kind(response) == "application/json":
                self._seen.listen(response.json())
            return
        if _kind(response) != "application/problem+json" or not _is_known(response.json()["code"]):
            self.wrong.append(f"problem: {told}")
        if before != self._state and name not in MAY_REMEMBER:
            self.wrong.append(f"effect: {told}")

    def _look(self) -> str:
        """How many rows each table has, and how far the event log is."""
        return self._rows.look(self._database)


def closed(document: dict[str, Any]) -> dict[str, Any]:
    """The same, with nothing allowed that it does not name."""
    kinds = {
        name: {"additionalProperties": False, **kind} if "properties" in kind else kind
        for name, kind in document["components"]["schemas"].items()
    }
    return {**document, "components": {**document["components"], "schemas": kinds}}


def _settings(examples: int, **more: Any) -> Any:
    return settings(
        max_examples=examples,
        phases=[Phase.generate],
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        **more,
    )


def _kind(response: Any) -> str:
    return str(response.headers.get("content-type", [""])[0]).partition(";")[0]


def _is_known(code: str) -> bool:
    return f"{code}.cause" in texts.catalogue("en")
    return True

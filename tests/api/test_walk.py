"""Whatever is asked for along the OpenAPI document is answered as it says."""

from __future__ import annotations

from collections.abc import Generator
from copy import deepcopy
from typing import Any
from uuid import uuid4

import pytest
from tests.api.clients import Service
from tests.api.walk import LEFT_OUT, Walk
from tests.databases import OWNER
from tests.proofs.size import kinds, sized

from dispatch.api.access import CUSTOMER_LINK, access_table
from dispatch.api.routes import jobs
from dispatch.errors import Refused
from dispatch.operations.accounts.create import create_integration
from dispatch.store.embedded import Embedded

STROLLS = sized(small=6, full=300)
STEPS = 30
TIMES = sized(small=2, full=30)


@pytest.fixture
def walk(city: Service, database_server: Embedded) -> Generator[Walk]:
    walk = Walk(city, database_server)
    yield walk
    walk.end()


def let_in(walk: Walk) -> set[str]:
    return {name for name, status in walk.statuses if status not in {401, 403}}


@pytest.mark.slow
def test_every_answer_is_as_the_document_says_and_a_refusal_does_nothing(walk: Walk) -> None:
    walk.stroll(STROLLS, STEPS)
    assert walk.wrong == []
    granted = {name for name, status in walk.statuses if status < 300}
    assert len(granted) > 30, sorted(granted)
    walk.visit(TIMES)
    theirs = {name for name, who in access_table().items() if CUSTOMER_LINK in who}
    for _ in range(3):  # one in twenty asks with the token of somebody who may not
        if missed := theirs - let_in(walk):
            walk.visit(TIMES, *missed)
    assert walk.wrong == []
    assert {name for name, _ in walk.statuses} == access_table().keys() - LEFT_OUT
    assert let_in(walk) >= theirs


def test_a_walk_changes_accounts_and_goes_on(walk: Walk) -> None:
    walk.visit(20, "accounts.change")
    assert walk.wrong == []
    assert {("accounts.change", 200), ("accounts.change", 409)} <= walk.statuses.keys()
    walk.visit(3, "accounts.list")
    assert ("accounts.list", 200) in walk.statuses


@pytest.mark.slow
def test_the_walk_sees_failures_undocumented_fields_and_effects_of_what_was_refused(
    city: Service, database_server: Embedded, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*given: Any) -> None:
        raise ValueError

    def is_done_and_refused(database: Any, *given: Any, **named: Any) -> None:
        create_integration(
            database, OWNER, name=uuid4().hex, scopes=("jobs.read",), whole_network=True
        )
        raise Refused("job.taken", id="planted")

    app: Any = city.app  # it is that of other tests too
    document = deepcopy(app.openapi())
    organisation = document["components"]["schemas"]["Organisation"]
    organisation["properties"].pop("zone")
    organisation["required"].remove("zone")
    monkeypatch.setattr(app, "openapi_schema", document)
    monkeypatch.setattr(jobs, "prioritise_job", fails)
    monkeypatch.setattr(jobs, "hold_job", is_done_and_refused)
    walk = Walk(city, database_server)
    walk.visit(5, "jobs.prioritise", "jobs.hold", "organisation.read")
    walk.end()
    assert any(line.startswith("document") and "Server error" in line for line in walk.wrong)
    assert any("organisation.read" in line and "zone" in line for line in walk.wrong)
    assert "effect" in kinds(walk.wrong)

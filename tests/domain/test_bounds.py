"""What people write freely is bounded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest

from dispatch.domain.action import MOST_NOTE, Action, ActionKind
from dispatch.domain.checks import MOST_NAME
from dispatch.domain.job import Job, JobType
from dispatch.errors import InvalidValue
from dispatch.operations.customers.sites import MOST_SAID, Asset


def answered(item: str, answer: str) -> Action:
    return Action(
        sequence=1,
        kind=ActionKind.COMPLETE,
        visit=UUID(int=1),
        happened_at=datetime(2026, 3, 3, tzinfo=UTC),
        checklist={item: answer},
    )


def asset(said: dict[str, str]) -> Asset:
    return Asset(site="s", product="p", said=said)


@pytest.mark.parametrize(
    ("made", "most"),
    [
        (lambda length: Job(id="J", type="t", site="s", name="x" * length), MOST_NAME),
        (lambda length: JobType(id="t", duration_s=1, name="x" * length), MOST_NAME),
        (lambda length: answered("x" * length, "yes"), 120),
        (lambda length: answered("leak", "x" * length), MOST_NOTE),
        (
            lambda length: Asset(
                site="s", product="p", said={"a": "x" * (length - len('{"a": ""}'))}
            ),
            MOST_SAID,
        ),
    ],
    ids=["job", "job type", "item", "answer", "asset"],
)
def test_so_much_and_no_more(made: Callable[[int], object], most: int) -> None:
    made(most)
    with pytest.raises(InvalidValue) as told:
        made(most + 1)
    assert told.value.code in {"value.range", "value.identifier"}

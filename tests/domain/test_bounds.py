"""What people write freely is bounded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from dispatch.domain.action import MOST_NOTE, Action, ActionKind
from dispatch.domain.checks import MOST_NAME
from dispatch.domain.day import Day
from dispatch.domain.job import MOST, Dependency, Job, JobType
from dispatch.domain.shift import Absence, Break, Shift
from dispatch.domain.skill import HeldSkill, NeededSkill, SkillNeeds
from dispatch.domain.speed import Speed
from dispatch.domain.technician import Technician
from dispatch.domain.window import Window
from dispatch.errors import InvalidValue
from dispatch.operations.customers.sites import MOST_SAID, Asset

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
WINDOW = Window(start=NOON, end=NOON)
AWAY = Absence(start=NOON, end=NOON + timedelta(hours=1))
BREAK = Break(earliest=NOON, latest=NOON, duration_s=60)


def names(count: int) -> tuple[str, ...]:
    return tuple(f"N{number}" for number in range(count))


def wanted(**said: object) -> object:
    return Job(**{"id": "J", "type": "t", "site": "s", **said})  # type: ignore[arg-type]


LISTS: dict[str, tuple[Callable[[int], object], int]] = {
    "windows": (lambda count: wanted(windows=(WINDOW,) * count), 100),
    "required": (lambda count: wanted(required_technicians=names(count)), 500),
    "preferred": (lambda count: wanted(preferred_technicians=names(count)), 500),
    "prohibited": (lambda count: wanted(prohibited_technicians=names(count)), 500),
    "dependencies": (
        lambda count: wanted(dependencies=tuple(Dependency(job=name) for name in names(count))),
        50,
    ),
    "parts": (lambda count: wanted(parts=dict.fromkeys(names(count), 1)), 200),
    "parts of a type": (
        lambda count: JobType(id="t", duration_s=1, parts=dict.fromkeys(names(count), 1)),
        200,
    ),
    "skills needed": (
        lambda count: SkillNeeds(all_of=tuple(NeededSkill(skill=name) for name in names(count))),
        50,
    ),
    "one skill of": (
        lambda count: SkillNeeds(any_of=tuple(NeededSkill(skill=name) for name in names(count))),
        50,
    ),
    "skills excluded": (lambda count: SkillNeeds(none_of=names(count)), 50),
    "breaks": (
        lambda count: Shift(
            id="s", start=NOON, end=NOON + timedelta(hours=1), breaks=(BREAK,) * count
        ),
        20,
    ),
    "absences": (lambda count: Technician(id="t", absences=(AWAY,) * count), 2_000),
    "skills held": (
        lambda count: Technician(
            id="t", skills=tuple(HeldSkill(skill=name, level=1) for name in names(count))
        ),
        1_000,
    ),
    "territories": (lambda count: Technician(id="t", territories=names(count)), 1_000),
    "van": (lambda count: Technician(id="t", capacity=dict.fromkeys(names(count), 1)), 2_000),
    "factors": (
        lambda count: Technician(id="t", job_type_factors=dict.fromkeys(names(count), 1.0)),
        1_000,
    ),
    "speeds": (
        lambda count: Day(
            id="d",
            zone="UTC",
            start=NOON,
            end=NOON + timedelta(days=1),
            speeds=(Speed(start="07:00", end="08:00", percent=50),) * count,
        ),
        500,
    ),
}


@pytest.mark.parametrize("name", LISTS)
def test_every_list_of_a_day_is_bounded(name: str) -> None:
    made, most = LISTS[name]
    made(most)
    with pytest.raises(InvalidValue) as told:
        made(most + 1)
    assert (told.value.code, told.value.values["high"]) == ("value.range", most)


def test_no_list_of_a_job_is_forgotten() -> None:
    lists = {
        field.name for field in fields(Job) if str(field.type).startswith(("tuple", "Mapping"))
    }
    assert lists == set(MOST)


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

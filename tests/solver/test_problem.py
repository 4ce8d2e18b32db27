from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np
import pytest
from tests.solver.small import Call, Pace, Pause, Small, Tie, Told, Van

from dispatch import texts
from dispatch.errors import InvalidInput
from dispatch.solver.arrays import HIGHEST_PRICE, NEVER
from dispatch.solver.problem import Problem
from dispatch.solver.problem_fields import MOST_VEHICLES, MOST_VISITS


def sound() -> Problem:
    return Small(
        positions=(0, 100, 200),
        vans=(Van(), Van()),
        calls=(
            Call(place=1, windows=((0, 100), (200, 300))),
            Call(place=2, group=1, preferred=((10, 20),)),
            Call(place=2, group=1),
        ),
        ties=(Tie(before=1, after=2),),
        pauses=(
            Pause(van=0, earliest=100, latest=200, duration=30),
            Pause(van=1, earliest=100, latest=200, duration=30),
        ),
        paces=(Pace(since=100, percent=50), Pace(since=200, percent=100)),
        told=(Told(call=0, promise=(50, 90), van=1), Told(call=2)),
    ).problem()


def put(problem: Any, path: str, value: object) -> Any:
    """A problem in which the field at ``path`` holds ``value``; checked anew."""
    head, _, rest = path.partition("/")
    return replace(problem, **{head: put(getattr(problem, head), rest, value) if rest else value})


def get(problem: Any, path: str) -> Any:
    for name in path.split("/"):
        problem = getattr(problem, name)
    return problem


def changed(path: str, index: object, value: object, kind: type = np.int64) -> Poison:
    """Poison one entry of a field."""

    def poison(problem: Problem) -> Problem:
        array = np.array(get(problem, path), dtype=kind)
        array[index] = value
        return put(problem, path, array)

    return poison


def given(path: str, value: object) -> Poison:
    """Poison a whole field."""
    return lambda problem: put(problem, path, value)


Poison = Callable[[Problem], Problem]
POISONED: dict[str, tuple[Poison, str, str]] = {
    "nan": (changed("travel_s", (0, 0, 1), np.nan, float), "not-finite", "travel_s"),
    "infinite": (changed("visits/setup_s", 0, np.inf, float), "not-finite", "visits/setup_s"),
    "half a second": (changed("visits/setup_s", 0, 0.5, float), "not-whole", "visits/setup_s"),
    "1e308": (changed("unserved_price", 0, 1e308, float), "range", "unserved_price"),
    "2^63": (given("unserved_price", [2**63, 1]), "range", "unserved_price"),
    "2^64": (given("unserved_price", [2**64, 1]), "not-number", "unserved_price"),
    "-2^63": (changed("visits/due_s", 0, -(2**63)), "range", "visits/due_s"),
    "short row": (given("vehicles/capacity", [[1], []]), "ragged", "vehicles/capacity"),
    "ragged matrix": (given("travel_s", [[[0, 1], [0]]]), "ragged", "travel_s"),
    "not square": (given("travel_s", np.zeros((1, 3, 4), int)), "not-square", "travel_s"),
    "flat matrix": (given("travel_s", np.zeros((3, 3), int)), "shape", "travel_s"),
    "one visit short": (given("visits/setup_s", [0, 0]), "shape", "visits/setup_s"),
    "another place count": (given("distance_m", np.zeros((1, 2, 2), int)), "shape", "distance_m"),
    "strings": (given("visits/due_s", ["1", "2", "3"]), "not-number", "visits/due_s"),
    "true for 1": (given("visits/due_s", [True] * 3), "not-number", "visits/due_s"),
    "1 for true": (given("links/from_end", [1]), "not-boolean", "links/from_end"),
    "nothing": (given("visits/due_s", None), "shape", "visits/due_s"),
    "none inside": (given("visits/due_s", [1, None, 2]), "not-number", "visits/due_s"),
    "objects": (
        given("visits/due_s", np.array([object()] * 3, dtype=object)),
        "not-number",
        "visits/due_s",
    ),
    "complex": (given("visits/due_s", np.ones(3, dtype=complex)), "not-number", "visits/due_s"),
    "dates": (given("visits/due_s", np.zeros(3, "M8[s]")), "not-number", "visits/due_s"),
    "negative duration": (changed("visits/duration_s", (0, 0), -1), "range", "visits/duration_s"),
    "negative travel": (changed("travel_s", (0, 0, 1), -1), "range", "travel_s"),
    "a way of 35 years": (changed("travel_s", (0, 0, 1), 2**30 + 1), "range", "travel_s"),
    "negative price": (changed("vehicles/time_price", 0, -1), "range", "vehicles/time_price"),
    "price too high": (
        changed("vehicles/use_price", 0, HIGHEST_PRICE + 1),
        "range",
        "vehicles/use_price",
    ),
    "beyond never": (changed("vehicles/latest_s", 0, NEVER + 1), "range", "vehicles/latest_s"),
    "diagonal": (changed("travel_s", (0, 1, 1), 5), "diagonal", "travel_s"),
    "distance diagonal": (changed("distance_m", (0, 1, 1), 5), "diagonal", "distance_m"),
    "too fast": (changed("distance_m", (0, 0, 1), 100_000), "speed", "travel_s"),
    "start outside": (changed("vehicles/start_place", 0, 3), "range", "vehicles/start_place"),
    "end outside": (changed("vehicles/end_place", 0, -2), "range", "vehicles/end_place"),
    "place outside": (changed("visits/place", 0, 3), "range", "visits/place"),
    "unknown profile": (changed("vehicles/profile", 0, 1), "range", "vehicles/profile"),
    "shift reversed": (
        changed("vehicles/earliest_s", 0, 20_000),
        "reversed",
        "vehicles/end_s",
    ),
    "overtime reversed": (changed("vehicles/latest_s", 0, 5), "reversed", "vehicles/latest_s"),
    "window reversed": (
        changed("visits/windows/start_s", 0, 150),
        "reversed",
        "visits/windows/end_s",
    ),
    "windows overlap": (
        changed("visits/windows/start_s", 1, 50),
        "overlap",
        "visits/windows/offset",
    ),
    "no window": (changed("visits/windows/offset", 1, 0), "offsets", "visits/windows/offset"),
    "offsets outside": (changed("visits/windows/offset", 3, 9), "range", "visits/windows/offset"),
    "offsets end early": (
        changed("visits/preferred/offset", slice(None), 0),
        "offsets",
        "visits/preferred/offset",
    ),
    "offsets too few": (
        given("visits/windows/offset", [0, 2, 4]),
        "shape",
        "visits/windows/offset",
    ),
    "group descends": (given("visits/group", [1, 0, 0]), "grouping", "visits/group"),
    "group skipped": (given("unserved_price", [1, 1, 1]), "grouping", "visits/group"),
    "break of nobody": (changed("breaks/vehicle", 1, 2), "range", "breaks/vehicle"),
    "break reversed": (changed("breaks/earliest_s", 0, 300), "reversed", "breaks/latest_s"),
    "breaks unsorted": (given("breaks/vehicle", [1, 0]), "unsorted", "breaks/vehicle"),
    "link to itself": (changed("links/after", 0, 1), "self-link", "links/after"),
    "link to nobody": (changed("links/after", 0, 3), "range", "links/after"),
    "link reversed": (changed("links/min_delay_s", 0, 9), "reversed", "links/max_delay_s"),
    "published twice": (given("published/visit", [2, 2]), "not-ascending", "published/visit"),
    "published, not a visit": (changed("published/visit", 1, 3), "range", "published/visit"),
    "published on no route": (changed("published/vehicle", 0, -2), "range", "published/vehicle"),
    "promise reversed": (
        changed("published/promised_start_s", 0, 91),
        "reversed",
        "published/promised_end_s",
    ),
    "speeds at once": (given("speeds/from_s", [200, 200]), "speed-steps", "speeds/from_s"),
    "no speed": (changed("speeds/percent", 0, 0), "range", "speeds/percent"),
    "speed of no profile": (changed("speeds/profile", 1, 1), "range", "speeds/profile"),
    "load of another dimension": (
        given("visits/load", np.ones((3, 2), int)),
        "shape",
        "visits/load",
    ),
    "worst lateness of nan": (
        given("worst_lateness_price", float("nan")),
        "not-finite",
        "worst_lateness_price",
    ),
    "too many visits": (given("visits/place", [0] * (MOST_VISITS + 1)), "size", "visits/place"),
    "too many vehicles": (
        given("vehicles/owner", [0] * (MOST_VEHICLES + 1)),
        "size",
        "vehicles/owner",
    ),
}


@pytest.mark.parametrize("kind", POISONED)
def test_poison_is_refused_by_its_code_and_place(kind: str) -> None:
    poison, code, field = POISONED[kind]

    with pytest.raises(InvalidInput) as caught:
        poison(sound())

    found = [(finding.code, finding.place.pointer) for finding in caught.value.findings]
    assert found == [(f"problem.{code}", f"/{field}")]


@pytest.mark.parametrize("lang", texts.LANGUAGES)
@pytest.mark.parametrize("kind", POISONED)
def test_every_refusal_has_its_sentences(kind: str, lang: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        POISONED[kind][0](sound())

    (finding,) = caught.value.findings
    assert finding.cause(lang)
    assert finding.cure(lang)


def test_everything_wrong_is_said_at_once() -> None:
    problem = sound()
    visits = replace(problem.visits, setup_s=[0, 0, -1], due_s=[0.5, 1, 1], load=[[1], []])

    with pytest.raises(InvalidInput) as caught:
        replace(problem, visits=visits, unserved_price=[np.nan, 1])

    codes = sorted(finding.code for finding in caught.value.findings)
    assert codes == ["problem.not-finite", "problem.not-whole", "problem.ragged", "problem.range"]


def test_contradictions_are_said_at_once() -> None:
    problem = sound()
    links = replace(problem.links, after=problem.links.before)
    breaks = replace(problem.breaks, vehicle=[1, 0])

    with pytest.raises(InvalidInput) as caught:
        replace(problem, links=links, breaks=breaks)

    codes = sorted(finding.code for finding in caught.value.findings)
    assert codes == ["problem.self-link", "problem.unsorted"]


def test_what_numpy_reads_as_whole_numbers_is_taken() -> None:
    problem = put(sound(), "visits/setup_s", [1.0, 2.0, 3.0])

    assert problem.visits.setup_s.tolist() == [1, 2, 3]
    assert problem.visits.setup_s.dtype == np.int64


def test_an_empty_problem_is_a_problem() -> None:
    problem = Small(positions=(0,), vans=()).problem()

    assert (problem.visit_count, problem.vehicle_count, problem.group_count) == (0, 0, 0)


def test_the_giver_cannot_change_a_problem_afterwards() -> None:
    mine = np.array([5, 5])
    problem = put(sound(), "unserved_price", mine)

    mine[0] = -1

    assert problem.unserved_price.tolist() == [5, 5]


def test_an_array_that_nobody_can_change_is_not_copied() -> None:
    problem = sound()
    again = replace(problem)
    whole = np.zeros((2, 3, 3), np.int32)
    view = whole[:1]
    view.setflags(write=False)

    assert again.travel_s is problem.travel_s
    assert again.visits.allowed is problem.visits.allowed
    assert not np.shares_memory(put(problem, "distance_m", view).distance_m, whole)


def test_what_there_is_most_of_is_kept_small() -> None:
    problem = sound()

    assert problem.travel_s.dtype == problem.distance_m.dtype == np.int32
    assert problem.visits.duration_s.dtype == np.int32


def test_no_array_of_a_problem_can_be_written_to() -> None:
    arrays = list(_arrays(sound()))

    assert len(arrays) > 40
    assert not any(array.flags.writeable for array in arrays)


def _arrays(part: Any) -> Any:
    for field in fields(part):
        value = getattr(part, field.name)
        if is_dataclass(value):
            yield from _arrays(value)
        elif isinstance(value, np.ndarray):
            yield value

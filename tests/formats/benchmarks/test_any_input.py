"""Whatever a file says, it is read, or refused with findings that can be said."""

from __future__ import annotations

import copy
import json
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.formats.benchmarks.instances import CARE, CARE_PLAN, ROUTING, ROUTING_PLAN

from dispatch.errors import InvalidInput
from dispatch.formats.benchmarks.sources import read_instance

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)
words = st.sampled_from(["-1", "0", "7", "1e999", "nan", "x", "", ":", "-", "1.5", "²", "9" * 30])


def spots(content: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in nested lists and records where something stands."""
    keys = range(len(content)) if isinstance(content, list) else list(content)
    for key in keys:
        yield content, key
        if isinstance(content[key], list | dict):
            yield from spots(content[key])


def spoilt(data: st.DataObject, content: dict[str, Any]) -> str:
    changed = copy.deepcopy(content)
    holder, key = data.draw(st.sampled_from(list(spots(changed))))
    holder[key] = data.draw(values)
    return json.dumps(changed)


def spoilt_lines(data: st.DataObject, text: str) -> str:
    tokens = text.split(" ")
    tokens[data.draw(st.integers(0, len(tokens) - 1))] = data.draw(words)
    return " ".join(tokens)


@given(st.data())
def test_any_value_in_a_care_instance(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "care.json"
        path.write_text(spoilt(data, CARE), encoding="utf-8")
        with suppress(InvalidInput):
            read_instance(path).to_problem()


@given(st.data())
def test_any_value_in_a_care_plan(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path, plan = Path(folder) / "care.json", Path(folder) / "plan.json"
        path.write_text(json.dumps(CARE), encoding="utf-8")
        plan.write_text(spoilt(data, CARE_PLAN), encoding="utf-8")
        instance = read_instance(path)
        with suppress(InvalidInput):
            checked = instance.check(instance.read_solution(plan))
            assert all(str(error) for error in checked.errors)


@given(st.data())
def test_any_word_in_a_routing_instance(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tiny.vrp"
        path.write_text(spoilt_lines(data, ROUTING), encoding="utf-8")
        with suppress(InvalidInput):
            read_instance(path).to_problem()


@given(st.data())
def test_any_word_in_a_routing_plan(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path, plan = Path(folder) / "tiny.vrp", Path(folder) / "plan.sol"
        path.write_text(ROUTING, encoding="utf-8")
        plan.write_text(spoilt_lines(data, ROUTING_PLAN), encoding="utf-8")
        instance = read_instance(path)
        with suppress(InvalidInput):
            checked = instance.check(instance.read_solution(plan))
            assert all(str(error) for error in checked.errors)

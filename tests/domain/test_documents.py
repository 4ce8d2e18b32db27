"""Free-form JSON: how deep it may be, and which numbers it may hold."""

from __future__ import annotations

import json
from math import inf, nan
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.domain import checks
from dispatch.domain.documents import LARGEST, MOST_DEPTH, cut, fault_in
from dispatch.errors import InvalidInput, InvalidValue
from dispatch.formats.json_text import parse


def nested(depth: int, *, objects: bool = False) -> Any:
    found: Any = {} if objects else []
    for _ in range(depth - 1):
        found = {"a": found} if objects else [found]
    return found


@pytest.mark.parametrize("objects", [False, True])
def test_so_deep_and_no_deeper(objects: bool) -> None:
    assert fault_in(nested(MOST_DEPTH, objects=objects)) is None
    for depth in (MOST_DEPTH + 1, 255, 5_000):
        found = fault_in(nested(depth, objects=objects))
        assert found is not None
        assert (found.code, found.values) == ("json.depth", {"most": MOST_DEPTH})


@pytest.mark.parametrize(
    "number",
    [LARGEST + 1, -LARGEST - 1, 10**400, pytest.param(10**5_000, id="long"), 1e23, inf, nan],
)
def test_a_number_that_not_everybody_reads_alike_is_told_with_its_place(number: float) -> None:
    found = fault_in({"a/b": [1, {"c": number}], "deep": nested(900)})
    assert found is not None
    assert (found.code, found.place.pointer) == ("json.number", "/a~1b/1/c")


def test_others_are_kept() -> None:
    kept = [LARGEST, -LARGEST, 0, -0.0, 5e-324, 0.1, 1.5, True, None, "1e999", {"": ()}]
    assert fault_in(kept) is None


def test_a_value_object_refuses_it_as_well() -> None:
    for document, code in (({"a": nested(3_000)}, "json.depth"), ({"a": 1e23}, "json.number")):
        with pytest.raises(InvalidValue) as refused:
            checks.size("job.fields", document, 20_000)
        assert refused.value.code == code


def test_what_is_cut_is_the_same_but_for_what_is_too_deep() -> None:
    assert cut({"a": [1, {"b": "c"}], "d": ()}) == {"a": [1, {"b": "c"}], "d": []}
    assert cut(nested(MOST_DEPTH)) == nested(MOST_DEPTH)
    short: Any = cut({"a": nested(5_000)})
    assert fault_in(short) is None
    assert json.dumps(short).count("[") == MOST_DEPTH - 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab/~"), inner, max_size=3),
).flatmap(lambda inner: st.integers(0, 40).map(lambda depth: _wrapped(inner, depth)))


def _wrapped(inner: Any, depth: int) -> Any:
    for _ in range(depth):
        inner = [inner]
    return inner


@given(JSON)
def test_imports_and_requests_agree_on_what_is_kept(document: Any) -> None:
    found = fault_in(document)
    try:
        told = list(parse(json.dumps(document))[1].values())
    except InvalidInput as error:
        told = list(error.findings)
    assert bool(told) is (found is not None)
    if found is not None and told[0].code != "json.depth":  # of which imports tell alone
        places = {(finding.code, finding.place.pointer) for finding in told}
        assert (found.code, found.place.pointer) in places

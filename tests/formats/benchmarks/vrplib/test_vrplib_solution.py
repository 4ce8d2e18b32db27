from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.errors import InvalidInput
from dispatch.formats.benchmarks.vrplib.model import VehicleRoutes
from dispatch.formats.benchmarks.vrplib.solution import read_solution, write_solution

customers = st.lists(st.integers(0, 99_999), max_size=6).map(tuple)
tenths = st.integers(0, 10**9).map(lambda number: number / 10)


@given(st.lists(customers, max_size=6).map(tuple), tenths)
def test_what_is_written_is_read_again(routes: tuple[tuple[int, ...], ...], cost: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.sol"
        write_solution(VehicleRoutes(routes), cost, path)
        assert read_solution(path) == VehicleRoutes(routes, cost)


def test_both_spellings_of_the_cost_are_read(tmp_path: Path) -> None:
    path = tmp_path / "plan.sol"
    path.write_text("Route #1: 3 1 2 \nRoute #2:\nCost 44673.3\n")
    assert read_solution(path) == VehicleRoutes(((3, 1, 2), ()), 44673.3)


@pytest.mark.parametrize(
    "line", ["Route #3: 1", "Route #2: a", "Route #2: -1", "Cost: nan", "Costs 3", "Route #²: 1"]
)
def test_a_line_that_is_neither_is_refused(tmp_path: Path, line: str) -> None:
    path = tmp_path / "plan.sol"
    path.write_text(f"Route #1: 1\n{line}\nnonsense\n", encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        read_solution(path)
    assert [finding.place.row for finding in caught.value.findings] == [2, 3]
    assert all("2" in finding.cause() for finding in caught.value.findings)

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.solver.lns.cycles import KNOWN_FROM, Cycles

A_CYCLE = 75_000
MOST_CYCLES = 8


def after(iterations: int, most: int = MOST_CYCLES) -> Cycles:
    """Of a run of so many iterations, told of its first tenth in hundred chunks."""
    cycles = Cycles(A_CYCLE, most)
    for step in range(100):
        cycles.run(iterations // 1_000, step / 1_000)
    return cycles


@pytest.mark.parametrize(
    ("iterations", "count"),
    [
        (1_000, 1),
        (A_CYCLE, 1),
        (2 * A_CYCLE, 2),
        (5 * A_CYCLE, 5),
        (100 * A_CYCLE, MOST_CYCLES),
    ],
)
def test_a_run_has_as_many_cycles_as_are_worth_while(iterations: int, count: int) -> None:
    assert after(iterations).count == count


def test_what_it_takes_to_begin_does_not_count() -> None:
    cycles = Cycles(A_CYCLE, MOST_CYCLES)
    for step in range(100):
        cycles.run(3 * A_CYCLE // 800, 0.2 + step / 1_000)
    assert cycles.count == 3


def test_no_more_than_are_allowed() -> None:
    assert after(100 * A_CYCLE, most=1).count == 1


@given(st.floats(KNOWN_FROM, 1), st.integers(0, 10**7))
def test_every_part_of_a_run_is_a_part_of_a_cycle(progress: float, iterations: int) -> None:
    cycles = after(iterations)
    number, part = cycles.at(progress)
    assert 0 <= number < cycles.count
    assert 0 <= part <= 1
    assert (number + part) / cycles.count == pytest.approx(progress)


def test_it_ends_at_the_end_of_the_last() -> None:
    assert after(3 * A_CYCLE).at(1.0) == (2, 1.0)

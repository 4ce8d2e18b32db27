"""How much a search does between two looks at the clock."""

from __future__ import annotations

import numpy as np
import pytest

from dispatch.solver.engine import Stop
from dispatch.solver.lns.pace import CHUNK, CHUNK_S, Pace


class Watch:
    """A clock that stands still unless somebody works."""

    seconds = 0.0


def ended(
    stop: Stop, each_s: float, *, slower: float = 1.0, ending_s: float = 0.0
) -> tuple[Watch, Pace]:
    """A whole run of iterations that take so long each, a random part of them ``slower`` times."""
    watch, rng = Watch(), np.random.default_rng(1)
    pace = Pace(stop, watch)
    pace.ending_s = ending_s
    while count := pace.next_chunk():
        took = count * each_s * (slower if rng.random() < 0.2 else 1.0)
        watch.seconds += took
        pace.ran(count, took)
    return watch, pace


@pytest.mark.parametrize("each_s", [1e-6, 1e-3, 0.04, 0.3])
@pytest.mark.parametrize("limit_s", [1.0, 10.0])
def test_a_steady_search_is_never_past_its_limit(each_s: float, limit_s: float) -> None:
    watch, pace = ended(Stop(seconds=limit_s), each_s)
    assert watch.seconds <= limit_s
    assert limit_s - watch.seconds <= max(each_s, 1e-6) + 1e-9
    assert pace.progress == pytest.approx(watch.seconds / limit_s)


def test_what_comes_after_the_last_chunk_is_within_the_limit_too() -> None:
    watch, _ = ended(Stop(seconds=2.0), 1e-3, ending_s=0.1)
    assert watch.seconds == pytest.approx(1.9, abs=2e-3)
    assert watch.seconds <= 1.9


@pytest.mark.parametrize("slower", [2.0, 8.0])
def test_a_slow_chunk_is_past_the_limit_by_a_few_of_its_own_at_most(slower: float) -> None:
    watch, _ = ended(Stop(seconds=2.0), 1e-5, slower=slower)
    assert watch.seconds <= 2.0 + slower * CHUNK_S


def test_one_iteration_may_take_longer_than_the_run() -> None:
    watch, pace = ended(Stop(seconds=1.0), 5.0)
    assert (watch.seconds, pace.done) == (5.0, 1)


def test_with_a_limit_on_iterations_chunks_go_by_count_alone() -> None:
    fast, slow = (ended(Stop(seconds=3_600, iterations=250), each_s)[1] for each_s in (1e-6, 1.0))
    assert fast.done == slow.done == 250
    assert Pace(Stop(seconds=3_600, iterations=250), Watch()).next_chunk() == CHUNK


def test_nothing_is_begun_once_it_is_called_off() -> None:
    assert Pace(Stop(seconds=1.0, called_off=lambda: True), Watch()).next_chunk() == 0

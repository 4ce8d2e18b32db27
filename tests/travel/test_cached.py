from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from tests.travel.towns import place

from dispatch.domain.position import Place, Position
from dispatch.planning.travel_times import Progress, TravelMatrix
from dispatch.travel.array_cache import SUFFIX, ArrayCache
from dispatch.travel.cached import MOST_LATELY, CachedTravel

PLACES = [place("a", 0, 0), place("b", 0, 1000)]
MONDAY = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


class Counting:
    """A source that remembers what it was asked."""

    name = "counting"

    def __init__(self, fingerprint: str | None = "1", value: int = 7) -> None:
        self.asked: list[datetime | None] = []
        self.print = fingerprint
        self.value = value

    def fingerprint(self) -> str | None:
        return self.print

    def matrix(
        self,
        places: Sequence[Place],
        *,
        profile: str = "car",
        departure: datetime | None = None,
        progress: Progress | None = None,
    ) -> TravelMatrix:
        self.asked.append(departure)
        square = np.full((len(places), len(places)), self.value, dtype=np.int64)
        np.fill_diagonal(square, 0)
        return TravelMatrix(square, square * 10, np.arange(len(places)))

    def line(self, places: Sequence[Place], *, profile: str = "car") -> tuple[Position, ...]:
        return tuple(each.position for each in places)


@pytest.fixture
def cache(tmp_path: Path) -> ArrayCache:
    return ArrayCache(tmp_path)


def test_the_second_time_nothing_is_worked_out(cache: ArrayCache) -> None:
    source, reported = Counting(value=3_000_000_000), list[float]()
    first = CachedTravel(source, cache).matrix(PLACES)
    again = CachedTravel(source, cache).matrix(PLACES, progress=reported.append)
    assert source.asked == [None]
    np.testing.assert_array_equal(first.seconds, again.seconds)
    np.testing.assert_array_equal(first.metres, again.metres)
    np.testing.assert_array_equal(first.snapped_m, again.snapped_m)
    assert again.seconds.dtype == np.int64
    assert reported == [1.0]


def test_small_ones_stay_in_memory_for_a_while(cache: ArrayCache) -> None:
    source = Counting()
    travel = CachedTravel(source, cache, small=3)
    first = travel.matrix(PLACES)
    assert travel.matrix(PLACES) is first
    assert not list(cache.folder.glob(f"*{SUFFIX}"))
    for metres in range(1, MOST_LATELY + 1):
        travel.matrix([place("a", 0, 0), place("b", 0, metres)])
    assert len(travel._lately) == MOST_LATELY
    travel.matrix(PLACES)
    assert len(source.asked) == MOST_LATELY + 2, "the oldest has gone"
    travel.matrix([*PLACES, place("c", 0, 2000)])
    assert len(list(cache.folder.glob(f"*{SUFFIX}"))) == 1


def test_ids_do_not_matter_but_positions_and_their_order_do(cache: ArrayCache) -> None:
    source = Counting()
    travel = CachedTravel(source, cache)
    travel.matrix(PLACES)
    travel.matrix([place("x", 0, 0), place("y", 0, 1000)])
    assert len(source.asked) == 1
    travel.matrix(PLACES[::-1])
    travel.matrix([PLACES[0], place("b", 0, 1001)])
    travel.matrix(PLACES, profile="bike")
    assert len(source.asked) == 4


def test_departures_count_by_weekday_and_hour(cache: ArrayCache) -> None:
    source = Counting()
    travel = CachedTravel(source, cache)
    for departure in (MONDAY, MONDAY + timedelta(minutes=20), MONDAY + timedelta(days=7)):
        travel.matrix(PLACES, departure=departure)
    assert source.asked == [MONDAY.replace(minute=0)]
    travel.matrix(PLACES, departure=MONDAY + timedelta(hours=1))
    travel.matrix(PLACES, departure=MONDAY + timedelta(days=1))
    travel.matrix(PLACES)
    assert len(source.asked) == 4


def test_another_fingerprint_is_another_answer(cache: ArrayCache) -> None:
    CachedTravel(Counting("1"), cache).matrix(PLACES)
    assert CachedTravel(Counting("2", 9), cache).matrix(PLACES).seconds[0, 1] == 9


def test_a_source_whose_data_nobody_knows_is_always_asked(cache: ArrayCache) -> None:
    source = Counting(fingerprint=None)
    travel = CachedTravel(source, cache)
    travel.matrix(PLACES)
    travel.matrix(PLACES)
    assert len(source.asked) == 2


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 torn"])
def test_a_damaged_entry_is_made_again(cache: ArrayCache, damage: bytes) -> None:
    source = Counting()
    travel = CachedTravel(source, cache)
    travel.matrix(PLACES)
    (entry,) = cache.folder.glob(f"*{SUFFIX}")
    entry.write_bytes(damage)
    assert travel.matrix(PLACES).seconds[0, 1] == 7
    assert len(source.asked) == 2


def test_an_entry_of_another_shape_is_made_again(cache: ArrayCache) -> None:
    source = Counting()
    travel = CachedTravel(source, cache)
    travel.matrix(PLACES)
    (entry,) = cache.folder.glob(f"*{SUFFIX}")
    three = np.zeros((3, 3), dtype=np.int64)
    cache.put(entry.stem, {"seconds": three, "metres": three, "snapped_m": three[0]})
    assert travel.matrix(PLACES).seconds.shape == (2, 2)


def test_name_and_line_are_the_source_s(cache: ArrayCache) -> None:
    travel = CachedTravel(Counting(), cache)
    assert travel.name == "counting"
    assert travel.line(PLACES) == tuple(each.position for each in PLACES)

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from dispatch.travel.array_cache import SUFFIX, ArrayCache

ARRAYS = {"numbers": np.arange(1000), "words": np.array(["a", "bc"])}


def test_what_was_put_comes_back(tmp_path: Path) -> None:
    cache = ArrayCache(tmp_path / "deep" / "cache")
    assert cache.get("key") is None
    cache.put("key", ARRAYS)
    found = cache.get("key")
    assert found is not None
    assert found.keys() == ARRAYS.keys()
    np.testing.assert_array_equal(found["numbers"], ARRAYS["numbers"])
    assert [path.name for path in cache.folder.iterdir()] == [f"key{SUFFIX}"]


@pytest.mark.parametrize("keep", [0, 1, 100, 4000])
def test_a_damaged_entry_is_forgotten(tmp_path: Path, keep: int) -> None:
    cache = ArrayCache(tmp_path)
    cache.put("key", ARRAYS)
    path = tmp_path / f"key{SUFFIX}"
    path.write_bytes(path.read_bytes()[:keep])
    assert cache.get("key") is None
    assert not path.exists()


def test_objects_are_not_brought_to_life(tmp_path: Path) -> None:
    np.savez(tmp_path / f"key{SUFFIX}", evil=np.array([object()], dtype=object))
    assert ArrayCache(tmp_path).get("key") is None


def test_the_entry_unused_for_longest_makes_room(tmp_path: Path) -> None:
    cache = ArrayCache(tmp_path, limit_bytes=25_000)
    for age, key in enumerate(["new", "middle", "old"]):
        cache.put(key, ARRAYS)
        os.utime(tmp_path / f"{key}{SUFFIX}", (1000 - age, 1000 - age))
    assert cache.get("old") is not None  # used now
    cache.put("newest", ARRAYS)
    assert {path.stem for path in tmp_path.iterdir()} == {"old", "newest"}


def test_a_folder_that_cannot_be_written_only_costs_time(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("in the way")
    cache = ArrayCache(file / "cache")
    cache.put("key", ARRAYS)
    assert cache.get("key") is None


def test_clear_forgets_everything(tmp_path: Path) -> None:
    cache = ArrayCache(tmp_path)
    cache.put("key", ARRAYS)
    cache.clear()
    assert cache.get("key") is None

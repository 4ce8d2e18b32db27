from __future__ import annotations

from pathlib import Path

import pytest

from dispatch.solver.child import rehearsal
from dispatch.solver.child.rehearsal import is_warm, mark_warm, rehearse
from dispatch.solver.engine import Result, Status


class Reading:
    """An engine that cannot work while there is a cache."""

    name = "reading"

    def __init__(self, cache: Path, error: type[Exception]) -> None:
        self.cache = cache
        self.error = error

    def solve(self, *_: object, **__: object) -> Result:
        if self.cache.exists():
            raise self.error
        return Result(status=Status.SOLVED, solution=None)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "kernels"
    folder.mkdir()
    (folder / "board.nbi").touch()
    monkeypatch.setattr(rehearsal, "CACHE_DIR", folder)
    return folder


def test_a_damaged_cache_is_thrown_away(cache: Path) -> None:
    rehearse(Reading(cache, EOFError))
    assert not cache.exists()


def test_a_sound_cache_outlives_other_failures(cache: Path) -> None:
    with pytest.raises(MemoryError):
        rehearse(Reading(cache, MemoryError))
    assert cache.exists()


def test_what_is_compiled_is_remembered_with_the_cache(cache: Path) -> None:
    assert not is_warm("lns")
    mark_warm("lns")
    assert is_warm("lns")
    rehearse(Reading(cache, EOFError))
    assert not is_warm("lns")
    mark_warm("lns")
    assert is_warm("lns")

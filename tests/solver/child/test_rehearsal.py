from __future__ import annotations

from pathlib import Path

import pytest
from numba.core import caching

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
            self.read()
        return Result(status=Status.SOLVED, solution=None)

    def read(self) -> None:
        raise self.error


class Kept(Reading):
    """One whose error comes from where numba reads what it has kept."""

    name = "kept"

    def read(self) -> None:
        exec(compile("raise error", rehearsal.READER, "exec"), {"error": self.error})  # noqa: S102 - else it would come from here


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "kernels"
    folder.mkdir()
    (folder / "board.nbi").touch()
    monkeypatch.setattr(rehearsal, "CACHE_DIR", folder)
    return folder


def test_a_damaged_cache_is_thrown_away(cache: Path) -> None:
    rehearse(Kept(cache, EOFError))
    assert not cache.exists()


@pytest.mark.parametrize(
    ("engine", "error"), [(Reading, MemoryError), (Kept, MemoryError), (Reading, KeyError)]
)
def test_a_sound_cache_outlives_other_failures(
    cache: Path, engine: type[Reading], error: type[Exception]
) -> None:
    with pytest.raises(error):
        rehearse(engine(cache, error))
    assert cache.exists()


def test_numba_reads_what_it_has_kept_there(tmp_path: Path) -> None:
    """What it raises over a damaged file is told from an engine's errors by where it comes from."""
    kept = caching.IndexDataCacheFile(str(tmp_path), "board", "stamp")
    (tmp_path / "board.nbi").write_bytes(b"torn")
    with pytest.raises(rehearsal.UNREADABLE) as caught:
        kept.load("signature")
    assert any(str(entry.path) == rehearsal.READER for entry in caught.traceback)


def test_what_is_compiled_is_remembered_with_the_cache(cache: Path) -> None:
    assert not is_warm("lns")
    mark_warm("lns")
    assert is_warm("lns")
    rehearse(Kept(cache, EOFError))
    assert not is_warm("lns")
    mark_warm("lns")
    assert is_warm("lns")

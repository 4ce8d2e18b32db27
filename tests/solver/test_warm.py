"""Everything is compiled ahead, by two processes where there is room for them."""

from __future__ import annotations

from multiprocessing.process import BaseProcess

import pytest

from dispatch.solver import warm as warming
from dispatch.solver.bounds.rehearsal import are_bounds_warm
from dispatch.solver.child.rehearsal import is_warm
from dispatch.solver.engines import engine_names
from dispatch.solver.everywhere import EVERYWHERE
from dispatch.solver.run import PORTFOLIO
from dispatch.solver.warm import warm


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[BaseProcess]:
    """The processes that were started."""
    processes: list[BaseProcess] = []
    begin = warming._begin_beside

    def noted() -> BaseProcess:
        processes.append(begin())
        return processes[-1]

    monkeypatch.setattr(warming, "_begin_beside", noted)
    return processes


@pytest.mark.parametrize("cores", [1, 2])
def test_all_is_compiled_on_however_many_cores(
    cores: int, begun: list[BaseProcess], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warming, "usable_cores", lambda: cores)
    marked: list[str] = []
    monkeypatch.setattr(warming, "mark_warm", marked.append)

    warm()

    assert [process.exitcode for process in begun] == [0] * (cores - 1)
    assert set(marked) == {*engine_names()} - {PORTFOLIO}
    assert is_warm(EVERYWHERE)
    assert are_bounds_warm()


def test_if_the_other_process_dies_this_one_compiles_all(
    begun: list[BaseProcess], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warming, "usable_cores", lambda: 2)
    begin = warming._begin_beside

    def killed() -> BaseProcess:
        process = begin()
        process.kill()
        return process

    monkeypatch.setattr(warming, "_begin_beside", killed)
    marked: list[str] = []
    monkeypatch.setattr(warming, "mark_warm", marked.append)

    warm()

    assert [process.exitcode for process in begun] == [-9]
    assert set(marked) == {*engine_names()} - {PORTFOLIO}

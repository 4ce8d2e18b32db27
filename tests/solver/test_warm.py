"""Everything is compiled ahead, by two processes where there is room for them."""

from __future__ import annotations

from multiprocessing.process import BaseProcess

import pytest

from dispatch.solver import warm as warming
from dispatch.solver.engines import engine_names
from dispatch.solver.run import PORTFOLIO
from dispatch.solver.warm import FIRST, USUAL, warm

ALONE = [FIRST, *(name for name in engine_names() if name != PORTFOLIO), "everywhere", "bounds"]
"""What this process goes through whatever another one does."""


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What this process compiled, in order; nothing is compiled really."""
    done: list[str] = []
    monkeypatch.setattr(warming, "rehearse", lambda engine: done.append(engine.name))
    monkeypatch.setattr(
        warming, "rehearse_one", lambda engine, *, tied: done.append(f"{engine.name} {tied=}")
    )
    monkeypatch.setattr(warming, "rehearse_everywhere", lambda: done.append("everywhere"))
    monkeypatch.setattr(warming, "rehearse_bounds", lambda: done.append("bounds"))
    return done


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[BaseProcess]:
    """The processes that were started; each is real."""
    processes: list[BaseProcess] = []
    begin = warming._begin_beside

    def noted() -> BaseProcess:
        processes.append(begin())
        return processes[-1]

    monkeypatch.setattr(warming, "_begin_beside", noted)
    return processes


def test_on_one_core_one_process_compiles_all(
    done: list[str], begun: list[BaseProcess], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warming, "usable_cores", lambda: 1)
    warm()
    assert begun == []
    assert done == ALONE


def test_on_two_another_compiles_the_search_of_days_with_ties(
    done: list[str], begun: list[BaseProcess], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warming, "usable_cores", lambda: 2)
    warm()
    assert [process.exitcode for process in begun] == [0]
    assert done == [FIRST, f"{USUAL} tied=False", *ALONE[1:]]


def test_it_goes_on_if_the_other_is_killed_and_the_cache_is_damaged(
    done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warming, "usable_cores", lambda: 2)
    begin = warming._begin_beside

    def killed() -> BaseProcess:
        process = begin()
        process.kill()
        return process

    def damaged(engine: object, *, tied: bool) -> None:
        raise EOFError

    monkeypatch.setattr(warming, "_begin_beside", killed)
    monkeypatch.setattr(warming, "rehearse_one", damaged)
    warm()
    assert done == ALONE

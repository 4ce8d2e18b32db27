"""What holds for every test."""

from __future__ import annotations

import gc
from typing import Any

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

# Noisy machines make deadlines lie. Examples are drawn the same way in every run, so that a red
# test is red for everybody; `pytest --hypothesis-profile explore` looks for new ones.
settings.register_profile("house", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=1000)
settings.load_profile("house")

TOGETHER = {
    "tests/api/test_relations.py",
    "tests/bench/measure/test_record.py",
    "tests/cli/test_story.py",
    "tests/store/test_migrations.py",
    "tests/travel/test_servers.py",
}
"""Files whose tests share what takes seconds to make."""


class Scheduling(LoadScopeScheduling):
    """Tests that share something go to one process, all others to whichever is free."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return file if file in TOGETHER else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    return Scheduling(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With several processes the slow ones go first, so that none is alone at the end."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_collection_finish() -> None:
    """What is loaded by now stays: whoever looks for garbage need not go through it each time."""
    gc.freeze()

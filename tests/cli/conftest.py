from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.databases import clock, database, database_server
from typer.testing import CliRunner, Result

from dispatch.cli.main import app

__all__ = ["clock", "database", "database_server"]

Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    """Runs a command line in this process, in English unless the environment says otherwise."""

    def invoke(*words: object, **environment: str) -> Result:
        locale = {"LC_ALL": None, "LC_MESSAGES": None, "LANG": "en_GB.UTF-8", **environment}
        return CliRunner(env=locale).invoke(app, [str(word) for word in words])

    return invoke

"""Backing a record up and restoring it, on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Run
from tests.databases import empty_database
from tests.operations.boards import Desk, two_technicians

from dispatch.bootstrap import DATABASE_URL
from dispatch.store.database import Database
from dispatch.store.embedded import Embedded


def test_a_drill_prints_the_same_twice(
    run: Run, database: Database, database_server: Embedded, tmp_path: Path
) -> None:
    Desk(database).imported(two_technicians())
    file = tmp_path / "record.backup"
    there = database.url.render_as_string(hide_password=False)
    saved = run("backup", file, **{DATABASE_URL: there})
    assert saved.exit_code == 0, saved.output
    first, *mark = saved.stdout.splitlines()
    assert str(file) in first
    with empty_database(database_server) as url:
        restored = run("restore", file, **{DATABASE_URL: url})
        assert restored.exit_code == 0, restored.output
        assert restored.stdout.splitlines()[1:] == mark
        again = run("restore", file, "--json", **{DATABASE_URL: url})
        assert again.exit_code == 2
        assert [found["code"] for found in json.loads(again.stdout)["findings"]] == [
            "restore.not-empty"
        ]
        told = json.loads(run("backup", file, "--json", **{DATABASE_URL: url}).stdout)
        assert (f"Events: {told['events']}", told["findings"]) == (mark[0], [])
        assert mark[1].endswith(told["head"])
        assert mark[2] == f"Files of evidence: {told['files']}" == "Files of evidence: 0"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_file_that_is_cut_off_is_refused(
    run: Run, database: Database, tmp_path: Path, lang: str
) -> None:
    file = tmp_path / "record.backup"
    there = {DATABASE_URL: database.url.render_as_string(hide_password=False)}
    assert run("backup", file, **there).exit_code == 0
    file.write_bytes(file.read_bytes()[:5_000])
    refused = run("--lang", lang, "restore", file, **there)
    assert refused.exit_code == 2
    assert "restore.unreadable" in refused.stderr

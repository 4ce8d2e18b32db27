"""Letting an owner in, on the command line."""

from __future__ import annotations

import pytest
from tests.cli.conftest import Run
from typer.testing import CliRunner

from dispatch.bootstrap import DATABASE_URL
from dispatch.cli.main import app
from dispatch.operations.accounts.sign_in import sign_in
from dispatch.store.database import Database


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "olivia may sign in, as an owner."), ("zh", "olivia 可以以所有者身份登录。")],
)
def test_the_password_is_the_first_line_of_what_is_put_in(
    database: Database, lang: str, said: str
) -> None:
    there = {DATABASE_URL: database.url.render_as_string(hide_password=False)}
    words = ["--lang", lang, "owner", "olivia"]
    let_in = CliRunner(env=there).invoke(app, words, input="four words that fit\nand more\n")
    assert (let_in.exit_code, let_in.stdout.strip()) == (0, said)
    sign_in(database, "olivia", "four words that fit")


def test_no_password_is_refused(run: Run, database: Database) -> None:
    there = {DATABASE_URL: database.url.render_as_string(hide_password=False)}
    refused = run("owner", "olivia", **there)
    assert refused.exit_code == 2
    assert "password.length" in refused.stderr

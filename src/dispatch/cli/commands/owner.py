from __future__ import annotations

import sys
from typing import Annotated

import typer

from dispatch.cli.exit_codes import ExitCode
from dispatch.cli.terminal import Terminal


def owner(
    context: typer.Context,
    login: Annotated[str, typer.Argument(metavar="LOGIN")],
) -> ExitCode:
    """``dispatch owner``: the password is asked for, or is the first line of standard input."""
    from dispatch.bootstrap import open_record
    from dispatch.domain.actor import OPERATOR
    from dispatch.operations.accounts.appoint import appoint_owner

    terminal = Terminal.of(context)
    password = _password(terminal)
    with terminal.working("serve.record"), open_record() as database:
        new = appoint_owner(database, OPERATOR, login, password)
    terminal.say("owner.new" if new else "owner.changed", login=login)
    return ExitCode.FINE


def _password(terminal: Terminal) -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    asked: str = typer.prompt(
        terminal.text("owner.password"),
        hide_input=True,
        confirmation_prompt=terminal.text("owner.again"),
        err=True,
    )
    return asked

"""The program ``dispatch`` and its commands."""

from __future__ import annotations

from importlib.metadata import version as version_of
from typing import Annotated, Literal

import typer

from dispatch.cli.commands import demo
from dispatch.cli.exit_codes import ExitCode
from dispatch.cli.program import Program

DISTRIBUTION = "dispatch-engine"

app = typer.Typer(name="dispatch", cls=Program, add_completion=False, invoke_without_command=True)


@app.callback()
def dispatch(
    context: typer.Context,
    lang: Annotated[Literal["en", "zh"] | None, typer.Option("--lang")] = None,  # noqa: ARG001
    debug: Annotated[bool, typer.Option("--debug")] = False,  # noqa: ARG001
    version: Annotated[bool, typer.Option("--version")] = False,
) -> None:
    """What is said before a command; ``lang`` and ``debug`` are heeded by :class:`Program`."""
    if version:
        typer.echo(version_of(DISTRIBUTION))
        raise typer.Exit(ExitCode.FINE)
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(ExitCode.BAD_INPUT)


app.command("demo")(demo.demo)

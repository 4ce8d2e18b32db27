"""The program ``dispatch`` and its commands."""

from __future__ import annotations

from importlib.metadata import version as version_of
from typing import Annotated, Literal

import typer

from dispatch.cli.commands.audit import audit
from dispatch.cli.commands.backup import backup
from dispatch.cli.commands.bench import bench
from dispatch.cli.commands.check import check
from dispatch.cli.commands.demo import demo
from dispatch.cli.commands.explain import explain
from dispatch.cli.commands.import_tables import import_tables
from dispatch.cli.commands.owner import owner
from dispatch.cli.commands.publish import publish
from dispatch.cli.commands.recommend import recommend
from dispatch.cli.commands.restore import restore
from dispatch.cli.commands.run import run
from dispatch.cli.commands.score import score
from dispatch.cli.commands.serve import serve
from dispatch.cli.commands.show import show
from dispatch.cli.commands.solve import solve
from dispatch.cli.commands.template import template
from dispatch.cli.commands.travel.inspect import inspect
from dispatch.cli.commands.travel.matrix import matrix
from dispatch.cli.commands.travel.snap import snap
from dispatch.cli.commands.verify import verify
from dispatch.cli.commands.warm import warm
from dispatch.cli.commands.worker import worker
from dispatch.cli.exit_codes import ExitCode
from dispatch.cli.program import Program

DISTRIBUTION = "dispatch-engine"

app = typer.Typer(name="dispatch", cls=Program, add_completion=False, invoke_without_command=True)
travel = typer.Typer(name="travel", no_args_is_help=True)


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


app.command("solve")(solve)
app.command("check")(check)
app.command("explain")(explain)
app.command("recommend")(recommend)
app.command("publish")(publish)
app.command("verify")(verify)
app.command("score")(score)
app.command("show")(show)
app.command("template")(template)
app.command("import")(import_tables)
app.command("demo")(demo)
app.command("bench")(bench)
app.command("run")(run)
app.command("warm")(warm)
app.command("serve")(serve)
app.command("worker")(worker)
app.command("owner")(owner)
app.command("audit")(audit)
app.command("backup")(backup)
app.command("restore")(restore)

travel.command("matrix")(matrix)
travel.command("inspect")(inspect)
travel.command("snap")(snap)
app.add_typer(travel)

from __future__ import annotations

from collections import Counter
from typing import Annotated

import typer

from dispatch.cli.exit_codes import ExitCode
from dispatch.cli.options import AsJson
from dispatch.cli.terminal import Terminal


def inspect(
    context: typer.Context,
    spec: Annotated[str, typer.Argument(metavar="SPEC")],
    *,
    as_json: AsJson = False,
) -> ExitCode:
    """``dispatch travel inspect``: what a source calls itself, and its streets by class."""
    from dispatch.bootstrap import open_source

    terminal = Terminal.of(context)
    source = open_source(spec)
    streets = source.road.streets() if source.road else ()
    kinds = Counter(street.kind for street in streets).most_common()
    if as_json:
        terminal.json({"name": source.travel.name, "streets": dict(kinds)})
        return ExitCode.FINE
    terminal.say("travel.source", name=source.travel.name)
    if kinds:
        terminal.table(terminal.headings("street-class", "streets"), kinds)
        terminal.say("travel.attribution", attribution=source.attribution)
    return ExitCode.FINE

from __future__ import annotations

import json
from pathlib import Path

import typer

from dispatch.cli.exit_codes import ExitCode
from dispatch.cli.options import DayFile, Out, Travel
from dispatch.cli.progress import bar
from dispatch.cli.terminal import Terminal


def matrix(
    context: typer.Context,
    day: DayFile,
    *,
    out: Out = Path("matrix.json"),
    travel: Travel = None,
) -> ExitCode:
    """``dispatch travel matrix``: what ``--travel matrix:FILE`` reads."""
    from dispatch.bootstrap import open_sound_day, open_source
    from dispatch.cli.commands.travel.places import places_of_day
    from dispatch.formats.files import write_atomically

    terminal = Terminal.of(context)
    opened = open_sound_day(day)
    places = places_of_day(opened)
    source = open_source(travel, opened)
    with bar(terminal, "travel.working") as progress:
        found = source.travel.matrix(places, progress=progress)
    document = {
        "places": [place.id for place in places],
        "seconds": found.seconds.tolist(),
        "metres": found.metres.tolist(),
    }
    write_atomically(out, json.dumps(document, ensure_ascii=False).encode() + b"\n")
    terminal.say("travel.matrix", count=len(places), path=out, travel=source.travel.name)
    return ExitCode.FINE

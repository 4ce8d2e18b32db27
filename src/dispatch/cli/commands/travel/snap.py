from __future__ import annotations

import typer

from dispatch.cli.exit_codes import ExitCode
from dispatch.cli.options import AsJson, DayFile, Travel
from dispatch.cli.progress import bar
from dispatch.cli.terminal import Terminal

MOST_ROWS = 20


def snap(
    context: typer.Context, day: DayFile, *, travel: Travel = None, as_json: AsJson = False
) -> ExitCode:
    """``dispatch travel snap``: the farthest places first; JSON has them all."""
    from dispatch.bootstrap import open_sound_day, open_source
    from dispatch.cli.commands.travel.places import places_of_day

    terminal = Terminal.of(context)
    opened = open_sound_day(day)
    places = places_of_day(opened)
    source = open_source(travel, opened)
    with bar(terminal, "travel.working") as progress:
        snapped = source.travel.matrix(places, progress=progress).snapped_m.tolist()
    rows = sorted(
        ((metres, place) for metres, place in zip(snapped, places, strict=True)),
        key=lambda row: (-row[0], row[1].id),
    )
    if as_json:
        terminal.json(
            {
                "travel": source.travel.name,
                "places": [{"place": place.id, "snapped_m": metres} for metres, place in rows],
            }
        )
        return ExitCode.FINE
    terminal.table(
        terminal.headings("place", "snapped"),
        [(place.id, metres) for metres, place in rows[:MOST_ROWS]],
    )
    terminal.say("travel.snapped", count=len(places), travel=source.travel.name)
    return ExitCode.FINE

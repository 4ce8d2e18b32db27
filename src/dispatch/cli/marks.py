"""How far a record has come, as a backup and a restored record say it in the same words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dispatch.cli.exit_codes import ExitCode
from dispatch.cli.terminal import Terminal, finding_json

if TYPE_CHECKING:
    from dispatch.store.backup import Mark  # loads SQLAlchemy


def tell_mark(terminal: Terminal, said: str, file: Path, mark: Mark, *, as_json: bool) -> ExitCode:
    """Print it; no if the event log or a file is not as it was written."""
    if as_json:
        found = [finding_json(finding, terminal.lang) for finding in mark.findings]
        told = {"file": str(file), "events": mark.events, "head": mark.head, "files": mark.files}
        terminal.json({**told, "findings": found})
    else:
        terminal.findings(mark.findings)
        terminal.say(said, path=file)
        terminal.say("mark.events", events=mark.events)
        terminal.say("mark.head", head=mark.head)
        terminal.say("mark.files", files=mark.files)
    return ExitCode.NO if mark.findings else ExitCode.FINE

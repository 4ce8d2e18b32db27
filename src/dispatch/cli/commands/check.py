from __future__ import annotations

from typing import Annotated

import typer

from dispatch.cli.exit_codes import ExitCode
from dispatch.cli.options import AsJson, DayFile
from dispatch.cli.terminal import Terminal, finding_json


def check(
    context: typer.Context,
    day: DayFile,
    *,
    strict: Annotated[bool, typer.Option("--strict")] = False,
    as_json: AsJson = False,
) -> ExitCode:
    """``dispatch check``: no if there is an error, and with ``--strict`` if there is a warning."""
    from dispatch.bootstrap import open_day
    from dispatch.planning.check import check_day

    terminal = Terminal.of(context)
    opened = open_day(day)
    findings = check_day(opened)
    errors = sum(finding.severity == "error" for finding in findings)
    warnings = len(findings) - errors
    if as_json:
        found = [finding_json(finding, terminal.lang) for finding in findings]
        terminal.json({"day": opened.id, "findings": found})
    else:
        terminal.findings(findings)
        terminal.say("check.counts", errors=errors, warnings=warnings)
    return ExitCode.NO if errors or (strict and warnings) else ExitCode.FINE

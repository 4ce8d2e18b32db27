from __future__ import annotations

import typer

from dispatch.cli.exit_codes import ExitCode
from dispatch.cli.options import AsJson
from dispatch.cli.terminal import Terminal, finding_json


def audit(context: typer.Context, *, as_json: AsJson = False) -> ExitCode:
    """``dispatch audit``: no if anything of the record does not hold."""
    from dispatch.bootstrap import reach_record
    from dispatch.store.audit import audit as look_over

    terminal = Terminal.of(context)
    with terminal.working("audit.working"), reach_record() as database:
        found = look_over(database)
    if as_json:
        findings = [finding_json(finding, terminal.lang) for finding in found.findings]
        terminal.json({"counts": found.counts, "findings": findings})
    else:
        terminal.findings(found.findings)
        terminal.say("audit.counts", **found.counts)
        verdict = "audit.wrong" if found.findings else "audit.holds"
        terminal.say(verdict, count=len(found.findings))
    return ExitCode.NO if found.findings else ExitCode.FINE

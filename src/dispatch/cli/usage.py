"""What was wrong with a command line, as a finding."""

from __future__ import annotations

import typer

from dispatch.errors import Finding

HELP = "--help"


def usage_finding(error: typer.TyperException) -> Finding:
    """The parser's complaint under one of our codes, with the command whose help to read."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "dispatch"
    values = {"help": f"{command} {HELP}"}
    parameter = getattr(error, "param", None)
    named = parameter.get_error_hint().strip("'") if parameter is not None else ""
    match type(error).__name__:
        case "MissingParameter":
            return Finding("cli.usage.missing", values={**values, "name": named})
        case "NoSuchOption":
            option = str(getattr(error, "option_name", ""))
            return Finding("cli.usage.no-option", values={**values, "name": option})
        case "BadParameter":
            detail = error.message
            return Finding(
                "cli.usage.bad-value", values={**values, "name": named, "detail": detail}
            )
        case _:
            return Finding("cli.usage.other", values={**values, "detail": error.format_message()})

"""The root command: it speaks one language, and every failure comes back as a neat list."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from typing import Any

import typer
from typer.core import TyperGroup

from dispatch.cli.exit_codes import ExitCode
from dispatch.cli.global_options import Arguments, arrange
from dispatch.cli.help_texts import write_help
from dispatch.cli.process import end_as_interrupted, give_up_output, open_streams
from dispatch.cli.terminal import Terminal
from dispatch.cli.usage import usage_finding
from dispatch.errors import Finding, InvalidInput, InvalidValue, Refused, Unavailable

NAME = "dispatch"
SHOWN = "NoArgsIsHelpError"
"""A group was called without a command, and its help has been shown."""


class Program(TyperGroup):
    """``dispatch``."""

    def main(self, args: Sequence[str] | None = None, *_: Any, **__: Any) -> Any:
        """Run a command line and leave with its exit code."""
        open_streams()
        end_as_interrupted()
        arguments = arrange(args, os.environ)
        write_help(self, arguments.lang)
        sys.exit(self._run(arguments))

    def _run(self, arguments: Arguments) -> int:
        terminal = Terminal.open(arguments.lang)
        try:
            ended = super().main(
                arguments.words, prog_name=NAME, standalone_mode=False, obj=terminal
            )
            sys.stdout.flush()
            return int(ended or ExitCode.FINE)
        except KeyboardInterrupt:
            return ExitCode.INTERRUPTED
        except BrokenPipeError:  # whoever reads has read enough
            give_up_output()
            return ExitCode.NO
        except Exception as error:  # noqa: BLE001 - the last stop: nothing passes unsaid
            if arguments.debug:
                traceback.print_exc()
            code, findings = diagnose(error)
            _tell(terminal, findings, as_json=arguments.json)
            return code


def _tell(terminal: Terminal, findings: Sequence[Finding], *, as_json: bool) -> None:
    try:
        terminal.failure(findings, as_json=as_json)
        sys.stdout.flush()
    except OSError:  # standard output is what fails
        give_up_output()
        if as_json:
            terminal.failure(findings, as_json=False)


def diagnose(error: Exception) -> tuple[ExitCode, tuple[Finding, ...]]:
    """What went wrong, and how the program ends."""
    match error:
        case InvalidInput():
            return ExitCode.BAD_INPUT, error.findings
        case InvalidValue() | Refused():
            return ExitCode.BAD_INPUT, (error.finding(),)
        case typer.TyperException() if type(error).__name__ == SHOWN:
            return ExitCode.BAD_INPUT, ()
        case typer.TyperException():
            return ExitCode.BAD_INPUT, (usage_finding(error),)
        case Unavailable():
            return ExitCode.UNAVAILABLE, (Finding(error.code, values=error.values),)
        case OSError():
            values = {"path": str(error.filename or ""), "problem": error.strerror or str(error)}
            return ExitCode.UNAVAILABLE, (Finding("cli.file", values=values),)
        case _:
            values = {"kind": type(error).__name__, "message": str(error)}
            return ExitCode.DEFECT, (Finding("cli.defect", values=values),)

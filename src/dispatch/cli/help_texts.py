"""The help of every command and option, from the text catalogue.

A command's help is ``cli.help.COMMAND`` (``cli.help.travel.matrix`` for a command of a group);
an option's is ``cli.option-of.COMMAND.NAME`` or, where several commands mean the same by it,
``cli.option.NAME``.
"""

from __future__ import annotations

import typer
from rich.text import Text
from typer import rich_utils
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from dispatch.texts import catalogue

HELP = "help"


class _Folding(rich_utils.OptionHighlighter):
    """Folds Chinese, which has no spaces to break a line at, where it would be cut off."""

    def __call__(self, text: str | Text) -> Text:
        highlighted = super().__call__(text)
        highlighted.overflow = "fold"
        return highlighted


def write_help(command: TyperCommand | TyperGroup, lang: str, path: tuple[str, ...] = ()) -> None:
    """Give a command and all below it their help in a language."""
    entries = catalogue(lang)
    if not path:
        rich_utils.highlighter = _Folding()
        _write_panel_titles(entries)
    command.help = entries[".".join(("cli", HELP, *_named(command, path)))]
    for parameter in command.params:
        assert isinstance(parameter, TyperArgument | TyperOption)  # noqa: S101 - narrows a type
        parameter.help = option_text(entries, path, spelled(parameter))
    own = command.get_help_option(typer.Context(command))
    if own is not None:
        own.help = option_text(entries, path, HELP)
    for name, below in getattr(command, "commands", {}).items():
        write_help(below, lang, (*path, name))


def _named(command: TyperCommand | TyperGroup, path: tuple[str, ...]) -> tuple[str, ...]:
    """Where a command's help stands; a group's beside that of its commands."""
    if not path:
        return ("dispatch",)
    return (*path, "itself") if isinstance(command, TyperGroup) else path


def spelled(parameter: TyperArgument | TyperOption) -> str:
    """How a parameter is called on the command line, without dashes: ``time``, ``day``."""
    return max(parameter.opts, key=len).lstrip("-").lower()


def option_text(entries: dict[str, str], path: tuple[str, ...], name: str) -> str:
    """What an option or argument of a command means.

    Raises
    ------
    KeyError
        It has no text: a mistake in the program, found by the tests.
    """
    own = ".".join(("cli", "option-of", *path, name))
    return entries[own] if own in entries else entries[f"cli.option.{name}"]


def _write_panel_titles(entries: dict[str, str]) -> None:
    rich_utils.ARGUMENTS_PANEL_TITLE = entries["cli.panel.arguments"]
    rich_utils.OPTIONS_PANEL_TITLE = entries["cli.panel.options"]
    rich_utils.COMMANDS_PANEL_TITLE = entries["cli.panel.commands"]
    rich_utils.DEFAULT_STRING = entries["cli.panel.default"]
    rich_utils.REQUIRED_LONG_STRING = entries["cli.panel.required"]

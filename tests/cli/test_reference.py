"""The reference page tells of every command, option and exit code; all have their help."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.core import TyperCommand, TyperGroup

from dispatch.cli.exit_codes import ExitCode
from dispatch.cli.help_texts import write_help
from dispatch.cli.main import app
from dispatch.texts import LANGUAGES, catalogue

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "cli.md"
SECTIONS = dict(
    section.split("\n", 1) for section in PAGE.read_text("utf-8").split("\n## ") if "\n" in section
)
EVERYWHERE = SECTIONS["Options of every command"]


def commands(
    group: TyperGroup, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], TyperCommand]]:
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from commands(command, (*path, name))
        else:
            assert isinstance(command, TyperCommand)
            yield (*path, name), command


def program() -> TyperGroup:
    root = typer.main.get_command(app)
    assert isinstance(root, TyperGroup)
    return root


COMMANDS = dict(commands(program()))


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_and_option_is_on_the_page(path: tuple[str, ...]) -> None:
    section = SECTIONS[f"dispatch {' '.join(path)}"]
    for parameter in COMMANDS[path].params:
        named = parameter.opts[0] if parameter.opts[0].startswith("-") else parameter.metavar
        assert f"`{named}" in section, named


def test_the_page_tells_of_nothing_that_is_not_there() -> None:
    told = {tuple(name.split()[1:]) for name in SECTIONS if name.startswith("dispatch ")}
    assert told == set(COMMANDS)
    for path, command in COMMANDS.items():
        options = {option for parameter in command.params for option in parameter.opts}
        table = SECTIONS[f"dispatch {' '.join(path)}"].split("\n| | |\n")[-1]
        firsts = [line.split(" | ")[0] for line in table.splitlines() if line.startswith("| `")]
        named = {option for first in firsts for option in re.findall(r"`(--[a-z-]+)", first)}
        assert named <= options, path


@pytest.mark.parametrize("parameter", program().params, ids=lambda parameter: parameter.name)
def test_options_of_the_program_are_on_the_page(parameter: typer.core.TyperOption) -> None:
    assert f"`{parameter.opts[0]}" in EVERYWHERE


def test_every_exit_code_is_on_the_page() -> None:
    rows = SECTIONS["Exit codes"].splitlines()
    codes = {int(row.split(" | ")[0].strip("| ")) for row in rows if re.match(r"\| \d", row)}
    assert codes == set(ExitCode)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_command_and_option_has_help(lang: str) -> None:
    root = program()
    write_help(root, lang)
    for path, command in commands(root):
        assert command.help, path
        assert all(getattr(parameter, "help", "") for parameter in command.params), path


def test_no_help_is_left_over() -> None:
    named = {f"cli.help.{'.'.join(path)}" for path in COMMANDS}
    written = {key for key in catalogue("en") if key.startswith("cli.help.")}
    assert written - named == {"cli.help.dispatch", "cli.help.travel.itself"}

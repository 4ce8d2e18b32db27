"""Which operations change the record, and which of them somebody in the simulation wants done."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from importlib import import_module
from inspect import getsource
from pathlib import Path
from pkgutil import walk_packages

from dispatch import operations

Name = tuple[str, str]
"""A module and what it calls something."""

HERE = Path(__file__).parent
TALES = ("run", "front", "world")
"""What drives the simulation, and is no deed."""
NOT_WANTED: Mapping[str, str] = {
    "appoint_owner": "once, before anybody is there; it does nothing if somebody is",
    "begin_sign_in": "needs an identity provider; tests/api/test_oidc.py goes all of its ways",
    "finish_sign_in": "as begin_sign_in",
    "identify": "is what whoever asks over the API begins with",
    "import_tables": "is import_day behind another reader",
    "try_on": "as go_on",
    "go_on": "is what declining a push and its time running out do last",
}
"""Operations that are in no deed, and why."""


def operations_that_write() -> set[str]:
    """Those that commit something, by themselves or by way of another one."""
    trees = {name: ast.parse(text) for name, text in _sources()}
    functions = {
        (name, node.name): node
        for name, tree in trees.items()
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
    }
    calls = {at: set(_called(at[0], trees[at[0]], node)) for at, node in functions.items()}
    writing = {at for at, node in functions.items() if _commits(node)}
    while more := {at for at, called in calls.items() if called & writing} - writing:
        writing |= more
    return {name for module, name in writing if _is_operation(functions[module, name])}


def operations_wanted() -> set[str]:
    """Those that the deeds name."""
    return {
        name
        for path in HERE.glob("*.py")
        if path.stem not in TALES
        for module, names in _imports(ast.parse(path.read_text("utf-8")))
        if module.startswith(operations.__name__)
        for name in names
    }


def deeds_made() -> set[str]:
    """All functions of the simulation that make a wish out of the world."""
    return {
        node.name
        for path in HERE.glob("*.py")
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef) and _is_deed(node)
    }


def _is_deed(node: ast.FunctionDef) -> bool:
    alone = len(node.args.args) == 1 and not node.name.startswith("_")
    return alone and node.returns is not None and ast.unparse(node.returns) == "Wish | None"


def _sources() -> Iterator[tuple[str, str]]:
    for found in walk_packages(operations.__path__, f"{operations.__name__}."):
        yield found.name, getsource(import_module(found.name))


def _is_operation(node: ast.FunctionDef) -> bool:
    """Anybody may call it, with a database."""
    first = node.args.args[0].arg if node.args.args else ""
    return not node.name.startswith("_") and first == "database"


def _commits(node: ast.FunctionDef) -> bool:
    return any(
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "commit"
        for call in ast.walk(node)
    )


def _called(module: str, tree: ast.Module, node: ast.FunctionDef) -> Iterator[Name]:
    known = {name: place for place, names in _imports(tree) for name in names}
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            yield known.get(part.id, module), part.id


def _imports(tree: ast.Module) -> Iterator[tuple[str, list[str]]]:
    for part in tree.body:
        if isinstance(part, ast.ImportFrom) and part.module:
            yield part.module, [alias.asname or alias.name for alias in part.names]

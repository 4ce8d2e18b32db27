"""Who may do what: read from one table, and asked before every route."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml

from dispatch.domain.role import Role
from dispatch.errors import Denied
from dispatch.operations.accounts.who import Identity

ANYBODY = "anybody"
CUSTOMER_LINK = "customer link"
"""Whoever has one: a role for one job, and none that an account can have."""
ROLES = frozenset(role.value for role in Role) | {CUSTOMER_LINK}

Table = Mapping[str, frozenset[str]]
"""Who may do an operation: roles; scopes of programs, which have a dot; or anybody."""


@cache
def access_table() -> Table:
    """The table of ``access.yaml``."""
    text = files("dispatch.api").joinpath("access.yaml").read_text(encoding="utf-8")
    return {operation: frozenset(who) for operation, who in yaml.safe_load(text).items()}


def is_open(operation: str) -> bool:
    """Whether it needs no token."""
    return ANYBODY in access_table().get(operation, frozenset())


def may(identity: Identity, operation: str) -> bool:
    """Whether somebody may do an operation; what is not in the table, nobody may."""
    allowed = access_table().get(operation, frozenset())
    if identity.link is not None:
        return CUSTOMER_LINK in allowed
    if identity.role is not None:
        return identity.role.value in allowed
    return not identity.scopes.isdisjoint(allowed - ROLES)


def expect_may(identity: Identity, operation: str) -> None:
    """See that somebody may do an operation.

    Raises
    ------
    Denied
        ``access.denied``: the table does not have them for it.
    """
    if not may(identity, operation):
        who = identity.role.value if identity.role else identity.name or CUSTOMER_LINK
        raise Denied("access.denied", who=who, operation=operation)


def scopes() -> frozenset[str]:
    """All that a program's key can be good for."""
    return frozenset(who for row in access_table().values() for who in row if "." in who)

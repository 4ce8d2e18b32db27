"""Refuses a server that may lose what it has acknowledged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, text

from dispatch.errors import Finding, InvalidInput

OLDEST = 140_000
"""PostgreSQL 14, as `server_version_num` counts."""


@dataclass(frozen=True, slots=True)
class _Demand:
    holds: Callable[[str], bool]
    wanted: str


def _is(*values: str) -> _Demand:
    return _Demand(lambda found: found in values, " | ".join(values))


DEMANDS: Mapping[str, _Demand] = {
    # Without these, a loss of power loses rows that were acknowledged, or tears pages.
    "fsync": _is("on"),
    "full_page_writes": _is("on"),
    "synchronous_commit": _is("on", "local", "remote_write", "remote_apply"),
    # With these, damage is covered up instead of reported.
    "zero_damaged_pages": _is("off"),
    "ignore_checksum_failure": _is("off"),
    # With this, it goes on as if a write had reached the disk that failed to.
    "data_sync_retry": _is("off"),
    # A standby takes no writes, and what it shows may be old.
    "transaction_read_only": _is("off"),
    "server_encoding": _is("UTF8"),
}
"""What each setting must be (PostgreSQL manual, chapters Write Ahead Log and Developer Options)."""


def check_durability(connection: Connection) -> None:
    """See that the server keeps what it acknowledges.

    Raises
    ------
    InvalidInput
        ``store.too-old``, or one ``store.setting`` for each setting that is not as it must be.
    """
    found = _settings(connection)
    findings = [
        Finding(
            "store.setting",
            values={"setting": name, "value": found.get(name, "?"), "wanted": demand.wanted},
        )
        for name, demand in DEMANDS.items()
        if not demand.holds(found.get(name, "?"))
    ]
    if int(found["server_version_num"]) < OLDEST:
        findings.insert(0, Finding("store.too-old", values={"version": found["server_version"]}))
    if findings:
        raise InvalidInput(findings)


def _settings(connection: Connection) -> dict[str, str]:
    names = [*DEMANDS, "server_version", "server_version_num"]
    rows = connection.execute(
        text("SELECT name, setting FROM pg_settings WHERE name = ANY(:names)"), {"names": names}
    )
    return {row.name: row.setting for row in rows}

"""Proofs are made on a real server."""

from __future__ import annotations

from tests.databases import bare_database, clock, database, database_server

__all__ = ["bare_database", "clock", "database", "database_server"]

"""Operations are tested on a real server."""

from __future__ import annotations

from tests.databases import bare_database, clock, database, database_server
from tests.operations.goes import done
from tests.operations.phones import visit

__all__ = ["bare_database", "clock", "database", "database_server", "done", "visit"]

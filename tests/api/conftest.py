from __future__ import annotations

from tests.api.clients import city, service
from tests.databases import bare_database, clock, database, database_server

__all__ = ["bare_database", "city", "clock", "database", "database_server", "service"]

from __future__ import annotations

from tests.api.clients import city, quick_hashes, service
from tests.databases import bare_database, clock, database, database_server

__all__ = [
    "bare_database",
    "city",
    "clock",
    "database",
    "database_server",
    "quick_hashes",
    "service",
]

"""How much there is in a record, to see whether something was written."""

from __future__ import annotations

from sqlalchemy import func, select, text

from dispatch.store.database import Database
from dispatch.store.rows.events import EventRow
from dispatch.store.tables import METADATA

WRITTEN = text("SELECT current_database(), pg_snapshot_xmax(pg_current_snapshot())::text")
"""Goes on with each transaction that wrote (PostgreSQL's manual, 9.27)."""
COUNTS = select(
    *(
        select(func.count()).select_from(table).scalar_subquery()
        for table in METADATA.tables.values()
    ),
    select(func.max(EventRow.number)).scalar_subquery(),
)


class Rows:
    """Counts them, and again only after something may have been written."""

    def __init__(self) -> None:
        self._seen: object = None
        self._counts = ""

    def look(self, database: Database) -> str:
        """How many rows each table has, and how far the event log is."""
        with database.connect() as connection:
            seen = connection.execute(WRITTEN).one()
            if seen != self._seen:
                self._seen, self._counts = seen, str(connection.execute(COUNTS).one())
        return self._counts

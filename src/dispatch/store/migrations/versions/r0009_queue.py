"""The queue by which workers are woken, in a schema of its own: its tables are its library's.

A later version of the library that needs other tables has to bring its own steps, in a revision
after this one.
"""

from __future__ import annotations

from alembic import op
from procrastinate.schema import SchemaManager
from sqlalchemy import text

from dispatch.store.queue import SCHEMA

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make what the library says."""
    connection = op.get_bind()
    before = connection.scalar(text("SELECT current_setting('search_path')"))
    connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))
    _look_in(SCHEMA)
    connection.exec_driver_sql(SchemaManager.get_schema().replace("%", "%%"))
    _look_in(str(before))


def downgrade() -> None:
    """Drop it, with all that waits in it."""
    op.execute(f"DROP SCHEMA {SCHEMA} CASCADE")


def _look_in(path: str) -> None:
    op.get_bind().execute(text("SELECT set_config('search_path', :path, true)"), {"path": path})

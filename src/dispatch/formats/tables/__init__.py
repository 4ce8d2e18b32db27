"""Days as tables that a dispatcher fills: an XLSX workbook, or CSV files in a folder or a ZIP."""

from dispatch.formats.tables.files import (
    read_placed_tables,
    read_tables,
    write_tables,
    write_template,
)
from dispatch.formats.tables.placed import PlacedDay

__all__ = ["PlacedDay", "read_placed_tables", "read_tables", "write_tables", "write_template"]

"""Days as tables that a dispatcher fills: an XLSX workbook, or a folder of CSV files."""

from dispatch.formats.tables.files import read_tables, write_tables, write_template

__all__ = ["read_tables", "write_tables", "write_template"]

"""A table as CSV in UTF-8, with the byte order mark by which Excel knows it."""

from __future__ import annotations

import codecs
import csv
import io
from datetime import datetime
from typing import IO

from dispatch.formats.exports.table import Table, Value, harmless, writable

MEDIA = "text/csv; charset=utf-8"


def write_csv(table: Table, into: IO[bytes]) -> None:
    """Write a table; texts are quoted, numbers and moments are not."""
    into.write(codecs.BOM_UTF8)
    text = io.TextIOWrapper(into, "utf-8", newline="", write_through=True)
    lines = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC)
    lines.writerow([_cell(heading) for heading in table.headings])
    for row in table.rows:
        lines.writerow([_cell(value) for value in row])
    text.flush()
    text.detach()  # which would else be closed with what is below it


def _cell(value: Value) -> str | int | float:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    return harmless(writable(value)) if isinstance(value, str) else value

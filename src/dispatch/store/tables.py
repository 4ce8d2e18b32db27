"""All tables there are."""

from __future__ import annotations

from dispatch.store.rows import (
    accounts,
    actions,
    credit,
    customers,
    events,
    evidence,
    job_types,
    jobs,
    links,
    money,
    notes,
    outlets,
    plans,
    pool,
    pushes,
    receipts,
    technicians,
)
from dispatch.store.rows.base import Row

GROUPS = (
    outlets,
    technicians,
    customers,
    job_types,
    jobs,
    events,
    plans,
    pool,
    actions,
    accounts,
    receipts,
    pushes,
    money,
    credit,
    links,
    evidence,
    notes,
)
"""Importing a group makes its tables known."""
METADATA = Row.metadata

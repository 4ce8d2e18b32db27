"""What has been done for a wish that may come twice."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.store.rows.base import Document, Row


class ReceiptRow(Row):
    """An answer, kept in the transaction that did what was wished for."""

    __tablename__ = "receipt"

    actor: Mapped[str] = mapped_column(primary_key=True)
    """Whose key it is: everybody's keys are their own."""
    key: Mapped[str] = mapped_column(primary_key=True)
    wish: Mapped[bytes] = mapped_column(LargeBinary)
    """SHA-256 of all that was wished for: a key is good for one wish."""
    at: Mapped[datetime] = mapped_column(index=True)
    answer: Mapped[Document]

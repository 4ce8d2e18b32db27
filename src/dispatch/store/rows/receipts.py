"""What has been done for a wish that may come twice."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.store.rows.base import Document, Row


class ReceiptRow(Row):
    """An answer, kept in the transaction that did what was wished for."""

    __tablename__ = "receipt"
    __table_args__ = (Index("ix_receipt_passing", "at", postgresql_where=text("NOT lasting")),)

    actor: Mapped[str] = mapped_column(primary_key=True)
    """Whose key it is: everybody's keys are their own."""
    key: Mapped[str] = mapped_column(primary_key=True)
    wish: Mapped[bytes] = mapped_column(LargeBinary)
    """SHA-256 of all that was wished for: a key is good for one wish."""
    at: Mapped[datetime]
    answer: Mapped[Document]
    lasting: Mapped[bool] = mapped_column(default=False)
    """Whether it is kept for good: money that is told of again after years is not counted twice."""

"""What the tables have in common."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, Enum, ForeignKey, MetaData, Text
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from dispatch.store.ids import new_id

Document = dict[str, Any]
"""JSON: what is read and written as a whole, and never searched."""

UNTOLD = "untold"
"""Columns with this in their ``info`` are told to nobody, nor written into the event log."""
PRIVATE = "private"
"""Columns with this in their ``info`` are in the event log, where the owner only reads them."""
PASSING = "passing"
"""Columns with this in their ``info`` are not written into the event log: what was made from the
record and is large, or holds for a moment only."""

NOBODY = UUID(int=0)

MOMENT = TIMESTAMP(timezone=True)

CONSTRAINT_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Row(DeclarativeBase):
    """A row of any table."""

    metadata = MetaData(naming_convention=CONSTRAINT_NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: MOMENT,
        str: Text(),
        int: BigInteger(),
        Document: JSONB(none_as_null=True),
        list[Document]: JSONB(none_as_null=True),
        list[str]: JSONB(none_as_null=True),
        dict[str, int]: JSONB(none_as_null=True),
    }

    ABOUT: ClassVar[str | None] = None
    """The column whose id the event log knows a row by; None where a table has only one row."""

    @property
    def known_by(self) -> UUID:
        """By which the event log knows it."""
        known: UUID = NOBODY if self.ABOUT is None else getattr(self, self.ABOUT)
        return known


class Identified(Row):
    """A row with an id of its own."""

    __abstract__ = True
    ABOUT = "id"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)


class Keyed(Identified):
    """A row that people know by a key of theirs, such as ``T-007``."""

    __abstract__ = True

    key: Mapped[str] = mapped_column(unique=True)


class Edited:
    """A row that people edit: whoever read an older version is told so, and overwrites nothing."""

    version: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


class Scoped:
    """A row that belongs to an outlet; who may not see the outlet does not see the row."""

    outlet_id: Mapped[UUID] = mapped_column(ForeignKey("outlet.id"), index=True)


class Owned:
    """A row that an outlet takes care of, or all of the network; seen as :class:`Scoped` ones."""

    outlet_id: Mapped[UUID | None] = mapped_column(ForeignKey("outlet.id"), index=True)
    """None: everybody's."""


def states(kind: type[StrEnum]) -> Enum:
    """A column of states."""
    return one_of("state", kind)


def one_of(name: str, kind: type[StrEnum]) -> Enum:
    """A column of some words, as text; the database takes no others."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        name=name,
        length=20,
        values_callable=lambda members: [member.value for member in members],
    )

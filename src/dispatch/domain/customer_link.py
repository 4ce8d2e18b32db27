"""What a customer link is good for, and for how long."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from dispatch.errors import Unauthenticated

USUAL_DAYS, MOST_DAYS = 30, 90
"""How long a link is good for."""
MOST_LINKS = 20
"""Of a job."""
OPEN_FOR = timedelta(minutes=30)
"""How long the token is good for that is given for a link."""
MOST_OPEN = 10
"""Tokens of a link at a time; one more ends the oldest."""
FREE_TRIES = 5
"""Wrong secrets before each further one makes a link wait."""
LONGEST_WAIT = timedelta(hours=1)
NOTICE = timedelta(hours=2)
"""So long before a visit begins a customer may still wish for something else."""
MOST_WISHES = 20
"""Of a job, answered ones too."""
MOST_STARS = 5
MOST_WORDS = 1_000
ROUGHLY = timedelta(minutes=45)
"""A rough arrival begins at a quarter of an hour and is so long."""
CHINESE = re.compile("[\u3400-\u9fff]")


class WishKind(StrEnum):
    """What a customer may wish for."""

    CANCEL = "cancel"
    WINDOW = "window"


def link_text(link: UUID, secret: str) -> str:
    """What stands behind the ``#`` of a link: browsers send that to no server."""
    return f"{link.hex}.{secret}"


def link_parts(text: str) -> tuple[UUID, str]:
    """The id and the secret again.

    Raises
    ------
    Unauthenticated
        ``link.wrong``: that is none of ours.
    """
    id_, _, secret = text.strip().removeprefix("#").partition(".")
    if not re.fullmatch("[0-9a-f]{32}", id_) or not secret:
        raise Unauthenticated("link.wrong")
    return UUID(id_), secret


def wait_after(failures: int) -> timedelta | None:
    """How long a link waits after so many wrong secrets in a row."""
    over = failures - FREE_TRIES
    return min(LONGEST_WAIT, timedelta(minutes=1) * 2 ** min(over, 10)) if over >= 0 else None


def rough(moment: datetime) -> tuple[datetime, datetime]:
    """Between which times somebody arrives, said no more exactly than it is known."""
    start = moment - timedelta(
        minutes=moment.minute % 15, seconds=moment.second, microseconds=moment.microsecond
    )
    return start, start + ROUGHLY


def short_name(name: str) -> str:
    """A person's name as strangers need it: the given name, or the Chinese surname with 师傅."""
    words = name.split()
    if not words:
        return ""
    if CHINESE.match(words[0]):
        return f"{words[0][0]}师傅"
    return words[0]

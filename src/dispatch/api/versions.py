"""Nobody overwrites what they have not seen (RFC 9110, section 13): ETag and If-Match.

Which routes ask for it is a rule, written down in ``docs/reference/http.md``: whoever lets a row
that has a version say something else, says which version they have read; an action that a table of
states allows or not asks that table instead.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Header, Response

from dispatch.errors import InvalidValue


def tag(response: Response, version: int) -> None:
    """Say which version of a thing this is."""
    response.headers["ETag"] = f'"{version}"'


DEMANDED = "x-demanded"
"""In a schema: a header that may not be left out, though its lack is refused by a code of ours."""


_SEEN = Header(max_length=40, json_schema_extra={DEMANDED: True})


def _seen(if_match: Annotated[str | None, _SEEN] = None) -> int:
    version = _version(if_match)
    if version is None:
        raise InvalidValue("request.if-match")
    return version


def _maybe(if_match: Annotated[str | None, Header(max_length=40)] = None) -> int | None:
    return None if if_match is None else _seen(if_match)


def _version(text: str | None) -> int | None:
    number = (text or "").removeprefix("W/").strip('"')
    return int(number) if number.isascii() and number.isdigit() and len(number) < 16 else None


Seen = Annotated[int, Depends(_seen)]
"""The version that whoever edits has read; they must say it."""
MaybeSeen = Annotated[int | None, Depends(_maybe)]
"""The same, if they care."""

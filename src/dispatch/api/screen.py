"""What every request passes first: an id, a limit on its size, and nothing that cannot be kept."""

from __future__ import annotations

import json
from email.message import Message as Mail
from typing import Any, NoReturn
from urllib.parse import unquote_to_bytes

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dispatch.api.caller import is_known
from dispatch.api.problems import BODY, unforeseen, unread
from dispatch.domain.documents import fault_in
from dispatch.errors import InvalidInput, InvalidValue
from dispatch.formats.pictures import MOST_BYTES as PICTURE_BYTES
from dispatch.store.ids import new_id

MOST_BYTES = 32 * 2**20
"""A day of 10,000 jobs has some 8 MB."""
MOST_UNKNOWN_BYTES = 64 * 2**10
"""Of somebody who has not shown who they are: FastAPI reads a body before it asks that."""
MOST_FILE_BYTES = PICTURE_BYTES + 1
"""What is no JSON is at most a picture; one byte more, so that its own limit tells of it."""


READ_APART = {"own.actions": "actions"}
"""What of a body each route reads entry by entry: a bad text in one is no reason to refuse all."""

PRIVATE = "/v1"
"""No browser and no proxy keeps an answer from under here, unless its route says that it may."""


class BrokenOff(Exception):
    """An answer that had begun ends in the middle, so that nobody takes it for whole."""


class Screen:
    """Gives requests an id, and hears no more of them than is sensible."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._most, self._most_of_file = MOST_BYTES, min(MOST_BYTES, MOST_FILE_BYTES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI has it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})["id"] = str(new_id())
        headers = Headers(scope=scope)
        length = headers.get("content-length", "")
        most = self._most if _is_json(headers) else self._most_of_file
        declared = int(length) if length.isascii() and length.isdigit() else 0
        heard, begun, known = 0, False, False

        async def bounded() -> Message:
            nonlocal heard, known
            message = await receive()
            heard += len(message.get("body", b""))
            if max(heard, declared) > most:
                raise HTTPException(413)
            if not known and max(heard, declared) > MOST_UNKNOWN_BYTES:
                known = await is_known(scope["app"].state.house, headers.get("authorization"))
                if not known:
                    raise HTTPException(401)
            return message

        async def named(message: Message) -> None:
            nonlocal begun
            begun = True
            if message["type"] == "http.response.start":
                message = {**message, "headers": _headers(scope, message)}
            await send(message)

        try:
            await self._app(scope, bounded, named)
        except Exception as error:  # noqa: BLE001 - above here its message would be logged
            answer = unforeseen(Request(scope), error)
            if begun:
                raise BrokenOff from None
            await answer(scope, bounded, named)


async def check_kept(request: Request) -> None:
    """See that what was sent can be kept and read again, but for what its route sees to itself.

    Raises
    ------
    InvalidInput
        ``json.depth``, ``json.number``: nested too deep, or a number that is not the same for all.
    InvalidValue
        ``request.text``: a zero byte, or half of a surrogate pair; ``request.json``: no JSON, or a
        number that is none.
    """
    line = unquote_to_bytes(request.url.path + "?" + request.url.query)
    if b"\0" in line or not _is_text(line):
        raise InvalidValue("request.text")
    body = await request.body()
    if body and _is_json(request.headers):
        await run_in_threadpool(_check_json, body, READ_APART.get(request.scope["route"].name))


def _check_json(body: bytes, apart: str | None) -> None:
    try:
        document: Any = json.loads(body, parse_constant=_no_number)
        if isinstance(document, dict) and apart is not None:
            document.pop(apart, None)
        found = fault_in(document, BODY)
        if found is not None:
            raise InvalidInput([found])
        text = json.dumps(document, ensure_ascii=False).encode()
    except UnicodeError:
        raise InvalidValue("request.text") from None
    except InvalidValue:
        raise
    except (ValueError, RecursionError) as error:
        raise InvalidInput([unread(error)]) from None
    if b"\\u0000" in text:
        raise InvalidValue("request.text")


def _is_json(headers: Headers) -> bool:
    """Whether FastAPI will read it as JSON: by what its media type says, as FastAPI reads that."""
    mail = Mail()
    mail["content-type"] = headers.get("content-type", "")
    kind = mail.get_content_subtype()
    return mail.get_content_maintype() == "application" and (
        kind == "json" or kind.endswith("+json")
    )


def _headers(scope: Scope, message: Message) -> list[tuple[bytes, bytes]]:
    """Those of an answer, with its id, and for how long it may be kept."""
    headers = [*message.get("headers", ()), (b"x-request-id", scope["state"]["id"].encode())]
    said = any(name.lower() == b"cache-control" for name, _ in headers)
    if scope["path"].startswith(PRIVATE) and not said:
        headers.append((b"cache-control", b"no-store"))
    return headers


def _is_text(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _no_number(name: str) -> NoReturn:
    raise InvalidValue("request.json", reason=f"{name} is no number")

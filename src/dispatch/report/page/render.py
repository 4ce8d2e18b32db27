"""The page as HTML: one file, nothing fetched, nothing executed but its own script."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from importlib.resources import files
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from dispatch.errors import InvalidValue
from dispatch.report.page import head, tables
from dispatch.report.page.bilingual import cause, cure, words
from dispatch.report.page.content import Content
from dispatch.report.page.document import Json, document

SCRIPTS = (
    "words.js",
    "plan.js",
    "selection.js",
    "map-view.js",
    "map-layers.js",
    "map-tiles.js",
    "map.js",
    "gantt-drawing.js",
    "gantt.js",
    "facts.js",
    "curve.js",
    "page.js",
)
"""In the order in which they stand in the page's one script."""
TILE_PARTS = ("{z}", "{x}", "{y}")


def render(content: Content) -> str:
    """The whole page.

    Raises
    ------
    InvalidValue
        ``report.tiles``: the address of the tiles is none.
    """
    style, script = _asset("page.css"), _script()
    template = Environment(
        loader=PackageLoader("dispatch.report.page", "assets"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    ).get_template("page.html")
    return template.render(
        content=content,
        head=head,
        tables=tables,
        words=words,
        cause=cause,
        cure=cure,
        policy=_security_policy(style, script, content.tiles),
        style=Markup(style),  # noqa: S704  our own file
        script=Markup(script),  # noqa: S704  our own files
        document=_inert(document(content)),
    )


def _security_policy(style: str, script: str, tiles: str | None) -> str:
    """Nothing may load or run but this style and this script, known by their hashes (CSP 3)."""
    images = f"img-src {_origin(tiles)}" if tiles else "img-src 'none'"
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src '{_hash(script)}'",
            f"style-src '{_hash(style)}'",
            images,
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _origin(tiles: str) -> str:
    try:
        address = urlsplit(tiles)
        host, port = address.hostname or "", address.port
    except ValueError:
        raise InvalidValue("report.tiles", value=tiles[:200]) from None
    plain = host.isascii() and host.replace(".", "").replace("-", "").isalnum()
    if address.scheme != "https" or not plain or not all(part in tiles for part in TILE_PARTS):
        raise InvalidValue("report.tiles", value=tiles[:200])
    return f"https://{host}" + (f":{port}" if port else "")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _inert(data: Json) -> Markup:
    """JSON that no HTML parser can mistake for markup."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return Markup(text)  # noqa: S704  nothing is left in it that HTML knows


@cache
def _script() -> str:
    body = "\n".join(_asset(name) for name in SCRIPTS)
    return f'(() => {{\n"use strict";\n{body}}})();\n'


@cache
def _asset(name: str) -> str:
    return files("dispatch.report.page").joinpath("assets", name).read_text(encoding="utf-8")

"""A directive that lists every error code with its sentences, from the text catalogue itself.

``{error-codes}`` writes one section for each part of the product and one for each code, with
cause and cure in every language. A code that is in the catalogue is on the page; nobody has to
remember to write it down.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import as_file, files
from itertools import groupby
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from dispatch import texts

CAUSE, CURE = ".cause", ".cure"
BETWEEN = {"en": " ", "zh": ""}
"""What stands between two sentences."""


def codes() -> list[str]:
    """Every code of the catalogue that has a cause and a cure, in order."""
    keys = texts.catalogue("en")
    causes = (key.removesuffix(CAUSE) for key in keys if key.endswith(CAUSE))
    return sorted(code for code in causes if code + CURE in keys)


class ErrorCodes(SphinxDirective):
    """The sections of the page."""

    def run(self) -> list[nodes.Node]:
        """One section for each part, in alphabetical order."""
        self._rebuild_when_texts_change()
        return [
            _section(part, [_code(code) for code in group])
            for part, group in groupby(codes(), key=lambda code: code.partition(".")[0])
        ]

    def _rebuild_when_texts_change(self) -> None:
        for lang in texts.LANGUAGES:
            with as_file(files(texts).joinpath(lang)) as folder:
                for file in folder.glob("*.toml"):
                    self.env.note_dependency(str(file))


def _code(code: str) -> nodes.section:
    return _section(code, list(_paragraphs(code)))


def _section(title: str, children: list[Any]) -> nodes.section:
    # "code-" keeps the anchor of a one-word code apart from the anchor of its part.
    anchor = nodes.make_id(f"code-{title}" if "." in title else title)
    section = nodes.section(ids=[anchor], names=[])
    section += nodes.title("", "", nodes.literal(text=title))
    section += children
    return section


def _paragraphs(code: str) -> Iterator[nodes.paragraph]:
    for lang in texts.LANGUAGES:
        sentences = texts.catalogue(lang)
        text = sentences[code + CAUSE] + BETWEEN[lang] + sentences[code + CURE]
        # docutils turns this class into the attribute `lang`, by which a browser picks the font.
        yield nodes.paragraph("", text, classes=[f"language-{lang}"])


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("error-codes", ErrorCodes)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from docutils import nodes
from sphinx.testing.util import SphinxTestApp

from dispatch import texts

EXTENSIONS = Path(__file__).parents[2] / "docs" / "_ext"
CONFIGURATION = """\
extensions = ["error_codes", "myst_parser"]
myst_enable_extensions = ["colon_fence"]
smartquotes = False
"""
PAGE = "# Error codes\n\n:::{error-codes}\n:::\n"


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> nodes.document:
    monkeypatch.setattr(sys, "path", [str(EXTENSIONS), *sys.path])
    (tmp_path / "conf.py").write_text(CONFIGURATION)
    (tmp_path / "index.md").write_text(PAGE)
    app = SphinxTestApp("dummy", srcdir=tmp_path)
    try:
        app.build()
        assert app.warning.getvalue() == ""
        return app.env.get_doctree("index")
    finally:
        app.cleanup()


def test_every_code_stands_on_the_page_in_every_language(page: nodes.document) -> None:
    paragraphs = {paragraph.astext() for paragraph in page.findall(nodes.paragraph)}
    for lang, space in (("en", " "), ("zh", "")):
        sentences = texts.catalogue(lang)
        causes = [key for key in sentences if key.endswith(".cause")]
        assert causes
        for cause in causes:
            cure = cause.removesuffix("cause") + "cure"
            assert f"{sentences[cause]}{space}{sentences[cure]}" in paragraphs, (lang, cause)


def test_every_code_is_a_heading_with_an_anchor_of_its_own(page: nodes.document) -> None:
    codes = {key.removesuffix(".cause") for key in texts.catalogue("en") if key.endswith(".cause")}
    headings = {title.astext() for title in page.findall(nodes.title)}
    anchors = [anchor for section in page.findall(nodes.section) for anchor in section["ids"]]
    assert codes <= headings
    assert len(anchors) == len(set(anchors))

"""Text in every language at once; the page shows one and hides the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from dispatch.errors import Finding
from dispatch.report import figures
from dispatch.texts import LANGUAGES, say


@dataclass(frozen=True, slots=True)
class Bilingual:
    """One text in each language. In a template it becomes escaped, marked-up HTML."""

    by_lang: Mapping[str, str]

    def __html__(self) -> Markup:
        texts = set(self.by_lang.values())
        if len(texts) == 1:
            return Markup("{}").format(texts.pop())
        return Markup().join(
            Markup('<span lang="{}">{}</span>').format(lang, text)
            for lang, text in self.by_lang.items()
        )


def each(text: Callable[[str], str]) -> Bilingual:
    """``text(lang)`` for every language."""
    return Bilingual({lang: text(lang) for lang in LANGUAGES})


def words(key: str, /, **values: object) -> Bilingual:
    """The text ``report.page.KEY`` of the catalogue, with ``values`` filled in."""

    def one(lang: str) -> str:
        filled = {
            name: value.by_lang[lang] if isinstance(value, Bilingual) else value
            for name, value in values.items()
        }
        return say(f"report.page.{key}", lang, **filled)

    return each(one)


def duration(seconds: int) -> Bilingual:
    """A duration as people read it."""
    return each(lambda lang: figures.duration(seconds, lang))


def distance(metres: int) -> Bilingual:
    """A distance as people read it."""
    return each(lambda lang: figures.distance(metres, lang))


def cause(finding: Finding) -> Bilingual:
    """What a finding says is wrong."""
    return each(finding.cause)


def cure(finding: Finding) -> Bilingual:
    """What a finding says to do."""
    return each(finding.cure)

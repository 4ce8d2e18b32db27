"""Letters for pictures: installed fonts that can say Chinese, and text without missing glyphs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from matplotlib.font_manager import FontProperties, findfont, fontManager, get_font

LATIN = "DejaVu Sans"
"""Comes with matplotlib."""
CHINESE = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "PingFang SC",
    "Microsoft YaHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "SimHei",
    "Noto Sans CJK JP",
)
"""The first that is installed is used. The last has the same letters in their Japanese forms."""


@dataclass(frozen=True, slots=True)
class Lettering:
    """The fonts of a picture and the letters they have."""

    families: tuple[str, ...]
    letters: frozenset[int]

    @property
    def chinese(self) -> bool:
        """Whether Chinese can be written at all."""
        return len(self.families) > 1

    def printable(self, text: str, otherwise: str = "") -> str:
        """``text`` on one line if every letter of it can be drawn, else ``otherwise``, else ``?``s.

        A dollar sign is escaped: matplotlib would read formulas.
        """
        for candidate in (text, otherwise):
            if candidate and all(ord(letter) in self.letters for letter in candidate):
                return candidate.replace("$", r"\$")
        drawn = "".join(letter if ord(letter) in self.letters else "?" for letter in text)
        return drawn.replace("$", r"\$")


@cache
def lettering() -> Lettering:
    """The fonts that this machine has."""
    installed = {font.name for font in fontManager.ttflist}
    chinese = next((family for family in CHINESE if family in installed), None)
    families = (LATIN, chinese) if chinese else (LATIN,)
    letters: set[int] = set()
    for family in families:
        letters.update(get_font(findfont(FontProperties(family=[family]))).get_charmap())
    return Lettering(families, frozenset(letter for letter in letters if letter >= 32))

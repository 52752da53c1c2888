"""Which fonts draw the texts of a figure: the one that Matplotlib ships, and where it lacks letters
(Chinese, Japanese, Korean and others) fonts of the machine that have them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from matplotlib.figure import Figure
from matplotlib.font_manager import findfont, fontManager, get_font
from matplotlib.text import Text

SHIPPED = "DejaVu Sans"
# Fonts with boxes or signs in the place of letters.
NO_LETTERS = ("Last Resort", "STIX", "cm", "DejaVu")


@lru_cache(maxsize=1)
def _letters() -> frozenset[int]:
    """The code points that the shipped font can draw."""
    return frozenset(get_font(findfont(SHIPPED)).get_charmap())


def lacking(texts: Iterable[str]) -> frozenset[str]:
    """The characters of the texts that the shipped font cannot draw."""
    seen = {letter for text in texts for letter in text if letter > "\u024f"}
    return frozenset(c for c in seen if ord(c) not in _letters() and not c.isspace())


@lru_cache(maxsize=64)
def families(wanted: frozenset[str]) -> tuple[tuple[str, ...], frozenset[str]]:
    """The installed fonts that together draw the most of the characters after the shipped one, and
    the characters that no font draws."""
    names: list[str] = [SHIPPED]
    left = set(wanted)
    for entry in sorted(fontManager.ttflist, key=lambda e: (e.name, e.style, str(e.weight))):
        if not left:
            break
        if entry.name in names or entry.name.startswith(NO_LETTERS) or entry.style != "normal":
            continue
        found = left & set(map(chr, get_font(entry.fname).get_charmap()))
        if found:
            names.append(entry.name)
            left -= found
    return tuple(names), frozenset(left)


def choose_fonts(figure: Figure) -> frozenset[str]:
    """Give the texts of a figure fonts that can draw them; returns the characters that no font of
    this machine draws."""
    texts = [text for text in figure.findobj(Text) if isinstance(text, Text)]
    wanted = lacking(text.get_text() for text in texts)
    if not wanted:
        return frozenset()
    names, left = families(wanted)
    for text in texts:
        text.set_fontfamily(list(names))
    return left


def font_words(missing: Iterable[str]) -> str:
    """The sentence that says which characters are shown as boxes, and what helps."""
    shown = "".join(sorted(missing)[:12])
    return (
        f"no font on this machine draws {shown}: pictures show boxes in their place; install a "
        "font that has them, such as Noto Sans CJK"
    )

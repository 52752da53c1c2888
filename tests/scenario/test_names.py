"""Hostile names wherever a name may stand: each is accepted and can be played and read back, or
refused at its place; and nothing that cannot be seen reaches the terminal."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

import pytest

from ccsim.errors import ScenarioProblems, escaped
from ccsim.measures.catalogue import known_measures
from ccsim.network.compile import compile_network
from ccsim.scenario.resolve import all_from_dict, to_plain
from tests.scenario.named import named

PLACES = (
    "contact",
    "team",
    "shift",
    "role",
    "distribution",
    "segment",
    "stage",
    "design",
    "shared",
)
WORDS = (
    *("all", "base", "none", "only", "rest", "always", "cost", "costs", "revenue", "tier1", "like"),
    *("phone", "chat", "email", "outbound", "callback", "message", "ivr", "bot", "try1", "turns"),
    *("handle", "label", "about", "arrivals", "resolved", "stages", "people", "mon", "mon-fri"),
    *("yes", "no", "null", "true", "on", "daily", "off", "informed1", "backlog", "handover"),
    *("holidays", "flat", "endless", "customers", "day", "hour", "interval", "team", "design"),
    *("con", "nul", "aux", "com1", "__init__", "__proto__", "constructor", "nan", "inf"),
)
SHAPED = (
    *("<desk>", "<map>", "<text>", "<", "<script>alert(1)</script>", "$\\frac$", "$x$", "`x`"),
    *(
        "a\n# b",
        "a\r",
        "a\tb",
        "a\x00",
        "\x1b[31mred",
        "\x9b31m",
        "a\u202eb",
        "a\u200bb",
        "\ufeffa",
    ),
    *("a.b", "a@b", "a#b", "a*", "*", "a/b", "../a", "a\\b", "C:a", "a:b", "~", "a b", " a", "a "),
    *(
        "-",
        "-a",
        "_",
        "_a",
        "a_",
        "a-",
        "1",
        "1a",
        "é",
        "e\u0301",
        "客服",
        "дзвінки",
        "ß",
        "İ",
        "ſ",
    ),
    *(
        "a" * 64,
        "a" * 65,
        "я" * 64,
        "a" * 200,
        "",
        "'",
        '"',
        "''",
        '"a',
        "a'b",
        "{a}",
        "{{a}}",
        "%s",
    ),
    *(
        "a|b",
        "a;b",
        "a,b",
        "=1+1",
        "+1",
        "@a",
        "a&b",
        "&amp;",
        "\N{ROBOT FACE}",
        "\U000e0041",
        "a\u00a0b",
    ),
    *(
        "\x00map",
        "\x00text",
        "a$",
        "a\n",
        "desk\n",
        "a\u2028b",
        "١",
        "Ⅷ",
        "ａ",
        "a" + "\u0307" * 20,
    ),
)
LETTERS = "aZ9_-. <>$`'\"\n\t\x1b\u202e@#*/\\{}[]|&%:;,яé客\u0301\u200d"


def hostile() -> Iterator[str]:
    """500 names: words of the language, shaped ones, and random ones of awkward letters."""
    yield from (*WORDS, *SHAPED)
    chance = random.Random(20270301)
    for _ in range(500 - len(WORDS) - len(SHAPED)):
        yield "".join(chance.choices(LETTERS, k=chance.randrange(1, 12)))


@pytest.mark.parametrize("place", PLACES)
def test_a_name_is_played_or_refused_at_its_place(place: str) -> None:
    """Words and shaped names stand at every place, each random one at three of them."""
    seen = {"accepted": 0, "refused": 0}
    for number, name in enumerate(hostile()):
        if number >= len(WORDS) + len(SHAPED) and (number + PLACES.index(place)) % 3:
            continue
        data = named(**{place: name})
        if place != "design":
            del data["designs"]
        try:
            designs = all_from_dict(data)
        except ScenarioProblems as refused:
            seen["refused"] += 1
            assert refused.problems
            text = str(refused)
            assert escaped(text, keep="\n") == text
            lines = text.splitlines()
            assert len(lines) == len(refused.problems) + 1, "no name makes lines of its own"
            continue
        seen["accepted"] += 1
        # nothing that a shell, a file system, a page or a picture reads as something else
        assert re.fullmatch(r"[\w-]+", name) and len(name) <= 64
        assert name[0].isalpha() and name[-1] != "_"
        design = list(designs.values())[-1]
        if number < len(WORDS) and place not in ("distribution", "shared", "design"):
            compile_network(design)
            measures = known_measures(design.scenario)
            assert len(measures) == len(set(measures)), "two measures of one name"
        elif number % 5 == 0:
            assert all_from_dict(to_plain(design))["base"].scenario == design.scenario
    assert seen["accepted"] >= 20 and seen["refused"] > 150


def test_there_are_500() -> None:
    names = list(hostile())
    assert len(names) == 500 and len(set(names)) > 450

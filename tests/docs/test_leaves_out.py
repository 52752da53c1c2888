"""The page on what is left out has every sentence that `check` prints, and no other."""

from __future__ import annotations

import ast
import inspect
import re

import pytest

from ccsim.check import sentences
from tests.docs.markdown import DOCS

PAGE = DOCS / "background" / "leaves-out.md"
PRINTERS = ("left_out", "_left_out_beside")


def printed(source: str) -> list[re.Pattern[str]]:
    """The sentences that the functions of `check/sentences.py` may print; what is filled in matches
    anything."""
    found = []
    for function in ast.walk(ast.parse(source)):
        if isinstance(function, ast.FunctionDef) and function.name.lstrip("_").startswith(
            "left_out"
        ):
            inside = {
                id(p) for n in ast.walk(function) if isinstance(n, ast.JoinedStr) for p in n.values
            }
            for node in ast.walk(function):
                if isinstance(node, ast.JoinedStr):
                    found.append(_pattern(node.values))
                elif isinstance(node, ast.Constant) and id(node) not in inside:
                    found.append(_pattern([node]))
    return [each for each in found if each.pattern.endswith("\\.") and r"\ " in each.pattern]


def _pattern(parts: list[ast.expr]) -> re.Pattern[str]:
    texts = (
        re.escape(str(part.value)) if isinstance(part, ast.Constant) else r".+?" for part in parts
    )
    return re.compile("".join(texts))


def quoted(page: str) -> list[str]:
    """The sentences in quotes: lines that begin with `> `."""
    return [" ".join(line[2:].split()) for line in page.splitlines() if line.startswith("> ")]


SENTENCES = [
    each
    for each in printed(inspect.getsource(sentences))
    if "What the model does not have" not in each.pattern.replace("\\", "")
    and "What is not there" not in each.pattern.replace("\\", "")
]
QUOTED = quoted(PAGE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("sentence", SENTENCES, ids=[each.pattern[:30] for each in SENTENCES])
def test_what_check_prints_is_explained(sentence: re.Pattern[str]) -> None:
    assert [each for each in QUOTED if sentence.fullmatch(each)] != [], sentence.pattern


@pytest.mark.parametrize("said", QUOTED, ids=[each[:30] for each in QUOTED])
def test_what_is_explained_is_printed(said: str) -> None:
    assert [each for each in SENTENCES if each.fullmatch(said)] != [], said


def test_the_sentences_are_found() -> None:
    assert len(SENTENCES) >= 15
    source = 'def left_out(plan):\n    a = ["One is so."]\n    a.append(f"{x} is not so.")\n'
    one, other = printed(source)
    assert one.fullmatch("One is so.") and not one.fullmatch("One is not so.")
    assert other.fullmatch("Another is not so.")


def test_each_sentence_is_followed_by_what_it_does() -> None:
    """Never a quote at the end of a section: what it does to the figures comes after it."""
    text = PAGE.read_text(encoding="utf-8")
    for section in text.split("\n## "):
        paragraphs = [each for each in section.split("\n\n") if each.strip()]
        assert not paragraphs[-1].startswith("> ")
    assert all(name in inspect.getsource(sentences) for name in PRINTERS)

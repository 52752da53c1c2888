"""A valid file mutated at random resolves or is refused with problems: never anything else."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from ccsim.errors import ScenarioProblems
from ccsim.scenario.read import read_file
from ccsim.scenario.resolve import Design, all_from_dict, load_all
from ccsim.scenario.templates import template

FOLDER = Path(__file__).parent / "valid"
VALUES = (
    "yes", "no", "none", "rest", "~", "0", "-1", "1e9", "3.5", "''", '"', "[", "]", "{", "}", ":",
    "- ", "#", "&a", "*a", "!x", "%", "100 %", "-15 %", "+2 points", "5 min", "4 h / week",
    "mon-fri", "07:00", "24:00-24:00", "daily", "endless", "always", "phone", "desk", "only", "*",
    "a.b", "|", "../x.csv", "profiles/heads.csv", "é", "\u2009", "\t", "\0", "𝟙", "9" * 25,
    "1" * 400,
    "999999999999999 s", "+999999999999999 %",
)  # fmt: skip
MUTATIONS = 300


def mutated(text: str, chance: random.Random) -> bytes:
    """The text after one to four changes of lines, words, characters or bytes."""
    for _ in range(chance.randint(1, 4)):
        lines = text.split("\n")
        at = chance.randrange(len(lines))
        kind = chance.randrange(8)
        if kind == 0:
            del lines[at]
        elif kind == 1:
            lines.insert(chance.randrange(len(lines)), lines[at])
        elif kind == 2:
            lines[at] = " " * chance.randrange(7) + lines[at].lstrip()
        elif kind == 3:
            other = chance.randrange(len(lines))
            lines[at], lines[other] = lines[other], lines[at]
        elif kind == 4:
            words = lines[at].split(" ")
            words[chance.randrange(len(words))] = chance.choice(VALUES)
            lines[at] = " ".join(words)
        elif kind == 5 and ":" in lines[at]:
            lines[at] = lines[at].split(":")[0] + ": " + chance.choice(VALUES)
        elif kind == 6 and lines[at]:
            cut = chance.randrange(len(lines[at]))
            lines[at] = lines[at][:cut] + chance.choice(VALUES) + lines[at][cut + 1 :]
        else:
            del lines[at + 1 : at + 1 + chance.randrange(4)]
        text = "\n".join(lines) or "x"
    data = text.encode()
    if chance.random() < 0.1:
        where = chance.randrange(len(data))
        data = data[:where] + bytes([chance.randrange(256)]) + data[where + 1 :]
    return data


def outcome(path: Path) -> str:
    """`designs` or `problems`, after a look at what either must be. Anything else is an error."""
    try:
        designs = load_all(path)
    except ScenarioProblems as raised:
        assert raised.problems
        for problem in raised.problems:
            assert problem.file and problem.message
            assert problem.line >= 1 and problem.column >= 1, problem
            assert "Traceback" not in str(problem) and "pydantic" not in str(problem)
        assert str(raised).endswith("nothing was run")
        return "problems"
    assert designs and all(isinstance(design, Design) for design in designs.values())
    return "designs"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files that the scenarios name."""
    made = tmp_path_factory.mktemp("mutations")
    (made / "profiles").mkdir()
    for file in (FOLDER / "profiles").iterdir():
        (made / "profiles" / file.name).write_bytes(file.read_bytes())
    return made


@pytest.mark.parametrize("seed", range(4))
def test_mutated_files_never_give_a_traceback(seed: int, folder: Path) -> None:
    chance = random.Random(seed)
    texts = [path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.yaml"))]
    texts.append(template())
    seen = {"designs": 0, "problems": 0}
    path = folder / "mutated.yaml"
    for _ in range(MUTATIONS // 4):
        path.write_bytes(mutated(chance.choice(texts), chance))
        seen[outcome(path)] += 1
    assert seen["problems"] > seen["designs"] > 0  # the mutations bite, and not always


@pytest.mark.slow
def test_ten_thousand_mutations(folder: Path) -> None:
    chance = random.Random(20270301)
    texts = [path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.yaml"))]
    path = folder / "mutated.yaml"
    for _ in range(10_000):
        path.write_bytes(mutated(chance.choice(texts), chance))
        outcome(path)


ODD = (
    None, True, False, 0, -1, 3.5, 1e308, float("nan"), float("inf"), 10**30, 10**400, "", "none",
    "rest", "-15 %", "80 %", "5 min", "always", "endless", [], {}, [[]], [{}], {"only": 1},
    {"a": {"b": []}},
    "a.b", b"bytes", "\ud800", {"mon": 1}, {"": ""}, {1: 2}, [None], "phone", "x" * 1000,
)  # fmt: skip


def with_odd_value(data: object, chance: random.Random) -> object:
    """Plain data in which one value or key somewhere is replaced, removed or added."""
    if isinstance(data, dict) and data and chance.random() < 0.85:
        key = chance.choice(list(data))
        new = dict(data)
        kind = chance.randrange(12)
        if kind == 0:
            del new[key]
        elif kind == 1:
            new[chance.choice(["odd", "mon", "phone", "as", "tier2", "from_"])] = chance.choice(ODD)
        else:
            new[key] = with_odd_value(data[key], chance)
        return new
    if isinstance(data, (list, tuple)) and data and chance.random() < 0.85:
        at = chance.randrange(len(data))
        return [*data[:at], with_odd_value(data[at], chance), *data[at + 1 :]]
    return chance.choice(ODD)


def test_odd_data_never_gives_a_traceback(folder: Path) -> None:
    chance = random.Random(7)
    sources = [read_file(path, path.name).plain() for path in sorted(FOLDER.glob("*.yaml"))]
    seen = {"designs": 0, "problems": 0}
    for _ in range(MUTATIONS):
        data = with_odd_value(chance.choice(sources), chance)
        if not isinstance(data, dict):
            continue
        try:
            all_from_dict(data, folder)
            seen["designs"] += 1
        except ScenarioProblems as raised:
            assert str(raised).endswith("nothing was run")
            seen["problems"] += 1
    assert seen["problems"] > seen["designs"] > 0

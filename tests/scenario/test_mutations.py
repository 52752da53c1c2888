"""Valid files, settings and tables mutated at random resolve or are refused with problems: never
anything else; and what is accepted can be compiled, staffed, filled with customers and played."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from ccsim.check import check
from ccsim.errors import ScenarioProblems
from ccsim.experiment.replications.replicate import ReplicationPlan, Replicator
from ccsim.experiment.replications.size import size_of
from ccsim.measures.catalogue import known_measures
from ccsim.network.compile import compile_network
from ccsim.roster import make_roster
from ccsim.scenario.parsing.read import read_file
from ccsim.scenario.resolve import Design, all_from_dict, load_all
from ccsim.scenario.templates import template
from ccsim.workload import make_workload
from tests.evaluated import evaluate

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


def outcome(path: Path, settings: tuple[str, ...] = (), *, run: bool = False) -> str:
    """`designs` or `problems`, after a look at what either must be. Anything else is an error."""
    try:
        designs = load_all(path, settings, known_measures=known_measures)
    except ScenarioProblems as raised:
        assert raised.problems
        for problem in raised.problems:
            assert problem.file and problem.message
            of_setting = problem.file.startswith("--set ")
            assert of_setting or (problem.line >= 1 and problem.column >= 1), problem
            assert "Traceback" not in str(problem) and "pydantic" not in str(problem)
        assert str(raised).endswith("nothing was run")
        return "problems"
    assert designs and all(isinstance(design, Design) for design in designs.values())
    for design in (designs["base"], *list(designs.values())[-1:]):
        can_be_played(design, run=run)
    return "designs"


def can_be_played(design: Design, *, run: bool) -> None:
    """What was accepted compiles and has people and customers; with `run` it is also explained, and
    played by the reference. What is too much for a test is only estimated."""
    size = size_of({design.name: design}, 1, "simpy", 1)
    network = compile_network(design)
    if size.entries > 20_000 or size.agents * size.days > 20_000 or size.days > 400:
        return
    if not run:
        make_roster(design, network, 5, 0)
        make_workload(design, network, 5, 0)
        return
    assert check(design).network.queues
    replicator = Replicator(ReplicationPlan((design,), 5, "simpy"))
    workload, roster, records = replicator.records(design, network, 0)
    assert evaluate(design, network, roster, workload, records).keys


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files that the scenarios name."""
    made = tmp_path_factory.mktemp("mutations")
    for below in ("profiles", "parts"):
        (made / below).mkdir()
        for file in (FOLDER / below).iterdir():
            (made / below / file.name).write_bytes(file.read_bytes())
    return made


def texts_of(paths: list[Path]) -> list[str]:
    return [path.read_text(encoding="utf-8") for path in paths]


@pytest.mark.parametrize("seed", range(4))
def test_mutated_files_never_give_a_traceback(seed: int, folder: Path) -> None:
    chance = random.Random(seed)
    texts = [*texts_of(sorted(FOLDER.glob("*.yaml"))), template()]
    seen = {"designs": 0, "problems": 0}
    path = folder / "mutated.yaml"
    for number in range(MUTATIONS // 4):
        path.write_bytes(mutated(chance.choice(texts), chance))
        seen[outcome(path, run=number % 8 == 0)] += 1
    assert seen["problems"] > seen["designs"] > 0  # the mutations bite, and not always


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_ten_thousand_mutations(seed: int, folder: Path) -> None:
    """A thousand of each seed; what is accepted goes through all but the engine, and a part of it
    through that as well."""
    chance = random.Random(20270301 + seed)
    texts = texts_of(sorted(FOLDER.glob("*.yaml")))
    path = folder / "mutated.yaml"
    seen = {"designs": 0, "problems": 0}
    for number in range(1000):
        path.write_bytes(mutated(chance.choice(texts), chance))
        seen[outcome(path, run=number % 10 == 0)] += 1
    assert seen["problems"] > seen["designs"] > 0


# --- settings and designs -------------------------------------------------------------------------
def a_path(node: object, chance: random.Random) -> str:
    """A dotted path into plain data, at times with a wildcard, a slip of the pen or a step more."""
    steps: list[str] = []
    while isinstance(node, (dict, tuple)) and node and (not steps or chance.random() < 0.85):
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        key = chance.choice(keys)
        node = node[key]
        steps.append(str(key if isinstance(key, str) else key + 1))
    kind = chance.randrange(8)
    if kind == 0:
        steps[chance.randrange(len(steps))] = "*"
    elif kind == 1:
        at = chance.randrange(len(steps))
        steps[at] = steps[at][:-1] + chance.choice(["", "x", ".", "é"])
    elif kind == 2:
        steps.append(chance.choice(["mean", "people", "1", "0", "*", "share", "x", ""]))
    return ".".join(steps)


CHANGED = (
    *VALUES, "+1", "-1", "+5 min", "-2 points", "+200 %", "-100 %", "-101 %", "{only: {}}", "[]",
    "{}", "{only: 1}", "{a: none}", "12", "1 000", "1.450", "0 s", "50 d", "1000000", "99 %",
)  # fmt: skip


FITTING = ("none", "+10 %", "-5 %")


def test_mutated_settings_and_designs_never_give_a_traceback(folder: Path) -> None:
    chance = random.Random(11)
    seen = {"designs": 0, "problems": 0}
    paths = sorted(FOLDER.glob("*.yaml"))
    for _ in range(MUTATIONS):
        source = chance.choice(paths)
        text = source.read_text(encoding="utf-8")
        plain = read_file(source, source.name).plain()
        pairs = [(a_path(plain, chance), chance.choice((*CHANGED, *FITTING * 8)))]
        path = folder / source.name
        settings = tuple(f"{where}={value}" for where, value in pairs)
        if chance.random() < 0.5 and "\ndesigns:" not in text and "'" not in "".join(settings):
            lines = "".join(f"    '{where}': {value}\n" for where, value in dict(pairs).items())
            path.write_text(f"{text}\ndesigns:\n  odd:\n{lines}", encoding="utf-8", newline="")
            settings = ()
        else:
            path.write_text(text, encoding="utf-8")
        seen[outcome(path, settings)] += 1
    assert seen["problems"] > seen["designs"] > 0


# --- tables ---------------------------------------------------------------------------------------
CELLS = (
    "", "0", "-1", "1e9", "nan", "inf", "x", '"', "#", "24:00", "00:00", "mon", "yes", "\0", "é",
    "2027-03-01T09:00", "9999-12-31T23:59:59", "0001-01-01 00:00", "1_0", "٣", " 1 ", "1" * 50,
)  # fmt: skip


def mutated_table(text: str, chance: random.Random) -> bytes:
    """The text of a table after one to three changes of rows and cells."""
    for _ in range(chance.randint(1, 3)):
        lines = text.split("\n")
        at = chance.randrange(len(lines))
        cells = lines[at].split(",")
        kind = chance.randrange(5)
        if kind == 0:
            del lines[at]
        elif kind == 1:
            lines.insert(at, lines[chance.randrange(len(lines))])
        elif kind == 2:
            cells[chance.randrange(len(cells))] = chance.choice(CELLS)
            lines[at] = ",".join(cells)
        elif kind == 3:
            lines[at] = ",".join([*cells, chance.choice(CELLS)])
        else:
            lines = lines[: at + 1]
        text = "\n".join(lines)
    data = text.encode()
    return data if chance.random() < 0.9 else data + bytes([chance.randrange(128, 256)])


def test_mutated_tables_never_give_a_traceback(folder: Path) -> None:
    chance = random.Random(13)
    source = FOLDER / "files.yaml"
    (folder / "files.yaml").write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    tables = sorted(FOLDER.glob("profiles/*.csv"))
    seen = {"designs": 0, "problems": 0}
    for _ in range(MUTATIONS // 2):
        table = chance.choice(tables)
        there = folder / "profiles" / table.name
        there.write_bytes(mutated_table(table.read_text(encoding="utf-8"), chance))
        seen[outcome(folder / "files.yaml")] += 1
        there.write_bytes(table.read_bytes())
    assert seen["problems"] > 0 < seen["designs"]


# --- plain data -----------------------------------------------------------------------------------
ODD: tuple[object, ...] = (
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

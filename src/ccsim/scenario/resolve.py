"""Scenario files -> designs: read, patch, validate, check; all problems of all designs at once.

Order: the files that it goes on from (`extends`), the base, the design's patch (after that of the
design it is `like`), then `--set`. Resolving is idempotent: `to_plain` gives data that resolves to
the same design again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ccsim.errors import MOST_COLLECTED, ScenarioError, ScenarioProblems, suggestion
from ccsim.scenario.parsing import read
from ccsim.scenario.parsing.problem import Problem
from ccsim.scenario.parsing.tree import Entry, Node, Place, dotted, from_plain, leaves
from ccsim.scenario.parsing.tree import Path as NodePath
from ccsim.scenario.parsing.yaml_diagnostics import why_nothing
from ccsim.scenario.patching.designs import BASE, DESIGNS, patched_designs, problems_of_designs
from ccsim.scenario.patching.extends import Extending
from ccsim.scenario.patching.patch import ABOUT, LABEL, Patching
from ccsim.scenario.rules import check
from ccsim.scenario.rules.partial_scenario import check_part
from ccsim.scenario.schema import Scenario
from ccsim.scenario.tables.files import FileReader, FileTable
from ccsim.scenario.uncertainty.assumptions import problems_of, settle
from ccsim.scenario.validation.expectation_scope import Meant, unknown_designs
from ccsim.scenario.validation.messages import MAP, in_words
from ccsim.scenario.validation.readable_part import readable_part
from ccsim.scenario.validation.size_limits import MOST_VALUES, too_many
from ccsim.scenario.written import FROM_FILE

KnownMeasures = Callable[[Scenario], Sequence[str]]


@dataclass(frozen=True)
class Design:
    """A resolved design: what to simulate, with every file that it needs already read."""

    name: str
    scenario: Scenario
    files: Mapping[str, FileTable] = field(default_factory=dict)
    folder: Path | None = None
    places: Mapping[str, tuple[str, int, int]] = field(default_factory=dict, compare=False)
    about: str = ""
    label: str = ""  # the name that people read; the design's name where none is written
    root: Node | None = field(default=None, compare=False, repr=False)  # None: read from results


def load(
    path: str | os.PathLike[str],
    design: str | None = None,
    settings: Sequence[str] = (),
    *,
    known_measures: KnownMeasures | None = None,
) -> Design:
    """One design of a scenario file (`base` when none is named).

    `settings` are `PATH=VALUE`. Raises `ScenarioProblems` with every problem of every design.
    """
    return _chosen(load_all(path, settings, known_measures=known_measures), design, str(path))


def load_all(
    path: str | os.PathLike[str],
    settings: Sequence[str] = (),
    *,
    known_measures: KnownMeasures | None = None,
) -> dict[str, Design]:
    """All designs of a scenario file, `base` first."""
    shown = os.fspath(path)
    file = Path(shown)
    return _resolve(read.read_file(file, shown), file.parent, settings, known_measures)


def from_dict(
    data: Mapping[str, Any],
    folder: str | os.PathLike[str] | None = None,
    *,
    design: str | None = None,
    settings: Sequence[str] = (),
    known_measures: KnownMeasures | None = None,
) -> Design:
    """One design of a scenario given as plain data, in the words of a file (`"20 s"`, `"80 %"`).

    Files are read below `folder`; without one, none can be named.
    """
    designs = all_from_dict(data, folder, settings=settings, known_measures=known_measures)
    return _chosen(designs, design, "<data>")


def all_from_dict(
    data: Mapping[str, Any],
    folder: str | os.PathLike[str] | None = None,
    *,
    settings: Sequence[str] = (),
    known_measures: KnownMeasures | None = None,
) -> dict[str, Design]:
    """All designs of a scenario given as plain data."""
    root = from_plain(data, Place("<data>"))
    return _resolve(root, None if folder is None else Path(folder), settings, known_measures)


def to_plain(design: Design) -> dict[str, Any]:
    """The resolved scenario as plain data in the words of a file, with every default that applies;
    written as JSON or YAML it loads again to the same scenario."""
    data = design.scenario.model_dump(mode="json", by_alias=True, exclude_none=True)
    return {key: value for key, value in data.items() if value not in ({}, [])}


def nodes_of(design: Design) -> Node:
    """The nodes of a design; of one that was read back from its results, its resolved form."""
    return design.root or from_plain(to_plain(design), Place(design.name))


def varied(
    design: Design,
    name: str,
    settings: Mapping[str, tuple[str, str]],
    *,
    known_measures: KnownMeasures | None = None,
) -> Design:
    """The design under another name with values set: path -> (value as written, how an error calls
    the setting). The same as `--set`, without reading the file again. Raises `ScenarioProblems`."""
    before = nodes_of(design)
    making = Patching(before)
    refused: list[ScenarioError] = []
    for path, (text, shown) in settings.items():
        value = _value(path, text, shown, refused)
        if value is not None:
            making.set(path, value, value.place)
    if refused:
        raise ScenarioProblems(refused)
    settle({BASE: making}, {BASE: before})
    written = list(leaves(making.root))
    reader = FileReader(design.folder)
    made = _finish(BASE, {BASE: making}, written, reader, design.folder, known_measures)
    if not isinstance(made, Design):
        raise ScenarioProblems(problem for problem, _ in made)
    return replace(made, name=name, about=design.about)


def _chosen(designs: Mapping[str, Design], name: str | None, shown: str) -> Design:
    if name is None or name in designs:
        return designs[name or BASE]
    message = f"there is no design '{name}'{suggestion(name, tuple(designs), 'designs')}"
    raise ScenarioProblems([ScenarioError(shown, 0, 0, "", message)])


def _resolve(
    root: Node,
    folder: Path | None,
    settings: Sequence[str],
    known_measures: KnownMeasures | None,
) -> dict[str, Design]:
    extending = Extending(folder)
    file = root.place.file
    root = extending.whole(root)
    if extending.problems:  # what the files would have said is missing: nothing more can be told
        raise ScenarioProblems(sorted(extending.problems, key=_order(file)))
    if excess := [problem.placed(root) for problem in too_many(leaves(root))]:
        raise ScenarioProblems(excess[:MOST_COLLECTED])
    patches = dict(root.entries[DESIGNS].value.entries) if DESIGNS in root.entries else {}
    problems: dict[ScenarioError, None] = dict.fromkeys(problems_of_designs(root, patches))
    base = Node(root.place, {k: e for k, e in root.entries.items() if k != DESIGNS})
    base = base if root.is_map else root
    parsed, refused = _settings(settings, (BASE, *patches))
    problems.update(dict.fromkeys(refused))
    reader = FileReader(folder)
    makings = patched_designs(base, patches)
    stated = {name: making.root for name, making in makings.items()}
    for setting in parsed:
        for making in _meant(setting, makings):
            making.set(setting.path, setting.value, setting.value.place)
    settle(makings, stated)
    designs: dict[str, Design] = {}
    values = 0
    for name, making in makings.items():
        written = list(leaves(making.root))
        values += len(written)
        if values > MOST_VALUES and patches:
            message = f"together they have more than {MOST_VALUES} values; compare fewer at a time"
            raise ScenarioProblems([Problem((DESIGNS,), message, True).placed(root)])
        if len(problems) >= MOST_COLLECTED:
            break
        finished = _finish(name, makings, written, reader, folder, known_measures)
        if isinstance(finished, Design):
            designs[name] = _described(finished, patches.get(name))
        else:
            # what is wrong with the base is said once, not again for every design
            for problem, in_base in finished:
                if in_base not in problems:
                    problems[problem] = None
    if problems:
        raise ScenarioProblems(sorted(problems, key=_order(file)))
    return designs


def _order(file: str) -> Callable[[ScenarioError], tuple[bool, str, int, int]]:
    return lambda problem: (problem.file != file, problem.file, problem.line, problem.column)


def _finish(
    name: str,
    makings: Mapping[str, Patching],
    written: list[tuple[NodePath, Node, Place]],
    reader: FileReader,
    folder: Path | None,
    known_measures: KnownMeasures | None,
) -> Design | list[tuple[ScenarioError, ScenarioError]]:
    """The design, or its problems, each as told of this design and as told of the base."""
    making = makings[name]
    root = making.root
    # what only goes on from the base has its problems told there
    if name != BASE and making.problems and root is makings[BASE].root:
        return [(each.placed(root, name), each.placed(root)) for each in making.problems]
    problems = [*making.problems, *_nothing_written(written), *too_many(written)]
    problems = problems[:MOST_COLLECTED]
    inside: list[ScenarioError] = []
    scenario = None
    try:
        scenario = Scenario.model_validate(root.plain(), context=FROM_FILE)
    except ValidationError as error:
        said = {problem.path for problem in problems}
        wrong = [problem for problem in in_words(error, root) if problem.path not in said]
        problems = [each for each in problems if not _inside(each, wrong)] + wrong
        part = readable_part(root, error)
        if part is not None:
            files, unread, inside = reader.tables(part.scenario)
            unknown = unknown_designs(part.scenario, tuple(makings))
            problems += part.about_names([*unread, *unknown])
            problems += check_part(part, files, known_measures)
    if scenario is not None:
        files, unread, inside = reader.tables(scenario)
        problems += unread
        meant = Meant(scenario, name)
        problems += unknown_designs(scenario, tuple(makings))
        problems += map(meant.as_written, check(meant.scenario, files, known_measures))
        if not problems and not inside:
            problems += problems_of(root, scenario, files)
        if not problems and not inside:
            places = {
                dotted(path): (place.file, place.line, place.column) for path, _, place in written
            }
            held = meant.places(places)
            return Design(name, meant.scenario, files, folder, held, root=meant.nodes(root))
    shown = "" if name == BASE else name
    problems = [making.pointed(problem) for problem in problems]
    told = [(each.placed(root, shown, making.at), each.placed(root)) for each in problems]
    return told + [(problem, problem) for problem in inside]


def _nothing_written(written: list[tuple[NodePath, Node, Place]]) -> list[Problem]:
    """Keys without a value: a default is told by leaving the key out."""
    return [
        Problem(path, "nothing is written here" + why_nothing(path[-1]), place=place)
        for path, node, place in written
        if node.content is None
    ]


def _inside(problem: Problem, others: Sequence[Problem]) -> bool:
    """Whether it is about something inside of what is wrong as a whole."""
    return any(
        len(each.path) < len(problem.path)
        and problem.path[: len(each.path)] == each.path
        and each.message.startswith(MAP)
        for each in others
    )


def _described(design: Design, patch: Entry | None) -> Design:
    """The design with its description and its label, which is that of its scenario too. Neither is
    taken from another design, but a design without a description has the scenario's."""
    own = {} if patch is None else patch.value.entries
    about = own[ABOUT].value.content if ABOUT in own else design.scenario.about
    label = own[LABEL].value.content if LABEL in own else None
    label = design.scenario.label if patch is None else label
    own_label = None if label is None else str(label)
    scenario = design.scenario.model_copy(update={"label": own_label})
    return replace(
        design, scenario=scenario, about=str(about or ""), label=own_label or design.name
    )


# --- --set ----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Setting:
    path: str
    value: Node
    design: str | None  # None: every design


def _meant(setting: _Setting, makings: Mapping[str, Patching]) -> list[Patching]:
    """The designs that a setting is for: the one it names, or all that have what it changes (a
    team of tiers has no place in a design without). Where none has, the first says what is wrong.
    """
    if setting.design is not None:
        return [makings[setting.design]] if setting.design in makings else []
    found = [making for making in makings.values() if making.leads_somewhere(setting.path)]
    return found or [next(iter(makings.values()))]


def _settings(
    settings: Sequence[str], designs: Sequence[str]
) -> tuple[list[_Setting], list[ScenarioError]]:
    """`PATH=VALUE` or `designs.NAME.PATH=VALUE`, read as YAML."""
    parsed: list[_Setting] = []
    refused: list[ScenarioError] = []
    for setting in settings:
        shown = f"--set {setting}"
        path, equals, text = setting.partition("=")
        path = path.strip()
        if not equals or not path or not text.strip():
            refused.append(ScenarioError(shown, 0, 0, "", "write --set PATH=VALUE"))
            continue
        design = None
        if path.startswith(f"{DESIGNS}."):
            _, design, path = [*path.split(".", 2), "", ""][:3]
            if design in designs and not path:
                message = f"write what changes in it: {DESIGNS}.{design}.PATH=VALUE"
                refused.append(ScenarioError(shown, 0, 0, "", message))
                continue
            if design not in designs:
                hint = suggestion(design, tuple(designs), "designs")
                message = f"there is no design '{design}'{hint}"
                refused.append(ScenarioError(shown, 0, 0, "", message))
                continue
        value = _value(path, text, shown, refused)
        if value is not None:
            parsed.append(_Setting(path, value, design))
    return parsed, refused


def _value(path: str, text: str, shown: str, refused: list[ScenarioError]) -> Node | None:
    """The text of a setting read as YAML; None where it cannot be, which is added to `refused`."""
    try:
        plain = read.read_text(f"value: {text}", shown).entries["value"].value.plain()
    except ScenarioProblems as problems:
        refused += [
            ScenarioError(shown, 0, 0, path, problem.message) for problem in problems.problems
        ]
        return None
    return from_plain(plain, Place(shown))

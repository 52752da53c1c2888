"""Designs and `--set`: patches over a scenario's nodes.

Maps merge; lists and scalars replace; `none` removes; `{only: {...}}` replaces a whole map. A
signed percentage is a change of what stands there: `-15 %` multiplies, `-2 points` adds; on a map
or a list of quantities it changes each, on a block what its short form says (a mean). Dotted paths
reach any value; `*` stands for every name and must match something; items of lists count from 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from ccsim import units
from ccsim.errors import suggestion
from ccsim.scenario.blocks.base import Block
from ccsim.scenario.language.structure import allowed_keys, blocks_at, types_at
from ccsim.scenario.parsing.problem import Problem
from ccsim.scenario.parsing.tree import Entry, Node, Path, Place, written_key
from ccsim.scenario.patching.day_sets import as_sets, members_at, spread
from ccsim.scenario.quantities import Changed
from ccsim.units import Change, UnitError

REMOVE = "none"
ONLY = "only"
ABOUT = "about"
LABEL = "label"
TOO_FAR = "with this, the wildcards look at more values than a scenario needs; write names"
LIKE = "like"
# Blocks whose names are the scenario's own, by depth: a path into one needs one that is there
OWN_NAMES: dict[int, dict[object, str]] = {
    1: {
        "contacts": "contact types",
        "teams": "teams",
        "shifts": "shifts",
        "roles": "roles",
        "distributions": "distributions",
    },
    3: {"stages": "stages"},
}


@dataclass
class Reach:
    """How many more values the wildcards of a scenario may look at, over all designs."""

    left: int = 10_000


@dataclass
class Patching:
    """One design in the making: the nodes so far and what is wrong with its patches."""

    root: Node
    problems: list[Problem] = field(default_factory=list)
    reach: Reach = field(default_factory=Reach)
    removed: dict[Path, Place] = field(default_factory=dict)  # by `none`, and where that stands
    at: Place | None = None  # where the design stands, if it is one

    def copy(self, at: Place) -> Patching:
        """Another design, which stands there and goes on from this one, with the same reach."""
        return Patching(self.root, list(self.problems), self.reach, dict(self.removed), at)

    def design(self, patch: Node) -> None:
        """A patch of `designs:`; its keys are keys of the scenario or dotted paths."""
        if not patch.is_map:
            self._problem((), "a design is a map of what differs from the base", patch.place)
            return
        for key, entry in patch.entries.items():
            if key in (ABOUT, LABEL, LIKE):
                continue
            self.set(key, entry.value, entry.key_place)

    def set(self, path: str, value: Node, place: Place) -> None:
        """A value at a dotted path."""
        steps = path.split(".")
        if not all(steps):
            self._problem((path,), "a dotted path has a word between its dots", place)
            return
        change = units.parse_change(value.content)
        targets = list(self._targets(self.root, steps, ()))
        if self.reach.left < 0:
            if not any(problem.message == TOO_FAR for problem in self.problems):
                self._problem((path,), TOO_FAR, place)
            return
        if not targets:
            self._problem((path,), f"'{path}' matches nothing{self._near(steps)}", place)
            return
        if len(targets) > 1:  # a wildcard: what can stand there, or what stands there to change
            fit = (
                [path for path in targets if _may_stand(path)]
                if change is None and value.content != REMOVE
                else [path for path in targets if _at(self.root, path) is not None]
            )
            targets = fit or targets
        for target in reversed(targets):  # the last of a list first: removing moves those after it
            if (unknown := self._unknown(target)) is not None:
                self._problem(target[:-1], unknown, place)
                continue
            self.root = self._put(self.root, target, 0, value, place)

    def standing(self, path: str) -> list[Path]:
        """The places that a dotted path means and at which something stands; of a block the value
        that its short form says (patience: its mean)."""
        found = []
        for target in self._targets(self.root, path.split("."), ()):
            node = _at(self.root, target)
            if node is None:
                continue
            short = next((each.short_key for each in blocks_at(target)), None)
            said = short is not None and short in _as_map(node, target).entries
            found.append((*target, short) if said and short is not None else target)
        return found

    def why_nothing(self, path: str) -> str:
        """Why nothing stands at a dotted path, in words."""
        steps = path.split(".")
        unknown = (self._unknown(target) for target in self._targets(self.root, steps, ()))
        named = next((why for why in unknown if why is not None), None)
        return named or f"'{path}' leads to nothing that is written{self._near(steps)}"

    def value_at(self, target: Path) -> Node | None:
        """What stands at a place; None where nothing does."""
        return _at(self.root, target)

    def put(self, target: Path, value: Node) -> None:
        """A value in place of the one at a place that `standing` found."""
        self.root = self._put(self.root, target, 0, value, value.place)

    def leads_somewhere(self, path: str) -> bool:
        """Whether a dotted path means something that this design has, or could have."""
        targets = list(self._targets(self.root, path.split("."), ()))
        return any(self._unknown(target) is None for target in targets)

    def _unknown(self, path: Path) -> str | None:
        """Why a path leads nowhere: `teams.frontlin.people` would make a team of a slip of the pen.
        Whole things are made by name (`teams.night: {...}`)."""
        if len(path) == 2 and path[0] == "routing" and _is_inside_route(str(path[1])):
            routing = _at(self.root, ("routing",))
            lines = tuple(routing.entries) if routing is not None else ()
            name = str(path[1]).partition(".")[0]
            return f"there is no line '{name}' that goes so far{suggestion(name, lines, 'lines')}"
        for depth in (1, 3):  # teams.NAME, contacts.TYPE.stages.NAME
            block = path[depth - 1] if len(path) > depth + 1 else None
            named = _at(self.root, path[:depth]) if block in OWN_NAMES[depth] else None
            known = tuple(named.entries) if named is not None else ()
            if block in OWN_NAMES[depth] and path[depth] not in known:
                kind = OWN_NAMES[depth][block]
                hint = suggestion(str(path[depth]), known, kind)
                return f"there is no {kind[:-1]} '{path[depth]}'{hint}"
        return None

    def _near(self, steps: list[str]) -> str:
        keys = tuple(self.root.entries)
        if steps[0] in keys or steps[0] == "*":
            numbered = any(step.isdecimal() for step in steps)
            return " (items of a list are counted from 1)" if numbered else ""
        return f"{suggestion(steps[0], keys, 'keys')}"

    def _targets(self, node: Node | None, steps: list[str], path: Path) -> Iterator[Path]:
        """The paths that dotted steps mean. Names that hold dots (`billing.phone`) are found where
        they exist; the rest of a path under `routing` is one name."""
        if not steps:
            yield path
            return
        by_number = node is not None and node.is_list and (steps[0].isdecimal() or steps[0] == "*")
        if node is not None and not by_number:
            node = _as_map(node, path)
        entries = node.entries if node is not None else {}
        named = [key for key in entries if steps[: key.count(".") + 1] == key.split(".")]
        if named and not (path == ("routing",) and _is_route_name(max(named, key=len), steps)):
            key = max(named, key=len)
            yield from self._targets(entries[key].value, steps[key.count(".") + 1 :], (*path, key))
        elif node is not None and node.is_list:
            for index, item in enumerate(node.items):
                if steps[0] in ("*", str(index + 1)):
                    yield from self._targets(item, steps[1:], (*path, index))
        elif steps[0] == "*":
            self.reach.left -= len(entries)
            for key, entry in entries.items() if self.reach.left >= 0 else ():
                yield from self._targets(entry.value, steps[1:], (*path, key))
        elif inner := _inside(node, steps[0], path):
            for key, after in inner:
                yield from self._targets(entries[key].value, after + steps[1:], (*path, key))
        elif "*" in steps or steps[0].isdecimal():
            return  # a wildcard or an item below what does not exist matches nothing
        elif path == ("routing",):
            yield (*path, ".".join(steps))
        else:
            yield from self._targets(None, steps[1:], (*path, steps[0]))

    def _put(self, node: Node, path: Path, depth: int, value: Node, place: Place) -> Node:
        """`node` with `value` merged in at path[depth:]."""
        if depth == len(path):
            merged = self.merged(node, value, path, place)
            return node if merged is None else merged
        step = path[depth]
        if isinstance(step, str):
            node = _as_map(node, path[:depth])
        last = depth + 1 == len(path)
        node = as_sets(node, path[:depth])
        if last and isinstance(step, str) and node.is_map and members_at(path[:depth]) is not None:
            patch = Node(place, {step: Entry(place, value)})
            return self.merged(node, patch, path[:depth], place) or node
        if isinstance(step, int):
            items = list(node.items)
            item = (
                self.merged(items[step], value, path, place)
                if last
                else self._put(items[step], path, depth + 1, value, place)
            )
            items[step : step + 1] = [] if item is None else [item]
            return Node(node.place, tuple(items))
        if not node.is_map:
            shown = units.found(node.plain())
            self._problem(path[:depth], f"'{step}' cannot be set: here stands {shown}", place)
            return node
        entries = dict(node.entries)
        old = entries.get(step)
        if last:
            new = self.merged(old.value if old else None, value, path, place)
        else:
            inner = old.value if old else Node(place, {})
            new = self._put(inner, path, depth + 1, value, place)
        if new is None:
            entries.pop(step, None)
        else:
            key_place = old.key_place if old and new.is_map and old.value.is_map else place
            entries[step] = Entry(key_place, new)
        return Node(node.place, entries)

    def merged(self, old: Node | None, patch: Node, path: Path, place: Place) -> Node | None:
        """What stands at `path` after the patch; None removes it."""
        if patch.content == REMOVE:
            if old is None:
                self._problem(path, "there is nothing here to remove", patch.place)
            else:
                self.removed[path] = patch.place
            return None
        change = units.parse_change(patch.content)
        if change is not None:
            if old is None:
                self._problem(
                    path, "there is nothing here to change; write the value itself", patch.place
                )
                return None
            return self._changed(old, change, path, patch.place)
        if not patch.is_map:
            return patch
        if ONLY in patch.entries:
            return self._only(patch, path)
        old = as_sets(_as_map(old, path), path) if old is not None else None
        if old is None or not old.is_map:
            old = Node(patch.place, {})
        try:
            old, patch = spread(old, patch, path)
        except UnitError as error:
            self._problem(path, str(error), place)
        entries = dict(old.entries)
        for key, entry in patch.entries.items():
            before = entries.get(key)
            new = self.merged(
                before.value if before else None, entry.value, (*path, key), entry.key_place
            )
            if new is None:
                entries.pop(key, None)
                continue
            kept = before is not None and before.value.is_map and new.is_map
            entries[key] = Entry(before.key_place if before and kept else entry.key_place, new)
        return Node(old.place, entries)

    def _only(self, patch: Node, path: Path) -> Node | None:
        new = patch.entries[ONLY].value
        if len(patch.entries) > 1:
            other = next(key for key in patch.entries if key != ONLY)
            place = patch.entries[other].key_place
            self._problem((*path, other), "nothing may stand beside `only`", place)
        if not new.is_map:
            self._problem(path, "`only` holds the map that replaces this one", new.place)
            return new
        return self.merged(None, new, path, patch.place)

    def _changed(self, old: Node, change: Change, path: Path, place: Place) -> Node:
        blocks = blocks_at(path)
        if any(each.scale_key is not None for each in blocks):
            old = _as_map(old, path)
        if blocks and old.is_map:
            return self._changed_block(old, change, path, place, blocks[0])
        if old.is_map:
            entries = {
                key: Entry(entry.key_place, self._changed(entry.value, change, (*path, key), place))
                for key, entry in old.entries.items()
            }
            return Node(old.place, entries)
        if old.is_list:
            items = enumerate(old.items)
            return Node(
                old.place,
                tuple(self._changed(item, change, (*path, i), place) for i, item in items),
            )
        try:
            new = units.apply_change(change, old.content)
        except UnitError as error:
            self._problem(path, str(error), place)
            return old
        return Node(place, Changed(new) if isinstance(new, float) else new)

    def _changed_block(
        self, old: Node, change: Change, path: Path, place: Place, block: type[Block]
    ) -> Node:
        """A block changes by its factor, if it has one, else by what its short form stands for:
        heads of a file by their multiple, patience by its mean."""
        short_key = block.scale_key or block.short_key
        if block.scale_key is not None and block.scale_key not in old.entries:
            whole = Entry(place, Node(place, "100 %"))
            old = Node(old.place, {**old.entries, block.scale_key: whole})
        if short_key is None or short_key not in old.entries:
            hint = f": '{short_key}' is not written" if short_key else ""
            self._problem(path, f"say which of its values changes{hint}", place)
            return old
        entry = old.entries[short_key]
        new = self._changed(entry.value, change, (*path, short_key), place)
        return Node(old.place, {**old.entries, short_key: Entry(entry.key_place, new)})

    def pointed(self, problem: Problem) -> Problem:
        """A problem about what a patch has removed stands where it was removed."""
        if problem.place is None and problem.path in self.removed:
            return replace(problem, place=self.removed[problem.path])
        return problem

    def _problem(self, path: Path, message: str, place: Place) -> None:
        self.problems.append(Problem(path, message, place=place))


def _inside(node: Node | None, step: str, path: Path) -> list[tuple[str, list[str]]]:
    """Where a step leads that is written otherwise: an item of the list that a short form stands
    for (`routing.calls.2`), days of a set (`mon-fri` where each is written). (key, steps in it)."""
    if node is None or not node.is_map:
        return []
    if step.isdecimal():
        short = next((each.short_key for each in blocks_at(path)), None)
        return [(short, [step])] if short in node.entries and short is not None else []
    try:
        days = units.parse_days(step)
    except UnitError:
        return []
    return [(day, []) for day in days] if set(days) <= set(node.entries) else []


def _is_route_name(known: str, steps: list[str]) -> bool:
    """Whether the steps name a line of routing of their own, beside a known one that they begin
    with: `calls.phone` beside `calls`, but not `calls.head_start` or `calls.2`."""
    rest = steps[known.count(".") + 1 :]
    return (
        bool(rest)
        and rest[0] not in (*allowed_keys(("routing", known)), "*")
        and (not rest[0].isdecimal())
    )


def _is_inside_route(name: str) -> bool:
    """Whether a name that no line of routing has is a path into one: `calls.2.after`."""
    inside = allowed_keys(("routing", name))
    return any(step.isdecimal() or step in inside for step in name.split(".")[1:])


def _may_stand(path: Path) -> bool:
    """Whether the language has the key that ends the path (names of one's own are welcome)."""
    keys = allowed_keys(path[:-1])
    return path[-1] in keys if keys else bool(types_at(path))


def _at(root: Node, path: Path) -> Node | None:
    node: Node | None = root
    for depth, step in enumerate(path):
        if node is None:
            return None
        if isinstance(step, int):
            node = node.items[step] if step < len(node.items) else None
        else:
            node = _as_map(node, path[:depth])
            key = written_key(node, step)
            node = node.entries[key].value if key is not None else None
    return node


def _as_map(node: Node, path: Path) -> Node:
    """A short form as the map that it stands for, so that a patch can go into it."""
    if node.is_map or node.content is None:
        return node
    for block in blocks_at(path):
        takes_lists = block.short_key != "mean" and block.scale_key is None
        if block.short_key is not None and (takes_lists or not node.is_list):
            return Node(node.place, {block.short_key: Entry(node.place, node)})
    return node

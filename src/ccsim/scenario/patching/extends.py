"""`extends`: a scenario that goes on from other files of its folder.

`extends: base.yaml`, or a list of files, the later ones over the earlier. A file that is gone on
from may be a whole scenario or a part of one (only its teams, say), and may itself go on from
others. What this file says is a patch over all of them, by the same laws as a design: maps merge,
lists and values replace, `none` removes, `only` replaces a whole map, `-15 %` changes what stands
there. Designs of all files are known; one with a name that exists replaces that design.
Names of files are relative to the scenario's folder, also in the files that it goes on from.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ccsim import units
from ccsim.errors import MOST_COLLECTED, ScenarioError, ScenarioProblems
from ccsim.scenario.parsing import read
from ccsim.scenario.parsing.path_safety import file_inside
from ccsim.scenario.parsing.tree import Entry, Node, Place, leaves
from ccsim.scenario.patching.patch import REMOVE, Patching

EXTENDS: Final = "extends"
DESIGNS: Final = "designs"
ENDINGS: Final = (".yaml", ".yml")
MOST_FILES: Final = 50


@dataclass
class Extending:
    """The files of one scenario on their way to one tree, and what is wrong with them."""

    folder: Path | None
    problems: list[ScenarioError] = field(default_factory=list)
    read: int = 0
    size: int = 0  # bytes of the files so far
    values: int = 0
    refused: bool = False

    def whole(self, root: Node, above: tuple[Path, ...] = ()) -> Node:
        """`root` over all that it goes on from. `above`: the files that led here."""
        if EXTENDS not in root.entries:
            return root
        written = root.entries[EXTENDS].value
        base = Node(root.place, {})
        for name in written.items if written.is_list else (written,):
            if len(self.problems) >= MOST_COLLECTED:
                break
            part = self._part(name, above)
            if part is not None:
                base = self._over(base, part)
        own = {key: entry for key, entry in root.entries.items() if key != EXTENDS}
        return self._over(base, Node(root.place, own))

    def _part(self, name: Node, above: tuple[Path, ...]) -> Node | None:
        """A file that is gone on from, whole; None where it cannot be read."""
        if not isinstance(name.content, str):
            found = units.found(name.plain())
            message = f"a file of this folder is expected: base.yaml; found {found}"
            self._problem(name.place, message)
            return None
        located = file_inside(self.folder, name.content, ENDINGS, "scenario")
        if isinstance(located, str):
            self._problem(name.place, located)
            return None
        if located in above:
            self._problem(name.place, f"the files go round in a circle: '{name.content}'")
            return None
        self.read += 1
        self.size += located.stat().st_size
        if self.refused or self.read > MOST_FILES or self.size > read.MAX_BYTES:
            self._refuse(name)
            return None
        shown = str(Path(*self.folder.parts, name.content)) if self.folder else name.content
        try:
            root = read.read_file(located, shown)
        except ScenarioProblems as refused:
            self.problems += refused.problems
            return None
        self.values += sum(1 for _ in leaves(root))
        if self.values > read.MAX_NODES:
            self._refuse(name)
            return None
        if not root.is_map:
            self._problem(name.place, f"'{name.content}' is not a map of a scenario's keys")
            return None
        return self.whole(root, (*above, located))

    def _refuse(self, name: Node) -> None:
        """Told once: what is more than a scenario may be."""
        if not self.refused:
            largest = f"{read.MAX_BYTES // 1000} kB or {read.MAX_NODES} values in all"
            message = f"goes on from more than {MOST_FILES} files, or {largest}"
            self._problem(name.place, message)
        self.refused = True

    def _over(self, base: Node, patch: Node) -> Node:
        """`patch` over `base`; designs are patches themselves and only join by name."""
        if not base.entries:
            return patch
        own = patch.entries.get(DESIGNS)
        rest = {key: entry for key, entry in patch.entries.items() if key != DESIGNS}
        making = Patching(base)
        for key, entry in rest.items():
            making.set(key, entry.value, entry.key_place)
        for problem in making.problems:
            self.problems.append(problem.placed(making.root))
        entries = dict(making.root.entries)
        if own is not None:
            old = entries.get(DESIGNS)
            entries[DESIGNS] = self._designs(old, own)
        return Node(patch.place, entries)

    def _designs(self, old: Entry | None, own: Entry) -> Entry:
        if own.value.content == REMOVE:
            return Entry(own.key_place, Node(own.value.place, {}))
        if old is None or not own.value.is_map or not old.value.is_map:
            return own
        named = dict(old.value.entries)
        for name, entry in own.value.entries.items():
            if entry.value.content != REMOVE:
                named[name] = entry
            elif named.pop(name, None) is None:
                self._problem(entry.value.place, f"there is no design '{name}' to remove")
        return Entry(own.key_place, Node(own.value.place, named))

    def _problem(self, place: Place, message: str) -> None:
        self.problems.append(ScenarioError(place.file, place.line, place.column, EXTENDS, message))

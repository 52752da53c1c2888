"""A problem that does not know its place yet: rules know paths, the tree knows places."""

from __future__ import annotations

from dataclasses import dataclass

from ccsim.errors import ScenarioError
from ccsim.scenario.tree import Node, Path, Place, dotted, key_place, walk


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at a path of the model; `at_key` points at the name rather than its value."""

    path: Path
    message: str
    at_key: bool = False
    place: Place | None = None  # where the place is known better than the tree knows it

    def placed(self, root: Node, design: str = "") -> ScenarioError:
        """The problem with its place; `design` is named where it is not the base."""
        written, place = walk(root, self.path)
        if self.at_key and self.path:
            place = key_place(root, self.path)
            written = self.path if len(written) + 1 >= len(self.path) else written
        shown = self.path if self.path[:-1] == written else written
        place = self.place or place
        message = f"{self.message} (in the design '{design}')" if design else self.message
        return ScenarioError(place.file, place.line, place.column, dotted(shown), message)

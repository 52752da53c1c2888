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
        if self.place is not None:
            # what a patch does wrong may be nowhere in the tree that it makes
            written, place = self.path, self.place
        message = f"{self.message} (in the design '{design}')" if design else self.message
        return ScenarioError(place.file, place.line, place.column, dotted(written), message)

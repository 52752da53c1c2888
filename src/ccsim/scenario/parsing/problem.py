"""A problem that does not know its place yet: rules know paths, the tree knows places."""

from __future__ import annotations

from dataclasses import dataclass

from ccsim.errors import ScenarioError
from ccsim.scenario.parsing.tree import Node, Path, Place, dotted, key_place, walk


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at a path of the model; `at_key` points at the name rather than its value."""

    path: Path
    message: str
    at_key: bool = False
    place: Place | None = None  # where the place is known better than the tree knows it

    def placed(self, root: Node, design: str = "", at: Place | None = None) -> ScenarioError:
        """The problem with its place; `design` is named where it is not the base, and where its
        patch stands (`at`) if the place is elsewhere: what was right became wrong there."""
        written, place = walk(root, self.path)
        if self.at_key and self.path:
            place = key_place(root, self.path)
        if self.place is not None:
            # what a patch does wrong may be nowhere in the tree that it makes
            written, place = self.path, self.place
        message = self.message
        if design:
            message += f" (in the design '{design}'{_where(place, at)})"
        return ScenarioError(place.file, place.line, place.column, dotted(written), message)


def _where(place: Place, at: Place | None) -> str:
    if at is None or at.line == 0 or place.line == 0:
        return ""
    if place.file != at.file:
        return f", {at.file}:{at.line}"
    return f", line {at.line}" if place.line < at.line else ""

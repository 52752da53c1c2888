"""The flow of contacts: how many go from which line to which, and how they end.

A *passage* is one step of a contact: its coming (a first attempt, a redial, a repeat, or there when
the calendar started), its way from one line to the next, its end. Passages are counted for contacts
that came after the warm-up, with all that follows until they end, so that as many come into every
line as go out of it. Machines, transfers, callbacks, messages left and later turns continue a
contact here; a redial or a repeat is a new coming. Counts of replications, and of parts of one, add
up.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from ccsim.measures.accumulate import layout as at
from ccsim.measures.context import MeasureContext
from ccsim.measures.groups import Steps
from ccsim.measures.window import Ints
from ccsim.network.facts import QueueKind
from ccsim.network.model import Exit, Label
from ccsim.network.structure import structure_of

if TYPE_CHECKING:
    from ccsim.scenario.schema import Scenario

Coming = Literal["first attempt", "redial", "repeat", "before"]
End = Literal[
    "resolved",
    "contained",
    "unresolved",
    "comes again",
    "redials",
    "gave up",
    "blocked",
    "closed",
    "cut off",
    "unreached",
    "inside",
]
PASSES = "passes"
COMINGS: tuple[Coming, ...] = get_args(Coming)
ENDS: tuple[End, ...] = get_args(End)
MEANING: dict[str, str] = {
    "first attempt": "comes for the first time, or is called for the first time",
    "redial": "comes again after giving up in a line or meeting a busy tone",
    "repeat": "comes again after a contact that left the problem unresolved, or was reopened",
    "before": "was there when the calendar started",
    PASSES: "goes from one line to the next: handed over, passed on, called back, a later turn",
    "resolved": "ended resolved",
    "contained": "settled by a machine that answers first",
    "unresolved": "ended unresolved, and does not come again",
    "comes again": "ended unresolved or reopened, and is to come again",
    "redials": "hung up or met a busy tone, and is to try again",
    "gave up": "hung up, and does not try again",
    "blocked": "met a busy tone or a full waiting room, and does not try again",
    "closed": "found it closed",
    "cut off": "disconnected in the line",
    "unreached": "called in vain as often as it is tried",
    "inside": "still there, or on the way to its next line, at the end of the calendar",
}
_BETWEEN = " > "  # no name of a type, channel or stage holds a blank
_WORDS = (*COMINGS, PASSES, *ENDS)


class Passage(NamedTuple):
    """One step: `start` and `to` are names of queues, "" outside; `how` is a key of `MEANING`."""

    start: str
    how: str
    to: str

    @property
    def text(self) -> str:
        """In one word, for files."""
        return _BETWEEN.join(self)

    @staticmethod
    def of_text(text: str) -> Passage:
        """The reverse of `text`. ValueError for what is none."""
        start, how, to = text.split(_BETWEEN)
        return Passage(start, how, to)


class Line(NamedTuple):
    """What a queue of a passage is. `kind`: "" a first stage, `stage`, or the side line
    (`network.names.kind_of`); later turns, resumed work and a backlog are those of their stage."""

    channel: str
    stage: str
    kind: str


def line_of(scenario: Scenario, name: str) -> Line:
    """The line of a queue by its name."""
    queue = structure_of(scenario).queue(name)
    if queue.stage:
        return Line(queue.channel, queue.stage, QueueKind.TIER)
    if queue.kind.is_first or queue.kind.is_conversation:
        return Line(queue.channel, "", QueueKind.FIRST)
    return Line(queue.channel, queue.name.partition("@")[2], queue.kind)


def flows_of(context: MeasureContext, passages: Steps) -> dict[Passage, int]:
    """How many passages of each kind there were."""
    came = passages.facts & at.F_CAME != 0
    goes_on = passages.facts & at.F_GOES_ON != 0
    how = np.where(came, _comings(context, passages), len(COMINGS) + 1 + _ends(context, passages))
    how = np.where(goes_on, len(COMINGS), how)
    names = [*(queue.name for queue in context.queues), ""]
    found: dict[Passage, int] = defaultdict(int)
    columns = passages.start, how, passages.to, passages.number
    for start, word, to, number in sorted(zip(*(each.tolist() for each in columns), strict=True)):
        found[Passage(names[start], _WORDS[word], names[to])] += number
    return dict(found)


def _comings(context: MeasureContext, passages: Steps) -> Ints:
    """How contacts came, an index of COMINGS, by the label of the leg before."""
    label = passages.facts >> at.F_LABEL_SHIFT & at.F_LABEL_MASK
    backlog = np.append(context.backlog, False)[passages.to]
    found = np.full(len(label), COMINGS.index("first attempt"))
    found[backlog] = COMINGS.index("before")
    found[label != Label.NONE] = COMINGS.index("repeat")
    found[label == Label.REDIALLED] = COMINGS.index("redial")
    return found


def _ends(context: MeasureContext, passages: Steps) -> Ints:
    """How legs ended, an index of ENDS, that were the last before the contact goes or comes
    anew."""
    label = passages.facts >> at.F_LABEL_SHIFT & at.F_LABEL_MASK
    exit_ = passages.facts >> at.F_EXIT_SHIFT & at.F_EXIT_MASK
    is_next = passages.facts & at.F_NEXT != 0
    in_vain = np.append(context.in_vain, False)[passages.start]
    rules: list[tuple[End, NDArray[np.bool_]]] = [  # the first that holds
        ("inside", exit_ == Exit.INSIDE),
        ("resolved", label == Label.RESOLVED),
        ("contained", label == Label.CONTAINED),
        ("comes again", is_next & np.isin(label, (Label.UNRESOLVED, Label.REOPENED))),
        ("redials", is_next & (label == Label.REDIALLED)),
        ("inside", is_next),
        ("closed", exit_ == Exit.CLOSED),
        ("blocked", (exit_ == Exit.NO_LINE) | (exit_ == Exit.NO_ROOM)),
        ("unreached", in_vain & (exit_ == Exit.SERVED)),
        ("unresolved", exit_ == Exit.SERVED),
        ("gave up", (exit_ == Exit.ABANDONED) | np.isin(label, (Label.GAVE_UP, Label.REDIALLED))),
    ]
    places = [np.int64(ENDS.index(end)) for end, _ in rules]
    found: Ints = np.select([holds for _, holds in rules], places, ENDS.index("cut off"))
    return found


__all__ = [
    "COMINGS",
    "ENDS",
    "MEANING",
    "PASSES",
    "Coming",
    "End",
    "Line",
    "Passage",
    "flows_of",
    "line_of",
]

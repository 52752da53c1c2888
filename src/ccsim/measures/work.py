"""Items and time in line: what agents did with contacts, and how many waited or were inside.

An item is an answered stay in a queue whose handling ended after the warm-up; a call to a customer
in vain is none. Its times are those of its own work: all teams' that worked on it, helpers' parts
apart. Time in line is that of the unanswered and of those set aside; its total is the sum of
`waited` (Little's law as an identity).
"""

from __future__ import annotations

from dataclasses import dataclass

from ccsim.measures.accumulate import layout as at
from ccsim.measures.window import Floats
from ccsim.scenario.clock import SECOND


@dataclass(frozen=True, eq=False)
class Quantity:
    """A sum of sums that the accumulator keeps of a queue or team, by interval.

    `terms`: a sum of `accumulate.layout` and its weight (for teams also one each, (T,)); `unit`:
    what all is divided by.
    """

    terms: tuple[tuple[int, float | Floats], ...]
    unit: float = 1.0

    def of_teams(self) -> Quantity:
        """The same, of teams: what stands in the accumulator of both."""
        return Quantity(tuple((sum_ - at.FOR_TEAMS, by) for sum_, by in self.terms), self.unit)


ITEMS = {
    "items": Quantity(((at.ITEMS, 1.0),)),
    "items_finished": Quantity(((at.FINISHED, 1.0),)),  # wrap-up ended before the horizon
    "handle_s": Quantity(((at.TALK, 1.0), (at.WRAP, 1.0)), SECOND),
    "talk_s": Quantity(((at.TALK, 1.0),), SECOND),
    "wrap_up_s": Quantity(((at.WRAP, 1.0),), SECOND),
    "escalations": Quantity(((at.ESCALATED_ITEMS, 1.0),)),
}
STAYS = {
    "in_line_s": Quantity(((at.LINE, 1.0),), SECOND),  # unanswered or set aside; helpers apart
    "inside_s": Quantity(((at.INSIDE_TIME, 1.0),), SECOND),  # from entry to the end of handling
}
CAME = {"customers": Quantity(((at.CAME, 1.0),))}  # by first queue; not those of a backlog

"""The order of events at one instant: the law of docs/background/model.md, section 2.

Events are ordered by (time, kind, id). The id of an event is (contact, leg, part or step or limit)
or the agent's number; both engines pack it so that its order is that of the tuple.
"""

from __future__ import annotations

import enum

from ccsim.network.draws import Purpose
from ccsim.network.model import Exit, Queue

ID_BITS = 48
CONTACT_BITS = 28  # contacts of one replication
LEG_BITS = 12
NUMBER_BITS = 8  # a part, a step or a limit
# Each exit has a draw of its own for its row and one for its delay (`ccsim.network.draws`).
MOST_LIMITS = Purpose.DELAY - Purpose.BRANCH - Exit.LIMIT

SPAN_IS_OVER = -1  # before all kinds: at `until` an agent is off duty for every offer and count


class Kind(enum.IntEnum):
    """Kinds of event, in the order in which they happen at one instant."""

    HANDLING = 0  # a consult point is reached, handling ends, wrap-up ends: contact, leg, part
    DUTY_ENDS = 1  # or a break begins: agent
    DUTY_BEGINS = 2  # or a break ends: agent
    ENTERS = 3  # a contact enters a queue: contact
    STEP_OPENS = 4  # of a waiting contact's route; or a hold ends: contact, leg, step
    LIMIT_PASSES = 5  # contact, leg, limit
    PATIENCE_ENDS = 6  # contact, leg


def event_id(contact: int, leg: int, number: int = 0) -> int:
    """The tuple (contact, leg, number) as one integer of `ID_BITS` bits, in the same order."""
    return (contact << LEG_BITS | leg) << NUMBER_BITS | number


def priority(kind: int, identity: int) -> int:
    """The rank of an event among those of its instant: by kind, then by id."""
    return (1 + kind) << ID_BITS | identity


def check_steps_and_limits(queue: Queue) -> None:
    """Raises ValueError where a queue has more steps or limits than ids and draws can tell apart.
    A hold's end is numbered after the last step."""
    if len(queue.route) + 1 > 1 << NUMBER_BITS:
        raise ValueError(f"{queue.name}: more than {(1 << NUMBER_BITS) - 1} steps")
    if len(queue.limits) > MOST_LIMITS:
        raise ValueError(f"{queue.name}: more than {MOST_LIMITS} limits")

"""The order of events at one instant: the law of docs/background/model.md, section 2.

Events are ordered by (time, kind, id). The id of an event is (contact, leg, part or step or limit)
or the agent's number; both engines pack it so that its order is that of the tuple.
"""

from __future__ import annotations

import enum


class Kind(enum.IntEnum):
    """Kinds of event, in the order in which they happen at one instant."""

    HANDLING = 0  # a consult point is reached, handling ends, wrap-up ends: contact, leg, part
    DUTY_ENDS = 1  # or a break begins: agent
    DUTY_BEGINS = 2  # or a break ends: agent
    ENTERS = 3  # a contact enters a queue: contact
    STEP_OPENS = 4  # of a waiting contact's route; or a hold ends: contact, leg, step
    LIMIT_PASSES = 5  # contact, leg, limit
    PATIENCE_ENDS = 6  # contact, leg

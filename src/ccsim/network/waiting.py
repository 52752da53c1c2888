"""Limits of a wait that lead elsewhere: a callback accepted, a message heard, calling hours over.

A customer's answer to being called is drawn before the call: who answers waits in the line of
callbacks with the work of a call, who does not in that of a try in vain, with its short work.
Both lines have the same route and place, so that they are one line to the people who call.
"""

from __future__ import annotations

from collections.abc import Iterable

from ccsim.network.model import (
    LEAVE,
    NO_LIMIT,
    STAY,
    Branch,
    Hours,
    Label,
    Limit,
    LimitClock,
)
from ccsim.network.names import QueueName
from ccsim.network.plan import NetworkPlan
from ccsim.network.quantiles import QuantileTable
from ccsim.scenario.conversations import base_stage, consult_line, help_is_sought_for
from ccsim.scenario.side_lines import CALLBACK, INFORMED, TRY


def possible(rows: Iterable[Branch]) -> tuple[Branch, ...]:
    """The rows that can be drawn; a remainder below the grid of the draws is rounding."""
    return tuple(row for row in rows if row.probability > 2.0**-53)


def callback_limit(plan: NetworkPlan, queue: QueueName) -> Limit | None:
    """The offer of a callback after a wait: accepted (answered at the first try, or not) or not."""
    callback = plan.channel(queue).callback
    if callback is None or queue.stage:
        return None
    accepted, answered = callback.accepted, callback.answered
    rows = [
        Branch(accepted * answered, side(plan, queue, CALLBACK), Label.CALLBACK),
        Branch(1.0 - accepted, STAY),
    ]
    if answered < 1.0:
        first = side(plan, queue, f"{TRY}1")
        rows.insert(1, Branch(accepted * (1.0 - answered), first, Label.CALLBACK))
    return Limit("callback", LimitClock.WAIT, possible(rows), after=callback.offered_after)


def next_try_rows(
    plan: NetworkPlan, queue: QueueName, number: int, tries: int, answered: float, connected: int
) -> tuple[Branch, ...]:
    """What follows try number `number` in vain: another one after a while, answered in the queue
    `connected` or in vain again; after the last nobody tries any more."""
    if number >= tries:
        return (Branch(1.0, LEAVE, Label.GAVE_UP),)
    delay, hours = retry_delay(plan, queue)
    return possible(
        [
            Branch(answered, connected, Label.NO_ANSWER, delay=delay, hours=hours),
            Branch(
                1.0 - answered,
                side(plan, queue, f"{TRY}{number + 1}"),
                Label.NO_ANSWER,
                delay=delay,
                hours=hours,
            ),
        ]
    )


def retry_delay(plan: NetworkPlan, queue: QueueName) -> tuple[QuantileTable | None, Hours | None]:
    """How long until the next try, and the hours within which it is made."""
    outbound = plan.scenario.contacts[queue.contact].outbound
    callback = plan.channel(queue).callback
    hours = plan.opening_hours(queue.channel)
    if queue.channel == "outbound" and outbound is not None:
        return plan.tables.delay(outbound.again_after), hours
    return (None if callback is None else plan.tables.delay(callback.again_after)), hours


def message_limits(plan: NetworkPlan, queue: QueueName, heard: int = 0) -> list[Limit]:
    """The messages after the first `heard`: some leave at once (and redial like others who give
    up), the rest stay or wait on with another patience. `after` counts from the last one heard."""
    channel = plan.channel(queue)
    if queue.stage:
        return []
    since = channel.messages[heard - 1].after if heard else 0
    found = []
    for number, message in enumerate(channel.messages, 1):
        if number <= heard:
            continue
        rows = leaving_rows(plan, queue, message.leaves)
        if message.patience is not None:
            stays = Branch(1.0 - message.leaves, side(plan, queue, f"{INFORMED}{number}"))
        else:
            stays = Branch(1.0 - message.leaves, STAY)
        after = message.after - since
        found.append(
            Limit(f"message {number}", LimitClock.WAIT, possible([*rows, stays]), after=after)
        )
    return found


def leaving_rows(plan: NetworkPlan, queue: QueueName, share: float) -> list[Branch]:
    """A share that gives up in the line, of which some redial."""
    redial = plan.channel(queue).redial
    if redial is None or "abandoned" not in redial.after:
        return [Branch(share, LEAVE, Label.GAVE_UP)]
    again = Branch(
        share * redial.share,
        plan.entry(queue),
        Label.REDIALLED,
        delay=plan.tables.delay(redial.delay),
        hours=plan.opening_hours(queue.channel),
        at_most=NO_LIMIT if redial.at_most is None else redial.at_most,
    )
    return [again, Branch(share * (1.0 - redial.share), LEAVE, Label.GAVE_UP)]


def calling_hours_limit(plan: NetworkPlan, queue: QueueName, hours: Hours) -> Limit:
    """Who has not been called when calling hours end waits for the next ones."""
    rows = (Branch(1.0, plan.index(queue), hours=hours),)
    return Limit("calling hours", LimitClock.CLOSING, rows, hours=hours)


def help_limit(plan: NetworkPlan, queue: QueueName) -> Limit | None:
    """The end of waiting for help, in a line in which nobody else waits."""
    at = (plan.scenario, queue.contact, queue.channel, base_stage(queue.stage))
    waits = help_is_sought_for(*at)
    return None if waits is None or consult_line(*at) != queue.stage else alone_after(waits)


def alone_after(waits: int) -> Limit:
    """Nobody came to help or to take over: the agent goes on alone."""
    return Limit("goes on without help", LimitClock.WAIT, (Branch(1.0),), after=waits)


def side(plan: NetworkPlan, queue: QueueName, stage: str) -> int:
    """The number of a side line of the queue's type and channel."""
    return plan.index(QueueName(queue.contact, queue.channel, stage))

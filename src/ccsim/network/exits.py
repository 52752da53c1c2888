"""What happens after each exit of a queue: branch rows and limits.

Every figure here is a probability per draw; the rows of an exit total 1 and stand in the order in
which they are drawn: escalations in the order of the file, then resolved, then who comes again.
"""

from __future__ import annotations

from ccsim.network.conversations import in_conversation
from ccsim.network.model import (
    LEAVE,
    NO_LIMIT,
    NO_QUEUE,
    STAY,
    Branch,
    Hours,
    Label,
    Limit,
    LimitClock,
)
from ccsim.network.names import QueueName, escalations_from
from ccsim.network.plan import NetworkPlan
from ccsim.network.waiting import (
    callback_limit,
    calling_hours_limit,
    help_limit,
    message_limits,
    possible,
)
from ccsim.numerics.elementary import exact_sum
from ccsim.scenario.conversations import HANDOVER, WARM, of_stage
from ccsim.scenario.schema import ContactType, Escalation
from ccsim.scenario.side_lines import MESSAGE

# Who means to come again comes while the channel is open: delays count its opening hours only.
GAVE_UP = (Branch(1.0, LEAVE, Label.GAVE_UP),)


def served_rows(
    plan: NetworkPlan, queue: QueueName, team: str, resumed: bool = False
) -> tuple[Branch, ...]:
    """Rows after handling by a team: escalated at a share of the effort, resolved, coming again
    after a delay, or gone unresolved; before that the next turn, and waiting for others (not after
    work that was `resumed`)."""
    contact = plan.scenario.contacts[queue.contact]
    rows = [
        Branch(
            escalation.share,
            plan.index(QueueName(queue.contact, queue.channel, escalation.to)),
            Label.ESCALATED,
            share=escalation.at_effort,
            handover=_handover(plan, queue, escalation),
        )
        for escalation in escalations_from(contact, queue, "handled")
        if escalation.how != "consult" and escalates_at(escalation, team)
    ]
    kept = max(0.0, 1.0 - exact_sum(row.probability for row in rows))
    resolved = resolved_share(contact, queue.stage, team)
    unresolved = kept * (1.0 - resolved)
    again = contact.again
    rows.append(Branch(kept * resolved, LEAVE, Label.RESOLVED))
    if again is not None:
        rows.append(
            Branch(
                unresolved * again.share,
                _comes_again_to(plan, queue),
                Label.UNRESOLVED,
                delay=plan.tables.delay(again.delay),
                hours=plan.opening_hours(queue.channel),
                at_most=NO_LIMIT if again.at_most is None else again.at_most,
            )
        )
    gone = unresolved * (1.0 - (0.0 if again is None else again.share))
    rows.append(Branch(gone, LEAVE, Label.UNRESOLVED))
    return in_conversation(plan, queue, possible(rows), resumed)


def _handover(plan: NetworkPlan, queue: QueueName, escalation: Escalation) -> int:
    """Where somebody of the next stage is sought for a warm transfer."""
    if escalation.how != WARM:
        return NO_QUEUE
    line = of_stage(escalation.to, HANDOVER)
    return plan.index(QueueName(queue.contact, queue.channel, line))


def resolved_share(contact: ContactType, stage: str, team: str) -> float:
    """Of the contacts that the team handles at the stage and does not pass on, the share that it
    resolves. Teams that `resolved` leaves out only help, and resolve nothing of their own."""
    own = contact.stages[stage].resolved if stage else None
    resolved = contact.resolved if own is None else own
    return resolved if isinstance(resolved, float) else resolved.get(team, 1.0)


def redial_rows(plan: NetworkPlan, queue: QueueName, after: str) -> tuple[Branch, ...]:
    """Rows after a customer abandoned (`abandoned`) or found the line or the room full (`busy`)."""
    redial = plan.channel(queue).redial
    if redial is None or after not in redial.after:
        return GAVE_UP
    again = Branch(
        redial.share,
        plan.entry(queue),
        Label.REDIALLED,
        delay=plan.tables.delay(redial.delay),
        hours=plan.opening_hours(queue.channel),
        at_most=NO_LIMIT if redial.at_most is None else redial.at_most,
    )
    return possible([again, Branch(1.0 - redial.share, LEAVE, Label.GAVE_UP)])


def limits(plan: NetworkPlan, queue: QueueName) -> tuple[Limit, ...]:
    """Instants that move or end a wait: a breached promise, closing time, nobody who helps."""
    found = [
        _promise_limit(plan, queue),
        callback_limit(plan, queue),
        *message_limits(plan, queue),
        _closing_limit(plan, queue),
        help_limit(plan, queue),
    ]
    return tuple(limit for limit in found if limit is not None)


def closed_rows(plan: NetworkPlan, queue: QueueName) -> tuple[Branch, ...]:
    """Rows of those who come while the channel is closed: a message is left, or nothing."""
    voicemail = plan.scenario.when_closed.get(queue.channel)
    if voicemail is None or queue.stage in plan.scenario.contacts[queue.contact].stages:
        return ()
    message = plan.index(QueueName(queue.contact, queue.channel, MESSAGE))
    left = voicemail.leaves_message
    return possible(
        [Branch(left, message, Label.MESSAGE), Branch(1.0 - left, LEAVE, Label.GAVE_UP)]
    )


def _comes_again_to(plan: NetworkPlan, queue: QueueName) -> int:
    """Where a customer begins who comes again: anew, or with the owner of the case."""
    stage = plan.stage(queue)
    keeps = stage is not None and stage.keeps_case is not None
    return plan.index(queue) if keeps else plan.entry(queue)


def _promise_limit(plan: NetworkPlan, queue: QueueName) -> Limit | None:
    contact = plan.scenario.contacts[queue.contact]
    within = plan.facts(queue).answer_within
    rows = [
        Branch(
            escalation.share,
            plan.index(QueueName(queue.contact, queue.channel, escalation.to)),
            Label.PROMOTED,
        )
        for escalation in escalations_from(contact, queue, "promise breached")
    ]
    if not rows or within is None:
        return None
    rows.append(Branch(max(0.0, 1.0 - exact_sum(row.probability for row in rows)), STAY))
    hours: Hours | None = plan.promise_hours(queue.channel)
    clock = LimitClock.WAIT if hours is None else LimitClock.OPEN_HOURS
    return Limit("promise", clock, possible(rows), after=within, hours=hours)


def _closing_limit(plan: NetworkPlan, queue: QueueName) -> Limit | None:
    hours = plan.opening_hours(queue.channel)
    if hours is not None and queue.channel == "outbound":
        return calling_hours_limit(plan, queue, hours)
    if hours is None or plan.scenario.at_close.get(queue.channel) != "clear the line":
        return None
    rows = (Branch(1.0, LEAVE, Label.DISCONNECTED),)
    return Limit("closing", LimitClock.CLOSING, rows, hours=hours)


def escalates_at(escalation: Escalation, team: str) -> bool:
    """Whether the team passes contacts on by this escalation, or asks its helpers."""
    return escalation.at is None or team in escalation.at

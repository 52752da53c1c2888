"""What a contact's key decides: its work, patience and wrap-up, its branches and their delays.

Everything here is a pure function of the contact and the network, `count_use` apart.
"""

from __future__ import annotations

from ccsim.engine.state import WORK_BITS, Agent, Item, TeamState
from ccsim.network.draws import Purpose, uniform
from ccsim.network.model import (
    LEAVE,
    NEVER,
    NO_LIMIT,
    NO_QUEUE,
    Branch,
    Exit,
    Label,
    Limit,
    LimitClock,
)
from ccsim.workload.model import UNOBSERVED

NO_ROW = -1
GIVES_UP = Branch(1.0, LEAVE, Label.GAVE_UP)  # exits without rows, and rows used up
ENDS = Branch(1.0, LEAVE, Label.NONE)  # the served exit without rows


def sample(item: Item, team: TeamState, agent: Agent | None) -> None:
    """At answer: draw the work at this agent's pace, the served exit that follows and the
    consult. Of work taken over, what remains is scaled by the new total over the old; the draws
    are the same."""
    service = item.service(team)
    total = int(_work(item, service.mean) * (1.0 if agent is None else agent.pace))
    if item.part == 0:
        item.row, item.branch = branch_of(item, Exit.SERVED, service.served, team.index)
        if item.branch.share != 1.0:
            total = int(total * item.branch.share)
    if item.answered < 0:
        item.remaining = total << WORK_BITS
    elif item.total:
        item.remaining = -(-item.remaining * total // item.total)
    item.total = total
    item.consult_left = -1
    if item.part or item.consulted:
        return
    consult = service.consult
    if item.branch is not None and item.branch.handover != NO_QUEUE:
        item.consult_left = 0  # when the work is done here
    elif consult is not None:
        u = uniform(item.contact.key, item.leg, 0, Purpose.CONSULT)
        if u < consult.probability:
            item.consult_left = (total - int(total * consult.at)) << WORK_BITS


def asks_in(item: Item) -> int:
    """The queue in which helpers are asked, or somebody to whom the contact is handed over."""
    assert item.branch is not None and item.team is not None
    consult = item.service(item.team).consult
    if item.branch.handover != NO_QUEUE or consult is None:
        return item.branch.handover
    return consult.queue


def _work(item: Item, mean: int) -> float:
    """Handling of this contact by a team with this mean [us], pace apart."""
    contact, queue = item.contact, item.spec
    if item.leg == 0 and item.part == 0 and contact.observed_work != UNOBSERVED:
        return contact.observed_work
    leg = 0 if queue.effort_by_contact else item.leg
    return queue.effort.value(uniform(contact.key, leg, item.part, Purpose.EFFORT)) * mean


def wrap_up_of(item: Item) -> int:
    """Wall time after handling for which the agent's units stay taken [us]."""
    assert item.team is not None
    mean = item.service(item.team).wrap_up
    table = item.spec.wrap_up
    if table is None or mean == 0:
        return mean
    u = uniform(item.contact.key, item.leg, item.part, Purpose.WRAP_UP)
    return int(table.value(u) * mean)


def patience_of(item: Item) -> int | None:
    """How long the contact waits unanswered [us]; None: it does not leave."""
    contact, queue = item.contact, item.spec
    if item.part:
        return None
    if item.leg == 0 and contact.observed_patience != UNOBSERVED:
        return contact.observed_patience
    if queue.patience is None:
        return None
    leg = 0 if queue.patience_by_contact else item.leg
    return int(queue.patience.value(uniform(contact.key, leg, 0, Purpose.PATIENCE)))


def instant_of(limit: Limit, entered: int) -> int:
    """When a limit passes for a contact that waits since `entered` [us]; NEVER."""
    if limit.clock is LimitClock.WAIT or limit.hours is None:
        return entered + limit.after
    if limit.clock is LimitClock.OPEN_HOURS:
        return limit.hours.after_open_time(entered, limit.after)
    closing = limit.hours.closing_after(entered)
    return NEVER if closing < 0 else closing


def rows_of(item: Item, exit_: int) -> tuple[Branch, ...]:
    """The branch rows of an exit, `SERVED` apart."""
    queue = item.spec
    if exit_ == Exit.ABANDONED:
        return queue.abandoned
    if exit_ == Exit.NO_LINE:
        return queue.no_line
    if exit_ == Exit.NO_ROOM:
        return queue.no_room
    if exit_ == Exit.CLOSED:
        return queue.closed
    return queue.limits[exit_ - Exit.LIMIT].branches


def branch_of(
    item: Item, exit_: int, rows: tuple[Branch, ...], team: int = -1
) -> tuple[int, Branch]:
    """The number of the row that the contact takes, and what follows: a row used up gives up.

    The first row with u < cumulated probability; the last if rounding leaves none. Served rows are
    told apart by team.
    """
    if not rows:
        return NO_ROW, ENDS if exit_ == Exit.SERVED else GIVES_UP
    number = len(rows) - 1
    if number:
        u = uniform(item.contact.key, item.leg, item.part, Purpose.BRANCH + exit_)
        cumulated = 0.0
        for candidate, branch in enumerate(rows):
            cumulated += branch.probability
            if u < cumulated:
                number = candidate
                break
    branch = rows[number]
    if branch.at_most != NO_LIMIT:
        uses = item.contact.uses or {}
        if uses.get((item.queue.index, team, exit_, number), 0) >= branch.at_most:
            return number, GIVES_UP
    return number, branch


def count_use(item: Item, exit_: int, row: int, branch: Branch) -> None:
    """Count a use of a branch whose uses are bounded."""
    if branch.at_most == NO_LIMIT:
        return
    contact = item.contact
    if contact.uses is None:
        contact.uses = {}
    team = item.team.index if exit_ == Exit.SERVED and item.team is not None else -1
    key = (item.queue.index, team, exit_, row)
    contact.uses[key] = contact.uses.get(key, 0) + 1


def enters_at(item: Item, exit_: int, branch: Branch, now: int) -> int:
    """The instant of the next entry [us]: after the branch's delay, counted on its hours."""
    delay = 0
    if branch.delay is not None:
        u = uniform(item.contact.key, item.leg, item.part, Purpose.DELAY + exit_)
        delay = int(branch.delay.value(u))
    return now + delay if branch.hours is None else branch.hours.open_after(now, delay)

"""Exits (docs/background/model.md, section 3): a leg ends, and the contact goes on or leaves."""

from __future__ import annotations

from ccsim.engine.kernel.clock import set_event
from ccsim.engine.kernel.compiler import kernel
from ccsim.engine.kernel.constants import (
    BOUND,
    ENDED,
    HELPED,
    LEAVES,
    NO_AGENT,
    NO_ITEM,
    NO_QUEUE,
    NO_TRUNK,
    RANK_OF_ENTERS,
    SERVED,
    UNLABELLED,
)
from ccsim.engine.kernel.draws import (
    branch_of,
    count_use,
    enters_at,
)
from ccsim.engine.kernel.layout import (
    Agent,
    Branch,
    Contact,
    Item,
    Queue,
    Rows,
    Run,
    Team,
)
from ccsim.engine.kernel.ledger import write_leg
from ccsim.engine.kernel.offers import (
    answer,
)
from ccsim.engine.kernel.state import (
    drop_contact,
    drop_item,
    insert,
)
from ccsim.engine.kernel.structs import Memory, Reals, handle, nth
from ccsim.engine.kernel.waiting import enter
from ccsim.engine.kernel.work import (
    change_units,
    join,
    start,
)


@kernel
def leave(m: Memory, f: Reals, item: Item, exit_: int, branch: Branch) -> None:
    """End a leg by an exit, and let the contact go where the branch leads; NO_BRANCH: it is
    drawn here."""
    now = m[Run.now]
    m[item + Item.state] = ENDED
    if m[item + Item.part]:
        write_leg(m, item, now, exit_, HELPED if exit_ == SERVED else UNLABELLED, LEAVES, ENDED)
        asker = m[item + Item.asker]
        drop_item(m, item)
        start(m, asker)
        m[Run.moving] = m[asker + Item.agent]
        return
    queue, contact = m[item + Item.queue], m[item + Item.contact]
    if exit_ == SERVED:
        branch = m[item + Item.branch]
    elif not branch:
        rows = nth(Rows, handle(Rows, queue + Queue.exits), exit_)
        branch = branch_of(m, f, item, exit_, m[rows + Rows.first], m[rows + Rows.count])
    count_use(m, item, branch)
    onward = m[branch + Branch.target] if m[branch + Branch.target] >= 0 else LEAVES
    if onward >= 0 and m[item + Item.leg] + 1 >= m[Run.max_legs]:
        onward = BOUND
    going_to = nth(Queue, m[Run.first_queue], onward) if onward >= 0 else NO_QUEUE
    at = enters_at(m, f, item, exit_, branch) if onward >= 0 else now
    trunk = m[contact + Contact.trunk]
    if trunk and not (onward >= 0 and at == now and m[going_to + Queue.trunk] == trunk):
        m[trunk] += 1
        m[contact + Contact.trunk] = NO_TRUNK
    write_leg(m, item, now, exit_, m[branch + Branch.label], onward, ENDED)
    drop_item(m, item)
    if onward < 0:
        drop_contact(m, contact)
        return
    m[contact + Contact.queue] = going_to
    m[contact + Contact.leg] += 1
    if m[Run.goes_on]:
        go_on(m, f, contact)
    elif at >= m[Run.horizon]:
        drop_contact(m, contact)
    else:
        set_event(m, contact, at, RANK_OF_ENTERS | m[contact + Contact.number])


@kernel
def go_on(m: Memory, f: Reals, contact: Contact) -> None:
    """Let the contact enter its next queue, where the agent who served its part answers it
    whatever the route, the opening hours and the end of duty: no other agent is offered it and
    no trunk line is taken."""
    agent, queue = m[Run.goes_on], m[contact + Contact.queue]
    team = m[agent + Agent.team]
    m[Run.goes_on] = NO_AGENT
    item = enter(m, contact, queue, m[contact + Contact.leg], 0, NO_ITEM)
    m[queue + Queue.unanswered] += 1
    insert(m, item)
    join(m, item)
    change_units(m, agent, m[team + Team.units])
    answer(m, f, item, team, agent)
    m[Run.moving] = agent

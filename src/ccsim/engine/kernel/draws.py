"""What a contact's key decides: its work, patience and wrap-up, its branches and their delays.

Everything here is a pure function of the contact and the network, `count_use` apart.
"""

from __future__ import annotations

import numpy as np

from ccsim.engine.kernel.compiler import inlined, kernel
from ccsim.engine.kernel.constants import (
    BRANCH,
    CLOCK_OPEN_HOURS,
    CLOCK_WAIT,
    CONSULT,
    DELAY,
    DRAWS_PER_LEG,
    DRAWS_PER_PART,
    EFFORT,
    NEVER,
    NOT_YET,
    PATIENCE,
    SERVED,
    T_ATOMS,
    T_CONSTANT,
    UNOBSERVED,
    WORK_BITS,
    WRAP_UP,
)
from ccsim.engine.kernel.layout import (
    GRID_WORDS,
    Agent,
    Branch,
    Contact,
    Item,
    Limit,
    Queue,
    Run,
    Service,
    Table,
    Team,
)
from ccsim.engine.kernel.state import after_open_time, closing_after, open_after, service_of
from ccsim.engine.kernel.structs import Instant, Memory, Reals, nth
from ccsim.network.draws import GOLDEN

_GOLDEN = np.uint64(GOLDEN)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_ONE, _ELEVEN = np.uint64(1), np.uint64(11)
_27, _30, _31 = np.uint64(27), np.uint64(30), np.uint64(31)
_ALL_53 = np.uint64((1 << 53) - 1)
_GRID = 2.0**-53


@inlined
def uniform(m: Memory, contact: Contact, leg: int, part: int, purpose: int) -> float:
    """The draw of `ccsim.network.draws.uniform`."""
    key = np.uint64(m[contact + Contact.key])
    number = np.uint64(leg * DRAWS_PER_LEG + part * DRAWS_PER_PART + purpose + 1)
    bits = (key >> _ONE << _ONE) + number * _GOLDEN
    bits = (bits ^ (bits >> _30)) * _FIRST
    bits = (bits ^ (bits >> _27)) * _SECOND
    bits = (bits ^ (bits >> _31)) >> _ELEVEN
    if key & _ONE:
        bits = bits ^ _ALL_53
    return np.float64(bits) * _GRID


@inlined
def quantile(m: Memory, f: Reals, table: Table, u: float) -> float:
    """The quantile at u of a table that is no constant, as `QuantileTable.value` has it."""
    if m[table + Table.kind] == T_ATOMS:
        low_mass, high_mass = f[table + Table.low_mass], f[table + Table.high_mass]
        if u < low_mass:
            return f[table + Table.low]
        if u >= 1.0 - high_mass:
            return f[table + Table.high]
        u = (u - low_mass) / (1.0 - low_mass - high_mass)
        if u >= 1.0:
            u = 1.0 - 2.0**-53
    x = u * 1024.0
    grid = table + Table.grid
    if x >= 1023.0:
        x = (x - 1023.0) * 1024.0
        grid += GRID_WORDS
        if x >= 1023.0:
            x = (x - 1023.0) * 1024.0
            grid += GRID_WORDS
    node = int(x)
    grid += 2 * node
    return f[grid] + (x - node) * f[grid + 1]


@inlined
def drawn(
    m: Memory, f: Reals, table: Table, contact: Contact, leg: int, part: int, purpose: int
) -> float:
    if m[table + Table.kind] == T_CONSTANT:
        return f[table + Table.value]
    return quantile(m, f, table, uniform(m, contact, leg, part, purpose))


@inlined
def sample(m: Memory, f: Reals, item: Item, team: Team, agent: Agent) -> None:
    """At answer: draw the work at this agent's pace, the served exit that follows and the
    consult. Of work taken over, what remains is scaled by the new total over the old; the draws
    are the same."""
    contact, leg, part = m[item + Item.contact], m[item + Item.leg], m[item + Item.part]
    service = service_of(m, item, team)
    work = _work(m, f, item, m[service + Service.mean])
    total = int(work * f[agent + Agent.pace]) if agent else int(work)
    if part == 0:
        branch = branch_of(
            m, f, item, SERVED, m[service + Service.first], m[service + Service.count]
        )
        m[item + Item.branch] = branch
        share = f[branch + Branch.share]
        if share != 1.0:
            total = int(total * share)
    if m[item + Item.answered] == NOT_YET:
        m[item + Item.remaining] = total << WORK_BITS
    elif m[item + Item.total]:
        m[item + Item.remaining] = taken_over(m[item + Item.remaining], total, m[item + Item.total])
    m[item + Item.total] = total
    m[item + Item.consult_left] = -1
    if part or m[item + Item.consulted]:
        return
    if m[m[item + Item.branch] + Branch.handover]:
        m[item + Item.consult_left] = 0  # when the work is done here
    elif (
        m[service + Service.ask_queue]
        and uniform(m, contact, leg, 0, CONSULT) < f[service + Service.ask_share]
    ):
        before = int(total * f[service + Service.ask_at])
        m[item + Item.consult_left] = (total - before) << WORK_BITS


@kernel
def asks_in(m: Memory, item: Item) -> Queue:
    """The queue in which helpers are asked, or somebody to whom the contact is handed over."""
    handover = m[m[item + Item.branch] + Branch.handover]
    return handover if handover else m[service_of(m, item, m[item + Item.team]) + Service.ask_queue]


@kernel
def taken_over(remaining: int, total: int, was: int) -> int:
    """ceil(remaining x total / was), exactly; `total` and `was` below 2^46. Longhand: the product
    may need more than 64 bits."""
    size = abs(remaining)
    whole, rest = size // was, size % was
    # quotient and remainder of rest x total / was, bit by bit from the top
    quotient, left = 0, 0
    for bit in range(46, -1, -1):
        quotient <<= 1
        left <<= 1
        if left >= was:
            left -= was
            quotient += 1
        if (total >> bit) & 1:
            left += rest
            if left >= was:
                left -= was
                quotient += 1
    quotient += whole * total
    if remaining < 0:
        return -quotient
    return quotient + 1 if left else quotient


@kernel
def _work(m: Memory, f: Reals, item: Item, mean: int) -> float:
    """Handling of this contact by a team with this mean [us], pace apart."""
    contact, queue, leg = m[item + Item.contact], m[item + Item.queue], m[item + Item.leg]
    part = m[item + Item.part]
    if leg == 0 and part == 0 and m[contact + Contact.work] != UNOBSERVED:
        return float(m[contact + Contact.work])
    if m[queue + Queue.effort_by_contact]:
        leg = 0
    return drawn(m, f, m[queue + Queue.effort], contact, leg, part, EFFORT) * mean


@kernel
def wrap_up_of(m: Memory, f: Reals, item: Item) -> int:
    """Wall time after handling for which the agent's units stay taken [us]."""
    mean = m[service_of(m, item, m[item + Item.team]) + Service.wrap_up]
    table = m[m[item + Item.queue] + Queue.wrap_up]
    if not table or mean == 0:
        return mean
    contact, leg, part = m[item + Item.contact], m[item + Item.leg], m[item + Item.part]
    return int(drawn(m, f, table, contact, leg, part, WRAP_UP) * mean)


@kernel
def patience_of(m: Memory, f: Reals, item: Item) -> int:
    """How long the contact waits unanswered [us]; -1: it does not leave."""
    contact, queue, leg = m[item + Item.contact], m[item + Item.queue], m[item + Item.leg]
    if m[item + Item.part]:
        return -1
    if leg == 0 and m[contact + Contact.patience] != UNOBSERVED:
        return m[contact + Contact.patience]
    table = m[queue + Queue.patience]
    if not table:
        return -1
    if m[queue + Queue.patience_by_contact]:
        leg = 0
    return int(drawn(m, f, table, contact, leg, 0, PATIENCE))


@kernel
def instant_of(m: Memory, limit: Limit, entered: Instant) -> Instant:
    """When a limit passes for a contact that waits since `entered` [us]; NEVER."""
    clock, hours = m[limit + Limit.clock], m[limit + Limit.hours]
    if clock == CLOCK_WAIT or not hours:
        return entered + m[limit + Limit.after]
    if clock == CLOCK_OPEN_HOURS:
        return after_open_time(m, hours, entered, m[limit + Limit.after])
    closing = closing_after(m, hours, entered)
    return NEVER if closing == NOT_YET else closing


@kernel
def branch_of(m: Memory, f: Reals, item: Item, exit_: int, first: Branch, count: int) -> Branch:
    """The branch that the contact takes: a row used up gives up.

    The first row with u < cumulated probability; the last if rounding leaves none.
    """
    if count == 0:
        return m[Run.ends] if exit_ == SERVED else m[Run.gives_up]
    contact = m[item + Item.contact]
    number = count - 1
    if number:
        u = uniform(m, contact, m[item + Item.leg], m[item + Item.part], BRANCH + exit_)
        for candidate in range(count - 1):
            if u < f[nth(Branch, first, candidate) + Branch.cumulated]:
                number = candidate
                break
    branch = nth(Branch, first, number)
    at_most = m[branch + Branch.at_most]
    if at_most >= 0 and m[contact + Contact.uses + m[branch + Branch.use]] >= at_most:
        return m[Run.gives_up]
    return branch


@kernel
def count_use(m: Memory, item: Item, branch: Branch) -> None:
    """Count a use of a branch whose uses are bounded."""
    if m[branch + Branch.at_most] >= 0:
        m[m[item + Item.contact] + Contact.uses + m[branch + Branch.use]] += 1


@kernel
def enters_at(m: Memory, f: Reals, item: Item, exit_: int, branch: Branch) -> Instant:
    """The instant of the next entry [us]: after the branch's delay, counted on its hours."""
    table, hours = m[branch + Branch.delay], m[branch + Branch.hours]
    delay = 0
    if table:
        contact, leg, part = m[item + Item.contact], m[item + Item.leg], m[item + Item.part]
        delay = int(drawn(m, f, table, contact, leg, part, DELAY + exit_))
    return open_after(m, hours, m[Run.now], delay) if hours else m[Run.now] + delay

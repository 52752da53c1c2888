"""What a contact's key decides: its work, patience and wrap-up, its branches and their delays.

Everything here is a pure function of the contact and the network, `count_use` apart.
"""

from __future__ import annotations

import numpy as np

from ccsim.engine.kernel.compiler import inlined, kernel
from ccsim.engine.kernel.layout import *
from ccsim.engine.kernel.state import after_open_time, closing_after, open_after, service_of
from ccsim.network.draws import GOLDEN

UNOBSERVED = -1
LIMIT = 6
SERVED = 1
_GOLDEN = np.uint64(GOLDEN)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_ONE, _ELEVEN = np.uint64(1), np.uint64(11)
_27, _30, _31 = np.uint64(27), np.uint64(30), np.uint64(31)
_ALL_53 = np.uint64((1 << 53) - 1)
_GRID = 2.0**-53


@inlined
def uniform(m: Ints, contact: int, leg: int, part: int, purpose: int) -> float:
    """The draw of `ccsim.network.draws.uniform`."""
    key = np.uint64(m[contact + C_KEY])
    number = np.uint64(leg * DRAWS_PER_LEG + part * DRAWS_PER_PART + purpose + 1)
    bits = (key >> _ONE << _ONE) + number * _GOLDEN
    bits = (bits ^ (bits >> _30)) * _FIRST
    bits = (bits ^ (bits >> _27)) * _SECOND
    bits = (bits ^ (bits >> _31)) >> _ELEVEN
    if key & _ONE:
        bits = bits ^ _ALL_53
    return np.float64(bits) * _GRID


@inlined
def quantile(m: Ints, f: Floats, table: int, u: float) -> float:
    """The quantile at u of a table that is no constant, as `QuantileTable.value` has it."""
    if m[table + T_KIND] == T_ATOMS:
        low_mass, high_mass = f[table + T_LOW_MASS], f[table + T_HIGH_MASS]
        if u < low_mass:
            return f[table + T_LOW]
        if u >= 1.0 - high_mass:
            return f[table + T_HIGH]
        u = (u - low_mass) / (1.0 - low_mass - high_mass)
        if u >= 1.0:
            u = 1.0 - 2.0**-53
    x = u * 1024.0
    grid = table + T_GRID
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
def drawn(m: Ints, f: Floats, table: int, contact: int, leg: int, part: int, purpose: int) -> float:
    if m[table + T_KIND] == T_CONSTANT:
        return f[table + T_VALUE]
    return quantile(m, f, table, uniform(m, contact, leg, part, purpose))


@inlined
def take_measure(m: Ints, f: Floats, item: int, crew: int, agent: int) -> None:
    """At answer: the work that the item is at this agent's pace, and the served exit that follows.

    Of work taken over, what remains is scaled by the new total over the old; the served row and
    the consult are those of the new team, by the same draws.
    """
    contact, leg, part = m[item + I_CONTACT], m[item + I_LEG], m[item + I_PART]
    service = service_of(m, item, crew)
    work = _work(m, f, item, m[service + S_MEAN])
    total = int(work * f[agent + A_PACE]) if agent else int(work)
    if part == 0:
        branch = branch_of(m, f, item, SERVED, m[service + S_ROWS], m[service + S_ROWS_COUNT])
        m[item + I_BRANCH] = branch
        share = f[branch + B_SHARE]
        if share != 1.0:
            total = int(total * share)
    if m[item + I_ANSWERED] < 0:
        m[item + I_REMAINING] = total << WORK_BITS
    elif m[item + I_TOTAL]:
        m[item + I_REMAINING] = taken_over(m[item + I_REMAINING], total, m[item + I_TOTAL])
    m[item + I_TOTAL] = total
    m[item + I_CONSULT_LEFT] = -1
    if part or m[item + I_CONSULTED]:
        return
    if m[m[item + I_BRANCH] + B_HANDOVER]:
        m[item + I_CONSULT_LEFT] = 0  # when the work is done here
    elif (
        m[service + S_ASK_QUEUE] and uniform(m, contact, leg, 0, CONSULT) < f[service + S_ASK_SHARE]
    ):
        before = int(total * f[service + S_ASK_AT])
        m[item + I_CONSULT_LEFT] = (total - before) << WORK_BITS


@kernel
def asks_in(m: Ints, item: int) -> int:
    """The queue in which helpers are asked, or somebody to whom the contact is handed over."""
    handover = m[m[item + I_BRANCH] + B_HANDOVER]
    return handover if handover else m[service_of(m, item, m[item + I_CREW]) + S_ASK_QUEUE]


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
def _work(m: Ints, f: Floats, item: int, mean: int) -> float:
    """Handling of this contact by a team with this mean [us], pace apart."""
    contact, queue, leg = m[item + I_CONTACT], m[item + I_QUEUE], m[item + I_LEG]
    part = m[item + I_PART]
    if leg == 0 and part == 0 and m[contact + C_WORK] != UNOBSERVED:
        return float(m[contact + C_WORK])
    if m[queue + Q_EFFORT_BY_CONTACT]:
        leg = 0
    return drawn(m, f, m[queue + Q_EFFORT], contact, leg, part, EFFORT) * mean


@kernel
def wrap_up_of(m: Ints, f: Floats, item: int) -> int:
    """Wall time after handling for which the agent's units stay taken [us]."""
    mean = m[service_of(m, item, m[item + I_CREW]) + S_WRAP_UP]
    table = m[m[item + I_QUEUE] + Q_WRAP_UP]
    if table == 0 or mean == 0:
        return mean
    contact, leg, part = m[item + I_CONTACT], m[item + I_LEG], m[item + I_PART]
    return int(drawn(m, f, table, contact, leg, part, WRAP_UP) * mean)


@kernel
def patience_of(m: Ints, f: Floats, item: int) -> int:
    """How long the contact waits unanswered [us]; -1: it does not leave."""
    contact, queue, leg = m[item + I_CONTACT], m[item + I_QUEUE], m[item + I_LEG]
    if m[item + I_PART]:
        return -1
    if leg == 0 and m[contact + C_PATIENCE] != UNOBSERVED:
        return m[contact + C_PATIENCE]
    table = m[queue + Q_PATIENCE]
    if table == 0:
        return -1
    if m[queue + Q_PATIENCE_BY_CONTACT]:
        leg = 0
    return int(drawn(m, f, table, contact, leg, 0, PATIENCE))


@kernel
def instant_of(m: Ints, limit: int, entered: int) -> int:
    """When a limit passes for a contact that waits since `entered` [us]; NEVER."""
    clock, hours = m[limit + L_CLOCK], m[limit + L_HOURS]
    if clock == CLOCK_WAIT or hours == 0:
        return entered + m[limit + L_AFTER]
    if clock == CLOCK_OPEN_HOURS:
        return after_open_time(m, hours, entered, m[limit + L_AFTER])
    closing = closing_after(m, hours, entered)
    return NEVER if closing < 0 else closing


@kernel
def branch_of(m: Ints, f: Floats, item: int, exit_: int, rows: int, count: int) -> int:
    """The branch that the contact takes: a row used up gives up.

    The first row with u < cumulated probability; the last if rounding leaves none.
    """
    if count == 0:
        return m[ENDS] if exit_ == SERVED else m[GIVES_UP]
    contact = m[item + I_CONTACT]
    number = count - 1
    if number:
        u = uniform(m, contact, m[item + I_LEG], m[item + I_PART], BRANCH + exit_)
        for candidate in range(count - 1):
            if u < f[rows + BRANCH_WORDS * candidate + B_CUMULATED]:
                number = candidate
                break
    branch = rows + BRANCH_WORDS * number
    at_most = m[branch + B_AT_MOST]
    if at_most >= 0 and m[contact + C_USES + m[branch + B_USE]] >= at_most:
        return m[GIVES_UP]
    return branch


@kernel
def count_use(m: Ints, item: int, branch: int) -> None:
    """The contact takes a branch: remember it where rows may be used so many times only."""
    if m[branch + B_AT_MOST] >= 0:
        m[m[item + I_CONTACT] + C_USES + m[branch + B_USE]] += 1


@kernel
def enters_at(m: Ints, f: Floats, item: int, exit_: int, branch: int) -> int:
    """The instant of the next entry [us]: after the branch's delay, counted on its hours."""
    table, hours = m[branch + B_DELAY], m[branch + B_HOURS]
    delay = 0
    if table:
        contact, leg, part = m[item + I_CONTACT], m[item + I_LEG], m[item + I_PART]
        delay = int(drawn(m, f, table, contact, leg, part, DELAY + exit_))
    return open_after(m, hours, m[NOW], delay) if hours else m[NOW] + delay

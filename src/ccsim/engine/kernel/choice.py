"""Who gets whom (docs/background/model.md, section 4): decisions only, nothing is changed here.

A *taker* is an agent, or minus the address of an unlimited crew; 0 is nobody.
"""

from __future__ import annotations

from ccsim.engine.kernel.compiler import inlined, kernel
from ccsim.engine.kernel.draws import uniform
from ccsim.engine.kernel.layout import *
from ccsim.engine.kernel.state import best_agent, has_room, head_of, service_of, units_at


@kernel
def has_opened(m: Ints, item: int, step: int) -> bool:
    """Its `after` has passed for the item, and the event of that."""
    after = m[step + ST_AFTER]
    limit = m[item + I_OPEN_AFTER]
    return (
        after <= 0
        or after < limit
        or (after == limit and m[step + ST_NUMBER] <= m[item + I_OPEN_STEP])
    )


@kernel
def nobody_on_duty(m: Ints, step: int) -> bool:
    crews = m[step + ST_CREWS]
    for place in range(crews, crews + m[step + ST_CREWS_COUNT]):
        crew = m[place]
        if m[crew + W_UNLIMITED] or m[crew + W_ON_DUTY]:
            return False
    return True


@kernel
def next_open_step(m: Ints, item: int, step: int, unattended: int) -> int:
    """The first step from `step` on that is open to a waiting item, `keep_idle` apart; 0: none.

    A step is reached when its `after` has passed, or when the step before is reached and nobody of
    its teams is on duty (`unattended`); it is open when also enough contacts wait.
    """
    queue = m[item + I_QUEUE]
    end = m[queue + Q_STEPS] + STEP_WORDS * m[queue + Q_STEPS_COUNT]
    if m[queue + Q_PLAIN]:
        return step if step < end else 0
    while step < end:
        reached = unattended != 0 or has_opened(m, item, step)
        if reached and m[queue + Q_COUNT] >= m[step + ST_WHEN_WAITING]:
            return step
        unattended = 1 if reached and nobody_on_duty(m, step) else 0
        step += STEP_WORDS
    return 0


@inlined
def along_route(m: Ints, item: int) -> int:
    """Walk the open steps in order: to who has room, else to an agent whose items give way."""
    first = m[m[item + I_QUEUE] + Q_STEPS]
    yielding = False
    step = next_open_step(m, item, first, 0)
    while step:
        taker = taker_in_step(m, step, item)
        if taker:
            return taker
        crews = m[step + ST_CREWS]
        for place in range(crews, crews + m[step + ST_CREWS_COUNT]):
            yielding = yielding or m[m[place] + W_YIELDING] != 0
        step = next_open_step(m, item, step + STEP_WORDS, 1 if nobody_on_duty(m, step) else 0)
    if yielding:
        step = next_open_step(m, item, first, 0)
        while step:
            if m[step + ST_KEEP_IDLE] <= 0:
                agent = latest_to_yield(m, item, m[step + ST_CREWS], m[step + ST_CREWS_COUNT])
                if agent:
                    return agent
            step = next_open_step(m, item, step + STEP_WORDS, 1 if nobody_on_duty(m, step) else 0)
    return 0


@inlined
def taker_in_step(m: Ints, step: int, item: int) -> int:
    """Who of a step has room: an unlimited crew before all, else the best agent of all its crews.

    The best of one crew is its `best_agent`; of these, the freest.
    """
    best = 0
    keep_idle = m[step + ST_KEEP_IDLE]
    crews = m[step + ST_CREWS]
    for place in range(crews, crews + m[step + ST_CREWS_COUNT]):
        crew = m[place]
        if m[crew + W_UNLIMITED]:
            return -crew
        units = units_at(m, item, crew)
        if keep_idle <= 0 or has_room(m, crew, units, keep_idle):
            agent = best_agent(m, crew, units)
            if agent and (best == 0 or is_freer(m, agent, best)):
                best = agent
    return best


@kernel
def is_freer(m: Ints, agent: int, other: int) -> bool:
    """The larger share of the units is free, then longest since it changed, then lowest number."""
    ours = m[agent + A_FREE] * m[m[other + A_CREW] + W_UNITS]
    theirs = m[other + A_FREE] * m[m[agent + A_CREW] + W_UNITS]
    if ours != theirs:
        return ours > theirs
    ours, theirs = m[agent + A_CHANGED], m[other + A_CHANGED]
    if ours != theirs:
        return ours < theirs
    return m[agent + A_NUMBER] < m[other + A_NUMBER]


@kernel
def can_gain(m: Ints, agent: int, units: int, priority: int) -> bool:
    """So many units are free there for an item of this priority, or will be when the agent's
    items of lower priority give way."""
    free = m[agent + A_FREE]
    item = m[agent + A_PROGRESS]
    while item and free < units:
        queue = m[item + I_QUEUE]
        if m[queue + Q_INTERRUPTIBLE] and m[queue + Q_PRIORITY] > priority:
            free += m[item + I_UNITS]
        item = m[item + I_PREVIOUS]
    return free >= units


@kernel
def latest_to_yield(m: Ints, item: int, crews: int, count: int) -> int:
    """Of the agents on duty of these crews who can gain enough units: the one whose latest yielding
    item started or resumed last, then the lowest number."""
    priority = m[m[item + I_QUEUE] + Q_PRIORITY]
    best, best_started = 0, 0
    for place in range(crews, crews + count):
        crew = m[place]
        units = units_at(m, item, crew)
        yielding = m[crew + W_YIELDING]
        while yielding:
            started = m[yielding + I_STARTED]
            if best and started < best_started:
                break
            agent = m[yielding + I_AGENT]
            if (
                m[m[yielding + I_QUEUE] + Q_PRIORITY] > priority
                and m[agent + A_ON]
                and (
                    best == 0 or started > best_started or m[agent + A_NUMBER] < m[best + A_NUMBER]
                )
                and can_gain(m, agent, units, priority)
            ):
                best, best_started = agent, started
            yielding = m[yielding + I_YIELD_PREVIOUS]
    return best


@kernel
def agent_can_take(m: Ints, item: int, agent: int) -> bool:
    """An item that is for this agent alone: by its room, else by what gives way there."""
    units = units_at(m, item, m[agent + A_CREW])
    return can_gain(m, agent, units, m[m[item + I_QUEUE] + Q_PRIORITY])


@kernel
def is_better(m: Ints, crew: int, one: int, other: int) -> bool:
    """The one comes before the other by the rule of this team."""
    take = m[crew + W_TAKE]
    queue, another = m[one + I_QUEUE], m[other + I_QUEUE]
    if take != TAKE_PRIORITY and take != TAKE_WEIGHTED:
        ranks = m[crew + W_RANKS]
        a, b = m[ranks + m[queue + Q_INDEX]], m[ranks + m[another + Q_INDEX]]
        if a != b:
            return a < b
    a, b = m[queue + Q_PRIORITY], m[another + Q_PRIORITY]
    if a != b:
        return a < b
    if take == TAKE_WEIGHTED:
        now = m[NOW]
        a = m[queue + Q_WEIGHT] * (now - m[one + I_SINCE])
        b = m[another + Q_WEIGHT] * (now - m[other + I_SINCE])
        if a != b:
            return a > b
    a, b = m[one + I_SINCE], m[other + I_SINCE]
    if a != b:
        return a < b
    a, b = m[one + I_NUMBER], m[other + I_NUMBER]
    if a != b:
        return a < b
    return m[one + I_LEG] < m[other + I_LEG]


@kernel
def best_offer(m: Ints, agent: int) -> int:
    """What an agent's team takes next: the best, that somebody may take, of the first contacts of
    the team's lines, this agent's held contacts and its set-aside items; 0: nothing.

    Who takes it is `taker_of` it.
    """
    crew = m[agent + A_CREW]
    if (
        m[crew + W_FREE] == 0
        and (m[crew + W_YIELDING] | m[agent + A_HELD] | m[agent + A_ASIDE]) == 0
    ):
        return 0
    best = 0
    lines = m[crew + W_LINES]
    for place in range(lines, lines + m[crew + W_LINES_COUNT]):
        queue = m[place]
        if m[queue + Q_COUNT]:
            for part in range(2):
                item = m[head_of(m, queue, part) + I_LINE]
                if item and m[queue + Q_SIMPLE] == 0:
                    item = first_open_to(m, crew, item)
                if (
                    item
                    and (best == 0 or is_better(m, crew, item, best))
                    and by_crew(m, item, crew)
                ):
                    best = item
    # Of those held the first that can be taken is the best; where weights count, any may be.
    weighted = m[crew + W_TAKE] == TAKE_WEIGHTED
    item = m[agent + A_HELD_BEST] if m[agent + A_FREE] or m[crew + W_YIELDING] else 0
    while item and (best == 0 or weighted or is_better(m, crew, item, best)):
        if (best == 0 or is_better(m, crew, item, best)) and agent_can_take(m, item, agent):
            best = item
        item = 0 if best == item and not weighted else m[item + I_NEXT]
    item = m[agent + A_ASIDE]
    while item:
        if (best == 0 or is_better(m, crew, item, best)) and m[agent + A_FREE] >= m[item + I_UNITS]:
            best = item
        item = m[item + I_PREVIOUS]
    return best


@kernel
def first_open_to(m: Ints, crew: int, item: int) -> int:
    """The first contact of a line, from this one on, to whom a step with this crew is open."""
    queue = m[item + I_QUEUE]
    steps = m[queue + Q_STEPS]
    end = steps + STEP_WORDS * m[queue + Q_STEPS_COUNT]
    while item:
        step = next_open_step(m, item, steps, 0)
        while step:
            crews = m[step + ST_CREWS]
            for place in range(crews, crews + m[step + ST_CREWS_COUNT]):
                if m[place] == crew and (
                    m[step + ST_KEEP_IDLE] <= 0
                    or has_room(m, crew, units_at(m, item, crew), m[step + ST_KEEP_IDLE])
                ):
                    return item
            step = next_open_step(m, item, step + STEP_WORDS, 1 if nobody_on_duty(m, step) else 0)
        # A later contact has reached no more than this one, unless an event of this very instant
        # has yet to open a step to this one.
        due = False
        if m[queue + Q_TIMED]:
            waited = m[NOW] - m[item + I_SINCE]
            for step in range(steps, end, STEP_WORDS):
                due = due or (m[step + ST_AFTER] <= waited and not has_opened(m, item, step))
        if not due:
            return 0
        item = m[item + I_LINE]
    return 0


@kernel
def by_crew(m: Ints, item: int, crew: int) -> int:
    """Who of the crew takes a waiting item, to whom a step of the crew is open."""
    agent = best_agent(m, crew, units_at(m, item, crew))
    if agent or m[crew + W_YIELDING] == 0:
        return agent
    first = m[m[item + I_QUEUE] + Q_STEPS]
    here = 0
    step = next_open_step(m, item, first, 0)
    while step:
        if taker_in_step(m, step, item):
            return 0
        crews = m[step + ST_CREWS]
        for place in range(crews, crews + m[step + ST_CREWS_COUNT]):
            if m[place] == crew and m[step + ST_KEEP_IDLE] <= 0:
                here = place
        step = next_open_step(m, item, step + STEP_WORDS, 1 if nobody_on_duty(m, step) else 0)
    return latest_to_yield(m, item, here, 1) if here else 0


@kernel
def own_agent(m: Ints, f: Floats, item: int) -> int:
    """The agent whom the queue's affinity prefers for this contact, if there is one who can."""
    queue, contact = m[item + I_QUEUE], m[item + I_CONTACT]
    own = m[queue + Q_OWN]
    if own < 0:
        return 0
    if own == OWN_LAST:
        agent = m[contact + C_LAST_AGENT]
    else:
        crew = m[queue + Q_OWNERS]
        count = m[crew + W_AGENTS_COUNT]
        if count == 0:
            return 0
        owner = int(count * uniform(m, contact, 0, 0, OWNER))
        agent = m[m[crew + W_AGENTS] + owner]
    if agent == 0 or m[service_of(m, item, m[agent + A_CREW]) + S_EXISTS] == 0:
        return 0
    asker = m[item + I_ASKER]
    if asker and m[asker + I_AGENT] == agent:
        return 0  # no agent helps itself
    return agent


@kernel
def goes_on(m: Ints, item: int) -> bool:
    """Whether who has done this part of a warm transfer takes the contact over: an agent whose team
    serves the queue that it goes to, where it goes anywhere."""
    asker, agent = m[item + I_ASKER], m[item + I_AGENT]
    if m[item + I_PART] == 0 or agent == 0:
        return False
    branch = m[asker + I_BRANCH]
    if m[branch + B_HANDOVER] == 0 or m[item + I_LEG] + 1 >= m[MAX_LEGS]:
        return False
    services = m[m[FIRST_QUEUE] + QUEUE_WORDS * m[branch + B_TARGET] + Q_SERVICES]
    service = services + SERVICE_WORDS * m[m[agent + A_CREW] + W_INDEX]
    return m[service + S_EXISTS] != 0

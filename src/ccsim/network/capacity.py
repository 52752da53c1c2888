"""What one person may hold at once: capacity units, and how several items slow each other.

A team's agents have as many units as the least common multiple of the numbers in `hands`, so that
three chats or two e-mails both fill a person exactly. `alone` and `in gaps` take all of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from ccsim.scenario.schema import Scenario, Team

FULL_RATE = 1 << 16  # progress is counted in 1/65536 us
ALONE = "alone"
IN_GAPS = "in gaps"
IN_GAPS_BAND = 100  # added to the priority of work done in gaps: after everything live
DEFAULT_HANDS = {
    "phone": ALONE,
    "chat": ALONE,
    "messaging": ALONE,
    "social": ALONE,
    "email": IN_GAPS,
    "tickets": IN_GAPS,
    "outbound": ALONE,
}


def hands_of(team: Team, channel: str) -> str | int:
    """What a person of the team may hold of a channel: `alone`, `in gaps`, or how many at once."""
    return team.hands.get(channel, DEFAULT_HANDS[channel])


def units_of_agent(team: Team) -> int:
    """Capacity units of one agent of the team."""
    return math.lcm(1, *(n for n in team.hands.values() if isinstance(n, int)))


def units_of_item(team: Team, channel: str) -> int:
    """Capacity units that one item of the channel takes."""
    units = units_of_agent(team)
    hands = hands_of(team, channel)
    return units // hands if isinstance(hands, int) else units


def rates_of(scenario: Scenario, team: Team, channels: Iterable[str]) -> tuple[int, ...]:
    """Progress rates of an agent by the number of items in progress, 1 .. units of the agent.

    From the team's own `slowdown`, else from those of the channels of which it takes several at
    once (where these differ, the slower of them). Beyond the last number given, the last holds.
    """
    lists = (
        [team.slowdown]
        if team.slowdown is not None
        else [
            scenario.channels[channel].slowdown
            for channel in channels
            if isinstance(hands_of(team, channel), int) and channel in scenario.channels
        ]
    )
    given = [slowdown for slowdown in lists if slowdown]
    return tuple(
        round(FULL_RATE / max((_at(slowdown, n) for slowdown in given), default=1.0))
        for n in range(units_of_agent(team))
    )


def _at(slowdown: tuple[float, ...], n: int) -> float:
    return slowdown[min(n, len(slowdown) - 1)]

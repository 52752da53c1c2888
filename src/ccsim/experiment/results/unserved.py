"""Who a design does not serve at all: contacts that find it closed, channels it does not offer.

They are in no service level, so that no target would notice: a design that opens for two hours a
day may answer all who come then. Whoever names a design the cheapest, or the best, asks here first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from ccsim.experiment.results.targets import targets

if TYPE_CHECKING:
    from ccsim.scenario.schema import Scenario

MORE_CLOSED = 0.05  # a design that is closed to so many more contacts is not called the best

Value = Callable[[str, str], float]
"""The value of a design's measure; 0 where it is undefined or the design does not have it."""


def more_turned_away(value: Value, design: str, other: str, channel: str) -> bool:
    """Whether more contacts find a channel closed in one design than in another in number, too.

    Where people come again and again during the day, as to a bot that does not help, the share
    alone falls.
    """
    numbers = [
        value(name, f"{channel}.closed") * value(name, f"{channel}.attempts")
        for name in (design, other)
    ]
    return numbers[0] > (1 + MORE_CLOSED) * numbers[1]


def not_offered(value: Value, scenarios: Mapping[str, Scenario], design: str) -> list[str]:
    """The channels with a target in one of the designs that this one does not have, or on which
    nobody comes to it: what is not offered misses no target."""
    return list(
        dict.fromkeys(
            channel
            for scenario in scenarios.values()
            for channel in scenario.channels
            if any(key.startswith(f"{channel}.") for key in targets(scenario))
            and (
                channel not in scenarios[design].channels
                or not value(design, f"{channel}.attempts")
            )
        )
    )

"""What is made for many contacts or days at a time is what one by one would be."""

from __future__ import annotations

import bisect
import itertools
from typing import Any

import numpy as np
import pytest

from ccsim.network.draws import Purpose, uniform
from ccsim.workload import arrivals
from ccsim.workload.model import merged, without_history
from ccsim.workload.poisson import DayStreams
from ccsim.workload.profiles import ChannelsOfDays, DayProfile
from tests.workload.workloads_by_hand import workload_of


def test_each_day_of_a_stream_has_a_generator_of_its_own() -> None:
    streams = DayStreams(5)
    own = {d: np.random.Philox(key=5, counter=[0, 0, 0, d]).random_raw(9) >> 11 for d in (0, 2, 7)}
    numbers = (streams.numbers([7, 0, 2], [4, 0, 3], first=2) * 2.0**53).astype(np.uint64)
    assert numbers.tolist() == [*own[7][2:6].tolist(), *own[2][2:5].tolist()]
    # asked again, and in another order, a day has the same numbers
    assert (streams.numbers([0, 7], [1, 1]) * 2.0**53).tolist() == [own[0][0], own[7][0]]


@pytest.mark.parametrize("span", [40, 10**6, 1 << 61])
def test_contacts_are_put_in_order_and_those_of_one_instant_stay_so(span: int) -> None:
    """Whether their instants and places fit together into 64 bits or not."""
    draw = np.random.default_rng(3)
    at = draw.integers(0, span, 3000)
    at[1500:] = at[draw.integers(0, 1500, 1500)]
    key = np.arange(len(at), dtype=np.uint64)
    parts = [
        without_history(at[of], np.zeros(1500, np.int32), key[of])
        for of in (slice(1500), slice(1500, None))
    ]
    rows = merged(parts)
    assert not parts  # they are let go of
    expected = sorted(range(len(at)), key=at.tolist().__getitem__)
    assert rows.key.tolist() == expected
    assert rows.at.tolist() == at[expected].tolist()


def test_contacts_of_many_days_are_looked_up_one_by_one() -> None:
    """The channel is the first whose cumulated share is above the key's number; the instant is
    where the channel's profile reaches u."""
    draw = np.random.default_rng(4)

    def profile(pieces: int) -> DayProfile:
        lengths = draw.integers(1, 1000, pieces)
        weights = draw.random(pieces) * (draw.random(pieces) < 0.7)
        weights[pieces // 2] = 1.0
        cumulated = np.append(0.0, np.cumsum(weights))
        return DayProfile(np.cumsum(lengths) - lengths, lengths, cumulated / cumulated[-1])

    kinds = [
        {"phone": (0.3, profile(5)), "chat": (0.6, profile(8)), "email": (0.1, profile(1))},
        {"chat": (1.0, profile(17))},
        {"email": (0.5, profile(2)), "phone": (0.5, profile(3))},
    ]
    queue_of = {"phone": 4, "chat": 1, "email": 7}
    n = 2000
    kind, u = draw.integers(0, 3, n), draw.random(n)
    u[:20] = 0.0
    keys = draw.integers(0, 1 << 62, n).astype(np.uint64)
    at, queue = ChannelsOfDays(kinds, queue_of).looked_up(kind, keys, u)
    for i in range(n):
        channels = kinds[kind[i]]
        drawn = uniform(int(keys[i]), 0, 0, Purpose.CHANNEL)
        sums = itertools.accumulate(share for share, _ in channels.values())
        channel = next(name for name, below in zip(channels, sums, strict=True) if drawn < below)
        assert queue[i] == queue_of[channel]
        own = channels[channel][1]
        piece = bisect.bisect_right(own.cumulated.tolist(), u[i]) - 1
        begin, end = own.cumulated[piece : piece + 2]
        expected = own.starts[piece] + int((u[i] - begin) / (end - begin) * own.lengths[piece])
        assert at[i] == expected


def test_customers_do_not_depend_on_how_many_are_made_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    contacts: dict[str, dict[str, Any]] = {
        "calls": {"per_day": 40.0, "group": 3, "by_channel": {"phone": 0.5, "chat": "rest"},
                  "on": ("phone", "chat"), "busyness": {"cv": 0.4}},
        "mails": {"per_day": {"mon": 30.0, "wed": 300.0}, "on": ("email",)},
    }  # fmt: skip
    together = workload_of(contacts, days=30)
    monkeypatch.setattr(arrivals, "AT_A_TIME", 50)
    apart = workload_of(contacts, days=30)
    assert len(together) > 1000
    for name in ("at", "queue", "key"):
        assert getattr(together, name).tolist() == getattr(apart, name).tolist()

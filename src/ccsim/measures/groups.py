"""Attempts, customers and passages in the order of what is alike in them."""

from __future__ import annotations

from dataclasses import dataclass

from ccsim.measures.tally import Ints


@dataclass(frozen=True)
class Groups:
    """Those who are alike in their facts, and in queue and interval of their first entry (of
    passages: in the queues from which and to which they lead). Arrays of one length.

    `facts` and the five columns of `sums` (us, replies apart) are those of `fold.layout`.
    """

    queue: Ints
    interval: Ints
    facts: Ints
    number: Ints
    sums: Ints

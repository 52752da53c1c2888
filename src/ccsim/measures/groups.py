"""What is alike: kinds of attempts and customers, and passages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from ccsim.measures.window import Ints


@dataclass(frozen=True)
class Kinds:
    """Those who are alike in their facts and in the queue of their first entry. Arrays of one
    length; `facts` are those of `accumulate.layout`."""

    queue: Ints
    facts: Ints


class Steps(NamedTuple):
    """Passages that are alike: the queues from which and to which they lead, what is known of
    them, and how many there were. Arrays of one length."""

    start: Ints
    to: Ints
    facts: Ints
    number: Ints

"""Every draw about a contact, as a pure function of its key (docs/background/model.md, section 1).

`uniform(key, leg, part, purpose)` is output number n of the generator splitmix64 seeded with the
contact's key, where n counts (leg, part, purpose). Nothing else in an engine is random, so two
designs see the same customers and two engines can be compared event for event.

Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014; the
constants and test vectors are those of Vigna's public-domain splitmix64.c.
"""

from __future__ import annotations

import enum
import hashlib

import numpy as np
from numpy.typing import NDArray

GOLDEN = 0x9E3779B97F4A7C15
MASK = 0xFFFFFFFFFFFFFFFF
PER_LEG = 1 << 8  # counters reserved for a leg: 2 parts x 128 purposes
PER_PART = 1 << 7


class Purpose(enum.IntEnum):
    """What a draw decides. Values are part of the law: renumbering changes every result."""

    EFFORT = 0
    PATIENCE = 1
    WRAP_UP = 2
    CONSULT = 3
    OWNER = 4
    CHANNEL = 5  # made with the arrivals (leg 0)
    FIRST_WORKLOAD = 6  # 6..15: free for draws made with the arrivals
    ANSWERS = 7  # whether who is on a list answers the first call
    SEGMENT = 8  # to which segment of its type a customer belongs
    BRANCH = 16  # + exit code: which row of the exit's table
    DELAY = 72  # + exit code: how long until the next leg


def splitmix64(state: int) -> int:
    """The output function of splitmix64 for a state (already advanced)."""
    z = state & MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def uniform(key: int, leg: int, part: int, purpose: int) -> float:
    """A number in [0, 1) on the grid of 2^-53.

    The lowest bit of the key turns u into 1 - 2^-53 - u (an antithetic partner).
    """
    n = leg * PER_LEG + part * PER_PART + purpose + 1
    bits = splitmix64((key >> 1 << 1) + n * GOLDEN) >> 11
    if key & 1:
        bits ^= (1 << 53) - 1
    return bits * 2.0**-53


def uniforms(
    keys: NDArray[np.uint64], purpose: int, leg: int | NDArray[np.int64] = 0
) -> NDArray[np.float64]:
    """`uniform(key, leg, 0, purpose)` for many keys at once; `leg` is one for all, or goes with
    the keys by NumPy's rules."""
    n = np.atleast_1d(leg * PER_LEG + purpose + 1).astype(np.uint64)
    bits = _splitmix64_array((keys & ~np.uint64(1)) + n * np.uint64(GOLDEN)) >> np.uint64(11)
    bits = np.where(keys & np.uint64(1), bits ^ np.uint64((1 << 53) - 1), bits)
    return bits.astype(np.float64) * 2.0**-53


def _splitmix64_array(z: NDArray[np.uint64]) -> NDArray[np.uint64]:
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def root_key(seed: int, replication: int) -> int:
    """The key from which everything random in one replication comes."""
    return splitmix64(splitmix64((seed & MASK) + GOLDEN) + (replication + 1) * GOLDEN)


def name_key(root: int, *names: str | int) -> int:
    """A key for a named stream: the same whatever other streams exist."""
    text = "\x1f".join(str(name) for name in names).encode()
    digest = hashlib.blake2b(text, digest_size=8, key=root.to_bytes(8, "little")).digest()
    return int.from_bytes(digest, "little")


def contact_keys(root: int, contact_type: str, count: int, start: int = 0) -> NDArray[np.uint64]:
    """Keys of the contacts number start .. start+count-1 of a type; the lowest bit is 0."""
    return keys_of(root, contact_type, np.arange(start, start + count, dtype=np.uint64))


def keys_of(root: int, contact_type: str, ordinals: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Keys of the contacts with these numbers of a type; the lowest bit is 0."""
    base = np.uint64(name_key(root, "contact", contact_type))
    return _splitmix64_array(base + ordinals * np.uint64(GOLDEN)) & ~np.uint64(1)

"""The draws: published vectors of splitmix64, and what the law says of keys."""

from __future__ import annotations

import numpy as np

from ccsim.network.draws import (
    GOLDEN,
    MASK,
    Purpose,
    contact_keys,
    name_key,
    root_key,
    splitmix64,
    uniform,
    uniforms,
)

# The first five outputs of Vigna's splitmix64.c for the seed 1234567, as published with the
# reference code and repeated by many ports (Rosetta Code, "Pseudo-random numbers/Splitmix64").
SEED = 1234567
PUBLISHED = (
    6457827717110365317,
    3203168211198807973,
    9817491932198370423,
    4593380528125082431,
    16408922859458223821,
)


def test_splitmix64_gives_the_published_outputs() -> None:
    assert [splitmix64(SEED + n * GOLDEN) for n in range(1, 6)] == list(PUBLISHED)


def test_a_uniform_is_an_output_of_the_generator_seeded_with_the_key() -> None:
    key = SEED - 1  # even, as contact keys are
    outputs = [splitmix64((key + n * GOLDEN) & MASK) for n in range(1, 1024)]
    for leg, part, purpose in ((0, 0, 0), (0, 0, 5), (0, 1, 0), (2, 1, 72)):
        n = leg * 256 + part * 128 + purpose  # the documented layout of counters
        assert uniform(key, leg, part, purpose) == (outputs[n] >> 11) / 2**53


def test_the_published_first_output_as_a_uniform() -> None:
    even = (SEED - GOLDEN) & MASK  # one step back, so that purpose 1 gives the first output
    assert even % 2 == 0
    assert uniform(even, 0, 0, 1) == (PUBLISHED[0] >> 11) / 2**53


def test_the_lowest_bit_of_a_key_turns_the_draw_around() -> None:
    for key in (2, 2**63 + 10, 123456):
        for purpose in (Purpose.EFFORT, Purpose.DELAY + 2):
            assert uniform(key, 3, 0, purpose) + uniform(key | 1, 3, 0, purpose) == 1 - 2.0**-53


def test_arrays_and_single_keys_are_drawn_alike() -> None:
    keys = contact_keys(99, "billing", 50) | np.arange(50, dtype=np.uint64) % 2
    drawn = uniforms(keys, Purpose.CHANNEL)
    assert drawn.tolist() == [uniform(int(key), 0, 0, Purpose.CHANNEL) for key in keys]
    legs = np.arange(-3, 47)
    drawn = uniforms(keys, Purpose.CHANNEL, legs)
    pairs = zip(keys.tolist(), legs.tolist(), strict=True)
    assert drawn.tolist() == [uniform(key, leg, 0, Purpose.CHANNEL) for key, leg in pairs]
    table = uniforms(keys[:4, None], Purpose.CHANNEL, np.arange(3))
    assert table[2, 1] == uniform(int(keys[2]), 1, 0, Purpose.CHANNEL)


def test_contact_keys_do_not_depend_on_where_one_starts() -> None:
    whole = contact_keys(7, "billing", 20)
    assert contact_keys(7, "billing", 5, start=15).tolist() == whole[15:].tolist()
    assert len(set(whole.tolist())) == 20
    assert not np.any(whole & np.uint64(1))


def test_contact_keys_are_the_generator_seeded_with_the_name_of_the_type() -> None:
    base = name_key(7, "contact", "billing")
    expected = [splitmix64((base + n * GOLDEN) & MASK) & ~1 for n in range(4)]
    assert contact_keys(7, "billing", 4).tolist() == expected


def test_roots_and_names_give_different_keys() -> None:
    roots = {root_key(seed, replication) for seed in range(20) for replication in range(20)}
    assert len(roots) == 400
    names = {name_key(1, *names) for names in (("a", "bc"), ("ab", "c"), ("abc",), ("a", "b", 1))}
    assert len(names) == 4


def test_draws_spread_evenly_over_the_unit_interval() -> None:
    """Kolmogorov-Smirnov: for n = 20,000 the distance exceeds 1.95 / sqrt(n) once in 1,000."""
    for purpose in (Purpose.EFFORT, Purpose.PATIENCE):
        drawn = np.sort(uniforms(contact_keys(3, "x", 20_000), purpose))
        steps = np.arange(1, 20_001) / 20_000
        assert np.max(np.abs(drawn - steps)) < 1.95 / np.sqrt(20_000)

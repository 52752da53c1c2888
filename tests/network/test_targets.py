"""One list of targets, and one of queues by kind: every key and every kind of the language is in
them, each target with the measure that tells whether it is met."""

from __future__ import annotations

import inspect
import re

import pytest
from pydantic import BaseModel

from ccsim.measures.catalogue import known_measures
from ccsim.network.facts import QueueKind, Target, TargetClock, TeamKind
from ccsim.network.structure import structure_of
from ccsim.network.targets import READ_BY
from ccsim.scenario import schema
from ccsim.scenario.side_lines import RESERVED
from tests.network.designs import HOUR, MINUTE, SECOND, Blocks, compiled, design

STATES_A_TARGET = re.compile(r"target|\w+_within|promise|under")
ALL_DAY = ({"start": 8 * 3600, "until": 18 * 3600},)


def blocks_of_the_language() -> dict[str, type[BaseModel]]:
    """Every block that a scenario may hold, found from the scenario downwards."""
    found: dict[str, type[BaseModel]] = {}
    left: list[object] = [schema.Scenario]
    while left:
        each = left.pop()
        if inspect.isclass(each) and issubclass(each, BaseModel):
            if each.__name__ not in found:
                found[each.__name__] = each
                left += [field.annotation for field in each.model_fields.values()]
                left += each.__subclasses__()
        else:
            left += getattr(each, "__args__", ())
            value = getattr(each, "__value__", None)
            left += [value] if value is not None else []
    return found


def test_every_key_of_the_language_that_states_a_target_is_read() -> None:
    stated = {
        f"{name}.{key}"
        for name, block in blocks_of_the_language().items()
        for key in block.model_fields
        if STATES_A_TARGET.fullmatch(key)
    }
    assert stated == set(READ_BY)


def targets(*patches: Blocks) -> dict[str, Target]:
    return {target.key: target for target in compiled(*patches).targets}


SEGMENTED: Blocks = {
    "segments": {
        "vip": {"share": 0.4, "answer_within": 5 * SECOND, "target": 0.95},
        "late": {"share": 0.1, "answer_within": {"phone": MINUTE}, "target": {"phone": 0.5}},
    },
    "channels": {"phone": {"answer_within": MINUTE, "target": 0.5}},
}


def test_targets_of_channels_and_segments_have_the_measure_that_tells() -> None:
    found = targets(SEGMENTED)
    assert {key: target.share for key, target in found.items()} == {
        "phone.service_level": 0.5,
        "vip.service_level": 0.95,
        "calls#late.phone.service_level": 0.5,
    }
    assert found["vip.service_level"].within == 5 * SECOND
    assert found["phone.service_level"].within is None  # each segment has its own time
    assert found["vip.service_level"].source == "segments.vip.target"


def test_a_type_with_a_target_of_its_own_is_a_target_beside_its_channels() -> None:
    own = {"contacts": {"calls": {"phone": {"target": 0.9, "resolve_within": HOUR}}}}
    found = targets({"channels": {"phone": {"answer_within": MINUTE, "target": 0.5}}}, own)
    assert [(t.key, t.share, t.within) for t in found.values()] == [
        ("phone.service_level", 0.5, MINUTE),
        ("calls.phone.service_level", 0.9, MINUTE),
        ("calls.phone.resolved_within", None, HOUR),
    ]


def test_messages_and_callbacks_have_targets() -> None:
    found = targets(
        {
            "channels": {
                "phone": {
                    "patience": {"mean": 5 * MINUTE},
                    "callback": {
                        "offered_after": MINUTE, "accepted": 0.5, "promise": 2 * HOUR,
                        "try_for": MINUTE,
                    },
                }
            },
            "when_closed": {
                "phone": {"leaves_message": 0.5, "handle": {"mean": MINUTE}, "answer_within": HOUR,
                          "target": 0.9}
            },
            "opens": {"phone": dict.fromkeys(("mon", "tue"), ALL_DAY)},
        }
    )  # fmt: skip
    assert found["calls.phone@message.service_level"].share == 0.9
    assert found["calls.phone@message.service_level"].clock is TargetClock.OPEN
    assert found["phone.callbacks_kept"].within == 2 * HOUR
    assert found["phone.callbacks_kept"].share is None


@pytest.mark.parametrize("patch", [SEGMENTED, {}])
def test_the_measure_of_every_target_exists(patch: Blocks) -> None:
    made = design(patch)
    known = set(known_measures(made.scenario))
    assert {target.key for target in structure_of(made.scenario).targets} <= known


def test_queues_and_teams_say_what_they_are() -> None:
    network = compiled(SEGMENTED)
    vip = network.queues[1].facts
    assert (vip.contact, vip.contact_type, vip.segment) == ("calls#vip", "calls", "vip")
    assert (vip.kind, vip.channel, vip.stage, vip.first) == (QueueKind.FIRST, "phone", "", 1)
    assert network.of_kind(QueueKind.FIRST) == (0, 1, 2)
    assert network.teams[0].facts.kind is TeamKind.PEOPLE


def test_every_side_queue_of_the_language_has_a_kind() -> None:
    words = {re.sub(r"\\d\+?", "", word) for word in RESERVED.pattern.split("|")}
    kinds = {str(kind) for kind in QueueKind}
    assert words <= kinds
    assert kinds - words == {"", "campaign", "stage", "help"}

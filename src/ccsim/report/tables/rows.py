"""Which rows a table shows, by rule from what its scenarios have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ccsim.measures.catalogue import known_measures, split_key
from ccsim.network.structure import structure_of
from ccsim.report.words.names import LIVE
from ccsim.statistics.estimate import Estimate

if TYPE_CHECKING:
    from ccsim.scenario.schema import Scenario

# How attempts end without an answer beside giving up, and the share from which that has a row.
UNSERVED = ("closed", "blocked", "cut_off")
SHOWN_FROM = 0.01
Estimates = Mapping[str, Mapping[str, Estimate]]
Scenarios = Mapping[str, "Scenario"]

CUT_MEASURES: dict[str, tuple[str, ...]] = {
    "team": (
        "heads",
        "heads_on_duty",
        "paid_fte",
        "contacts_handled",
        "handle_time",
        "occupancy",
        "occupancy_live",
        "overtime_hours",
        "people_cost",
    ),
    "type": (
        "customers",
        "service_level",
        "speed_of_answer",
        "abandoned_by_customer",
        "first_contact_resolution",
        "escalated",
        "agent_time_per_contact",
    ),
    "channel": (
        "attempts",
        "service_level",
        "intervals_kept",
        "worst_day",
        "speed_of_answer",
        "wait_p90",
        "longest_wait",
        "abandoned",
        "backlog_end",
        "handle_time",
    ),
}


def answer_keys(scenarios: Scenarios, estimates: Estimates) -> list[str]:
    """The keys of the answer's rows: people, targets, who is not served, outcomes, load, cost."""
    known = known_keys(scenarios)
    channels = channels_of(scenarios, known)
    live = [channel for channel in channels if channel in LIVE]
    written = [channel for channel in channels if channel not in LIVE]
    roles = any(scenario.roles for scenario in scenarios.values())
    keys = ["all.heads_with_roles" if roles else "all.heads", "all.paid_fte"]
    keys += [f"{channel}.service_level" for channel in channels]
    keys += dict.fromkeys(t.key for s in scenarios.values() for t in structure_of(s).targets)
    keys += [f"{channel}.intervals_kept" for channel in live[:1]]
    keys += [f"{channel}.speed_of_answer" for channel in live]
    keys += [f"{channel}.backlog_end" for channel in written]
    unserved = [f"{channel}.{name}" for channel in channels for name in UNSERVED]
    keys += [key for key in unserved if _highest(estimates, key) > SHOWN_FROM]
    keys += ["all.abandoned_by_customer", "outbound.answered"]
    keys += ["outbound.backlog_end"] * (_highest(estimates, "outbound.backlog_end") > 0)
    keys += ["all.escalated", "all.first_contact_resolution"]
    beside = ("callbacks_kept", "contained")
    keys += [f"{channel}.{name}" for name in beside for channel in channels]
    differing = [
        "all.customers",
        "all.repeat_share",
        *(f"{channel}.callback_wait" for channel in channels),
    ]
    keys += [key for key in differing if _differs(estimates, key)]
    keys += ["all.consult_wait"]
    keys += ["all.occupancy_live" if written and live else "all.occupancy"]
    machines = any(f"{channel}.contained" in known for channel in channels)
    keys += ["cost.total", "cost.per_customer" if machines else "cost.per_resolved_contact"]
    keys += ["cost.penalties"] * any(s.costs.penalties for s in scenarios.values())
    keys += ["revenue.upselling", "cost.net"]
    silent = {"all.escalated": 0.0, "all.first_contact_resolution": 1.0}
    chosen = [
        key
        for key in keys
        if key in known and not (key in silent and _always(estimates, key, silent[key]))
    ]
    expected = [
        each.measure
        for scenario in scenarios.values()
        for each in scenario.expect
        if each.over is None and each.measure in known
    ]
    return list(dict.fromkeys([*chosen, *expected]))


def _highest(estimates: Estimates, key: str) -> float:
    """The largest value of a key over the designs, 0 where none has it."""
    return max(_values(estimates, key), default=0.0)


def _differs(estimates: Estimates, key: str) -> bool:
    """Whether designs differ in a key by enough to be seen: by 1 % of the largest value."""
    values = _values(estimates, key)
    return len(values) > 1 and max(values) - min(values) > 0.01 * max(values)


def _values(estimates: Estimates, key: str) -> list[float]:
    found = [by_key[key].value for by_key in estimates.values() if key in by_key]
    return [value for value in found if value is not None]


def _always(estimates: Estimates, key: str, value: float) -> bool:
    found = [by_key[key] for by_key in estimates.values() if key in by_key]
    return all(estimate.value == value for estimate in found)


def channels_of(scenarios: Scenarios, known: Sequence[str]) -> list[str]:
    """The channels that some design has contacts on, in the order of the measures."""
    scopes = dict.fromkeys(split_key(key)[0] for key in known)
    return [scope for scope in scopes if any(_has(s, scope) for s in scenarios.values())]


def _has(scenario: Scenario, channel: str) -> bool:
    return channel in scenario.channels and any(
        contact.on(channel) is not None for contact in scenario.contacts.values()
    )


def known_keys(scenarios: Scenarios) -> tuple[str, ...]:
    keys = dict.fromkeys(k for scenario in scenarios.values() for k in known_measures(scenario))
    return tuple(keys)

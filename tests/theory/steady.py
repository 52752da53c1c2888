"""Which number of which scenario answers to which expected number of `cases.json`.

A row is metric -> (key, factor): the key of a measure (`phone.wait`) and what its value is
divided by
to have the case's unit (60 for minutes); or metric -> a function of one replication, for what no
measure of ccsim states (`tests/theory/observed.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from tests.theory import observed as o
from tests.theory.runs import Replication

MINUTE = 60.0
Row = tuple[str, float] | Callable[[Replication], o.Ratio]

_LINE: dict[str, Row] = {
    "p_wait": ("phone.waited", 1),
    "mean_wait": ("phone.wait", MINUTE),
    "mean_wait_given_wait": ("phone.wait_given_wait", MINUTE),
    "mean_queue": ("phone.backlog_mean", 1),
    "occupancy": ("agents.occupancy", 1),
    "mean_in_system": ("phone.in_system", 1),
    "service_level": ("phone.service_level", 1),
}
_PATIENCE: dict[str, Row] = {
    "p_delay": ("phone.waited", 1),
    "p_abandon": ("phone.abandoned", 1),
    "mean_wait_all": ("phone.wait", MINUTE),
    "mean_queue": ("phone.backlog_mean", 1),
    "mean_wait_served": ("phone.speed_of_answer", MINUTE),
    "mean_wait_abandoned": ("phone.wait_abandoned", MINUTE),
    "occupancy": ("agents.occupancy", 1),
    "sl_answered_in_T_over_offered": ("phone.service_level", 1),
    "sl_answered_in_T_over_served": ("phone.service_level_answered", 1),
    "sl_answered_in_T_over_offered_less_short_abandons": (
        "phone.service_level_short_abandons_left_out",
        1,
    ),
}
_CLOSED: dict[str, Row] = {
    "p_block": ("phone.blocked", 1),
    "mean_queue": ("phone.backlog_mean", 1),
    "mean_wait_accepted": ("phone.wait", MINUTE),
    "occupancy": ("agents.occupancy", 1),
    "p_wait_accepted": ("phone.waited", 1),
    "sl_of_accepted": ("phone.service_level_answered", 1),
}


def _of(rows: dict[str, Row], *names: str) -> dict[str, Row]:
    return {name: rows[name] for name in names}


_R_CASE: dict[str, Row] = {
    "p_abandon": ("phone.abandoned", 1),
    "p_immediate": partial(o.answered_within, minutes=0),
    "mean_queue": ("phone.backlog_mean", 1),
    "occupancy": ("agents.occupancy", 1),
}


def _gone_within(seconds: float) -> dict[str, Row]:
    return {"p_abandon_within_T": partial(o.abandoned_within, seconds=seconds)}


def _each_type(*numbers: int) -> dict[str, Row]:
    """The same expected number for each of several types: metric#number."""
    rows: dict[str, Row] = {}
    for number in numbers:
        rows[f"mean_wait_each_type#{number}"] = (f"type{number}.wait", MINUTE)
        rows[f"p_wait_each_type#{number}"] = (f"type{number}.waited", 1)
    return rows


STEADY: dict[str, dict[str, Row]] = {
    "X01-erlangC-14": _LINE,
    "X02-erlangC-55": _LINE
    | {
        "mean_wait": ("phone.wait", 1),
        "mean_wait_given_wait": ("phone.wait_given_wait", 1),
    },
    "X03-erlangC-heavy": _LINE,
    "X04-discipline-second-moment": {
        "mean_wait_any": ("phone.wait", MINUTE),
        "EW2_fifo": o.second_moment_of_wait,
    },
    "X05-MG1-lognormal": _of(_LINE, "mean_wait", "occupancy", "mean_queue"),
    "X06-MDc": _of(_LINE, "mean_wait", "p_wait", "occupancy", "mean_queue"),
    "X07-MH2c": _of(_LINE, "mean_wait", "p_wait", "occupancy", "mean_queue"),
    "X08-DM1": _of(_LINE, "mean_wait", "p_wait"),
    "X09-batch": _of(_LINE, "occupancy", "mean_in_system", "mean_wait"),
    "X10-erlangB-exponential": _of(_CLOSED, "p_block"),
    "X10-erlangB-constant": _of(_CLOSED, "p_block"),
    "X10-erlangB-lognormal": _of(_CLOSED, "p_block"),
    "X11-MMcK": _CLOSED,
    "X12-engset": {
        "time_congestion": partial(o.time_with_busy, agents=5),
        "call_congestion": ("phone.blocked", 1),
        "occupancy": ("agents.occupancy", 1),
    },
    "X13-finite-source-queue": _of(_LINE, "mean_queue", "mean_wait", "occupancy")
    | {
        "p_wait_arrival": ("phone.waited", 1),
        "throughput": partial(o.handled_rate, queue="calls.phone"),
    },
    "X14-erlangA": _PATIENCE | _gone_within(20),
    "X15-erlangA-overload": _PATIENCE | _gone_within(30),
    "X16-MMn+D": _PATIENCE,
    "X17-MMn+U": _PATIENCE | _gone_within(30),
    "X19-MMn+LN": _PATIENCE | _gone_within(20),
    # Who hangs up at once waits 0, so that more are delayed than wait.
    "X20-balk+patience": _PATIENCE | _gone_within(20) | {"p_delay": o.delayed_or_gone_at_once},
    "X21-cobham": {f"mean_wait_class{i}": (f"class{i}.wait", MINUTE) for i in (1, 2, 3)},
    "X22-cobham-MG1": {f"mean_wait_class{i}": (f"class{i}.wait", MINUTE) for i in (1, 2)},
    "X23-preemptive": {
        "mean_sojourn_class1": partial(o.mean_sojourn, queue="class1.phone"),
        "mean_sojourn_class2": partial(o.mean_sojourn, queue="class2.email"),
    },
    "X23b-ciw-priority": {
        "mean_sojourn_class0": partial(o.mean_sojourn, queue="class0.phone"),
        "mean_sojourn_class1": partial(o.mean_sojourn, queue="class1.phone"),
    },
    "X25-pooled-skills": {"occupancy": ("agents.occupancy", 1), **_each_type(1, 2, 3)},
    "X26-WallaceWhitt-anchor": _of(
        _CLOSED, "p_block", "mean_queue", "mean_wait_accepted", "occupancy", "p_wait_accepted"
    ),
    "X28-overflow-loss": {
        "p_lossA": ("a.blocked", 1),
        "p_lossB": ("b.blocked", 1),
        "occ1": ("pool1.occupancy", 1),
        "occ2": ("pool2.occupancy", 1),
        "p_overflowA_to_2": partial(o.answered_by, queue="a.phone", team="pool2"),
        "overflow_traffic_mean": partial(o.not_answered_by, queue="a.phone", team="pool1"),
    },
    "X29-hetero-agents": {
        "mean_wait": ("phone.wait", MINUTE),
        "util_fast": ("fast.occupancy", 1),
        "util_slow": ("slow.occupancy", 1),
        "mean_in_system": ("phone.in_system", 1),
    },
    "X30-tier-escalation": {
        "rate_tier1": partial(o.entries, queue="calls.phone", per="hour"),
        "rate_tier2": partial(o.entries, queue="calls.phone@second", per="hour"),
        "wait_tier1": partial(o.wait_in_hours, queue="calls.phone"),
        "wait_tier2": partial(o.wait_in_hours, queue="calls.phone@second"),
        "occ1": ("tier1.occupancy", 1),
        "occ2": ("tier2.occupancy", 1),
        "visits_tier1": partial(o.entries, queue="calls.phone", per="customer"),
        "visits_tier2": partial(o.entries, queue="calls.phone@second", per="customer"),
        "mean_total_time_in_system": o.hours_in_system_per_customer,
    },
    "X39-MG1-PS": {
        "mean_number": ("chat.in_system", 1),
        "mean_sojourn": partial(o.mean_sojourn, queue="chats.chat"),
        "mean_sojourn_given_size_8min": o.sojourn_at_8_minutes,
    },
    "X40-ciw-limited-PS": {f"p{n}": partial(o.time_with, number=n) for n in range(7)},
    "X43-blend-threshold": {
        "p_wait": ("inbound.waited", 1),
        "mean_wait": ("inbound.wait", MINUTE),
        "service_level": ("inbound.service_level", 1),
        "occupancy": ("agents.occupancy", 1),
        "outbound_rate": partial(o.handled_rate, queue="dialled.phone"),
    },
    "X44-retrial-MM1": {
        "p_busy": ("agents.occupancy", 1),
        "mean_orbit": o.orbit,
        "mean_orbit_wait": o.orbit_wait,
    },
    "X45-retrial-MMc": {
        "mean_busy": ("agents.heads_busy", 1),
        "mean_orbit": o.orbit,
        "p_all_busy": partial(o.time_with_busy, agents=5),
    },
    "T04-simmer-MM23": {
        "mean_in_system": ("phone.in_system", 1),
        "p_block": ("phone.blocked", 1),
    },
    "T05-simmer-ctmc-a": {"mean_in_system_no_queue": ("all.in_system", 1)},
    "T05-simmer-ctmc-b": {"mean_in_system_one_place_for_kind2": ("all.in_system", 1)},
    "T09-ciw-PS-mean-3-5": {"mean_sojourn#0": partial(o.sojourn_in_hours, queue="chats.chat")},
    "T09-ciw-PS-mean-4-5": {"mean_sojourn#1": partial(o.sojourn_in_hours, queue="chats.chat")},
    "T09-ciw-PS-mean-3-6": {"mean_sojourn#2": partial(o.sojourn_in_hours, queue="chats.chat")},
    "T11-queuecomputer-MM3": _of(_LINE, "mean_wait", "mean_in_system"),
    "R01-MGI-s-r-GI": _R_CASE
    | {
        "mean_wait_served": ("phone.speed_of_answer", 3600),
        "p_served_within_0_1": partial(o.answered_within, minutes=6),
    },
    "R02-MGI-s-r-GI": _R_CASE,
    "R03-MGI-s-r-GI": _R_CASE,
}

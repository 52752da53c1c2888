"""What measures are made of: two quantities each, of which every one is counted once.

A quantity is counted by interval, and by line (queue) or by team; what it means is written in
`counts`, `calling`, `work` and `staff`. A *cell* is a quantity of a scope by interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ccsim.measures.catalogue import interval_measures, split_key
from ccsim.measures.window import Ints

if TYPE_CHECKING:
    from ccsim.scenario.schema import Scenario

Pair = tuple[str, str]  # numerator and denominator; a total has the denominator ""
TIME = "time_s"  # measured, the same everywhere
KEPT = ("kept", "came_to")  # intervals that reached the target, and those with anybody in them

# of attempts, by the queue in which they are counted
ATTEMPTS: dict[str, Pair] = {
    "service_level": ("in_time", "decided"),
    "service_level_abandons_good": ("answered_or_abandoned_in_time", "decided"),
    "service_level_short_abandons_left_out": ("in_time", "decided_but_short_abandons"),
    "service_level_answered": ("in_time", "answered_with_promise"),
    "attempts": ("attempts", ""),
    "contacts": ("answered", ""),
    "redials": ("redials", ""),
    "repeats": ("repeats", ""),
    "redial_share": ("redials", "attempts"),
    "repeat_share": ("repeats", "attempts"),
    "answered": ("answered", "offered"),
    "abandoned": ("abandoned", "offered"),
    "blocked": ("blocked", "offered"),
    "closed": ("closed", "attempts"),
    "cut_off": ("cut_off", "offered"),
    "waited": ("waited", "wait_known"),
    "speed_of_answer": ("wait_of_answered_s", "answered"),
    "wait": ("wait_s", "wait_known"),
    "wait_given_wait": ("wait_s", "waited"),
    "wait_abandoned": ("wait_of_abandoned_s", "abandoned"),
    "first_response_time": ("response_s", "responded"),
    "resolved": ("resolved", "contacts_ended"),
    "reopened": ("reopened", "contacts_settled"),
    "replies_per_contact": ("replies", "contacts_ended"),
    "contacts_resolved": ("resolved", ""),
    "escalated": ("escalated", "answered"),
    "promoted": ("promoted", "attempts"),
    "agent_time_per_contact": ("agent_time_s", "contacts_ended"),
    "contained": ("contained", "met_machine"),
    "contained_attempts": ("contained", ""),
    "callbacks": ("callbacks", ""),
    "callback_share": ("callbacks", "offered"),
    "callbacks_reached": ("callbacks_reached", "callbacks_decided"),
    "callbacks_kept": ("callbacks_in_time", "callbacks_promised"),
    "callback_wait": ("callback_wait_s", "callbacks_reached"),
    "messages": ("messages", ""),
}
# of customers, by the queue of the first attempt
CUSTOMERS: dict[str, Pair] = {
    "service_level_by_customer": ("reached_in_time", "customers_decided"),
    "abandoned_by_customer": ("gave_up", "reached_or_gave_up"),
    "resolution_time": ("resolution_s", "customers_resolved"),
    "resolved_within": ("resolved_in_time", "customers_settled"),
    "first_contact_resolution": ("first_contact_resolved", "first_contact_ended"),
    "first_contact_resolution_first_agent": ("first_agent_resolved", "first_contact_ended"),
}
# of calls that agents make, by first queue
CALLS: dict[str, Pair] = {"calls_made": ("calls", ""), "right_party": ("right_party", "calls")}
# of requests for help, by first queue, and by team
HELP: dict[str, Pair] = {
    "consults": ("consults", ""),
    "consults_helped": ("helped", "consults"),
    "consult_wait": ("consult_wait_s", "consults"),
}
# of items, by the queue where they are, and by team
ITEMS: dict[str, Pair] = {
    "handle_time": ("handle_s", "items_finished"),
    "talk_time": ("talk_s", "items_finished"),
    "wrap_up_time": ("wrap_up_s", "items_finished"),
    "contacts_handled": ("items", ""),
    "escalations": ("escalations", ""),
}
# of time in line and inside, by the queue where it passes
STAYS: dict[str, Pair] = {
    "backlog_mean": ("in_line_s", TIME),
    "in_system": ("inside_s", TIME),
}
# of teams
STAFF: dict[str, Pair] = {
    "occupancy": ("taken_s", "on_duty_s"),
    "occupancy_live": ("taken_live_s", "on_duty_s"),
    "occupancy_with_overtime": ("taken_always_s", "on_duty_and_taken_overtime_s"),
    "busy": ("busy_s", "on_duty_s"),
    "utilisation": ("with_work_s", "paid_and_overtime_s"),
    "shrinkage": ("shrunk_s", "paid_s"),
    "concurrency": ("in_hand_s", "with_work_s"),
    "contacts_per_agent_hour": ("handled", "on_duty_h"),
    "heads_on_duty": ("on_duty_s", TIME),
    "heads_busy": ("taken_always_s", TIME),
    "heads_scheduled": ("scheduled_s", TIME),
    "paid_hours": ("paid_h", ""),
    "duty_hours": ("on_duty_h", ""),
    "overtime_hours": ("overtime_h", ""),
    "standby_hours": ("standby_h", ""),
}
PARTS: dict[str, Pair] = (
    ATTEMPTS
    | CUSTOMERS
    | CALLS
    | HELP
    | ITEMS
    | STAYS
    | STAFF
    | {"customers": ("customers", ""), "intervals_kept": KEPT}
)


def quantities(*measures: dict[str, Pair]) -> tuple[str, ...]:
    """Those of which these measures are made, each once."""
    pairs = (pair for each in measures for pair in each.values())
    return tuple(dict.fromkeys(name for pair in pairs for name in pair if name))


def cell_of(scope: str, quantity: str) -> str:
    """The name of a cell: `phone.answered`."""
    return quantity if quantity == TIME else f"{scope}.{quantity}"


@dataclass(frozen=True, eq=False)
class Parts:
    """Of which cells the measures of a scenario are made that are cut by time: those of two
    measures are the same one where they count the same."""

    keys: tuple[str, ...]  # measures, as `catalogue.interval_measures`
    cells: tuple[str, ...]
    above: Ints  # (K,) numerators, places among the cells
    below: Ints  # (K,) denominators; -1: a total, whose denominator is 1 in every interval

    @staticmethod
    def of(scenario: Scenario) -> Parts:
        keys = interval_measures(scenario)
        places: dict[str, int] = {}
        found = [
            [places.setdefault(cell_of(scope, name), len(places)) if name else -1 for name in pair]
            for scope, measure in map(split_key, keys)
            for pair in [PARTS[measure]]
        ]
        above, below = np.array(found, np.int64).reshape(-1, 2).T
        return Parts(keys, tuple(places), above, below)

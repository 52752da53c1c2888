"""Would a lead recognise the operation? All that `ccsim check` knows about a design."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ccsim.check.assumed import Assumed, assumed
from ccsim.check.cautions import warnings
from ccsim.check.costing import Costing, costing
from ccsim.check.defaults import Default, defaults_of
from ccsim.check.entries import Floats, expected_by_day, expected_entries, interval_lengths
from ccsim.check.headcounts import TeamStaff, team_staff
from ccsim.check.load import TeamLoad, team_loads
from ccsim.check.sentences import AfterExit, Taking, after_exits, left_out, takings
from ccsim.check.working import working
from ccsim.network.compile import compile_network
from ccsim.network.explain import network_data
from ccsim.network.model import Network
from ccsim.network.offered import first_guess
from ccsim.network.plan import NetworkPlan
from ccsim.scenario.clock import HOUR, LocalClock

if TYPE_CHECKING:
    from ccsim.scenario.resolve import Design


@dataclass(frozen=True)
class Check:
    """A design explained. Arrays have an entry for each interval of the calendar."""

    design: str
    network: Network
    clock: LocalClock
    warnings: tuple[str, ...]
    takings: tuple[Taking, ...]
    working: tuple[str, ...]
    load: tuple[TeamLoad, ...]
    staff: tuple[TeamStaff, ...]
    entries: Floats  # contacts expected by (queue, interval)
    exits: tuple[AfterExit, ...]
    costing: Costing | None
    assumed: tuple[Assumed, ...]
    defaults: tuple[Default, ...]
    left_out: tuple[str, ...]
    first_attempts: dict[str, float]  # guessed shares, where volumes count offered contacts

    def to_json(self) -> dict[str, Any]:
        """The check as plain data: times in seconds, heads and loads in people."""
        return {
            "design": self.design,
            "warnings": list(self.warnings),
            "network": network_data(self.network),
            "load": {
                "interval_starts": [
                    self.clock.local_time(start).isoformat()
                    for start in self.clock.interval_starts.tolist()
                ],
                "teams": [self._team_data(i) for i in range(len(self.load))],
                "contacts_expected": {
                    queue.name: _rounded(entries)
                    for queue, entries in zip(self.network.queues, self.entries, strict=True)
                },
            },
            "who_takes_what": [
                {
                    "contact": taking.contact,
                    "channel": taking.channel,
                    "stage": taking.stage or None,
                    "sentence": taking.sentence,
                }
                for taking in self.takings
            ],
            "who_works_when": list(self.working),
            "after_exits": [
                {"queue": after.queue, "exit": after.exit, "shares": list(after.shares)}
                for after in self.exits
            ],
            "first_attempts": self.first_attempts,
            "money": None if self.costing is None else self.costing.to_json(),
            "uncertain": [each.to_json() for each in self.assumed],
            "defaults": [
                {"path": default.path, "value": default.value, "where": list(default.where)}
                for default in self.defaults
            ],
            "left_out": list(self.left_out),
        }

    def _team_data(self, number: int) -> dict[str, Any]:
        load, staff = self.load[number], self.staff[number]
        lengths = interval_lengths(self.clock)
        at = load.busiest
        return {
            "team": load.team,
            "people": staff.people,
            "shrinkage": load.shrinkage,
            "needed_by": load.basis,
            "hours_offered": round(float(load.offered @ lengths) / HOUR, 3),
            "hours_on_duty": round(float(load.on_duty @ lengths) / HOUR, 3),
            "days": {
                "hours_offered": _rounded(
                    expected_by_day(load.offered * lengths, self.clock) / HOUR
                ),
                "hours_on_duty": _rounded(
                    expected_by_day(load.on_duty * lengths, self.clock) / HOUR
                ),
            },
            "busiest": {
                "start": self.clock.local_time(int(self.clock.interval_starts[at])).isoformat(),
                "offered": round(float(load.offered[at]), 3),
                "on_duty": round(float(load.on_duty[at]), 3),
                "needed": int(load.needed[at]),
                "needed_gross": int(load.needed_gross[at]),
            },
            "intervals_short": load.short,
            "on_duty": _rounded(load.on_duty),
            "live": _rounded(load.live),
            "deferred": _rounded(load.deferred),
            "needed": [int(heads) for heads in load.needed],
            "needed_gross": [int(heads) for heads in load.needed_gross],
        }


def check(design: Design) -> Check:
    """Explain a resolved design that has passed its rules."""
    plan = NetworkPlan(design)
    network = compile_network(design)
    entries = expected_entries(design, network, plan.clock)
    staff = team_staff(design, network, plan.clock)
    loads = team_loads(plan, network, entries, staff)
    guesses = first_guess(network)
    offered = {
        name
        for name, contact in design.scenario.contacts.items()
        if contact.arrivals.counts == "offered"
    }
    return Check(
        design=design.name,
        network=network,
        clock=plan.clock,
        warnings=warnings(design, plan, network, entries, loads),
        takings=takings(plan, network),
        working=working(plan),
        load=loads[: len(plan.teams) - len(plan.machines)],
        staff=staff[: len(plan.teams) - len(plan.machines)],
        entries=entries,
        exits=after_exits(network),
        costing=costing(design.scenario, plan, network, entries, staff),
        assumed=assumed(design),
        defaults=defaults_of(design.scenario),
        left_out=left_out(plan),
        first_attempts={
            str(name): guesses[str(name)]
            for name in plan.queues
            if name.contact in offered and not name.stage
        },
    )


def _rounded(values: Floats) -> list[float]:
    return [float(value) for value in np.round(values, 4)]

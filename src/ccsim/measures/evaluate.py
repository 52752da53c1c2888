"""Sums of one replication -> its KPIs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ccsim.measures.accumulate import layout as at
from ccsim.measures.accumulator import Accumulator, AccumulatorLayout
from ccsim.measures.catalogue import definition_of, describe, known_measures, split_key
from ccsim.measures.components import KEPT, TIME, Components, cell_of
from ccsim.measures.context import MeasureContext, context_of
from ccsim.measures.contracts import owed_for, penalties, upselling
from ccsim.measures.cost import costs, head_counts, machine_fees, payroll, role_people
from ccsim.measures.duty import add_staff
from ccsim.measures.flows import flows_of
from ccsim.measures.histogram import Histograms
from ccsim.measures.kpis import Kpis
from ccsim.measures.plan import MeasurePlan
from ccsim.measures.staff import full_time_hours
from ccsim.measures.window import Floats, Ints
from ccsim.scenario.clock import SECOND

if TYPE_CHECKING:
    from ccsim.network.model import Network
    from ccsim.roster.model import Roster
    from ccsim.scenario.resolve import Design
    from ccsim.workload.model import Workload

# By scope: numerator and denominator, (S,) each.
Totals = dict[str, tuple[Floats, Floats]]

HISTOGRAMS = {
    "wait": at.WAITS,
    "answer_time": at.ANSWERS,
    "first_response_time": at.RESPONSES,
    "resolution_time": at.RESOLUTIONS,
}
IN_TIME = ("in_time", "decided")
KEPT_OVER = ("intervals_kept", "days_kept", "worst_day")


class KpiEvaluator:
    """What the measures of a design have in common over its replications, made once."""

    def __init__(self, design: Design, network: Network) -> None:
        self.network = network
        self.context = context_of(design, network)
        known = known_measures(design.scenario)
        self._keys = tuple(k for k in known if describe(k).kind != "quantile")
        self._components = Components.of(design.scenario)
        self._plan = MeasurePlan(self.context, network, self._cells())
        self._layout = AccumulatorLayout(self.context, network, self._plan)
        self._table = _Table(self._keys, self._plan, self.context)

    def _cells(self) -> tuple[str, ...]:
        """Those that are told, then those from which days kept and penalties are found."""
        promised = (self.context.scopes[s].name for s in self._promised())
        also = [cell_of(scope, quantity) for scope in promised for quantity in IN_TIME]
        also += [cell for pair in owed_for(self.context) for cell in pair]
        return tuple(dict.fromkeys((*self._components.cells, *also)))

    def _promised(self) -> list[int]:
        """The scopes of which it is told on how many days the promise was kept."""
        scopes = zip(self.context.scopes, self.context.target, strict=True)
        return [s for s, (scope, at_) in enumerate(scopes) if scope.promised or not np.isnan(at_)]

    def accumulator(self, roster: Roster) -> Accumulator:
        """A new accumulator for one replication; it takes rows in any number of chunks."""
        return Accumulator(self._layout, roster)

    def kpis(self, accumulator: Accumulator, roster: Roster, workload: Workload) -> Kpis:
        """All measures, when all rows were taken in."""
        accumulator.close()
        accumulator.add_arrivals(workload)
        add_staff(accumulator, roster)
        by_group, cells, plan = accumulator.sum_up(), accumulator.cells, self._plan
        cells[plan.row[TIME]] = self.context.window.length_us / SECOND
        values = plan.by_scope(by_group)
        found = self._kept(cells) | self._extremes(accumulator)
        found |= self._people(roster, by_group)
        owed = penalties(self.context, {name: cells[row] for name, row in plan.row.items()})
        found |= self._money(accumulator, roster, by_group, values, owed)
        return Kpis(
            keys=self._keys,
            totals=self._table.of(values, found),
            components=self._components,
            cells=cells[: len(self._components.cells)],
            histograms=self._histograms(accumulator),
            flows=flows_of(self.context, accumulator.passages()),
        )

    # --- over the horizon -----------------------------------------------------------------------

    def _kept(self, cells: Floats) -> Totals:
        """How many intervals and days reached the target, and on how many anybody came; the worst
        day. Which intervals did is written into the cells."""
        context, row = self.context, self._plan.row
        promised = self._promised()
        names = [context.scopes[s].name for s in promised]
        target = context.target[promised][:, None]
        in_time, decided = (cells[[row[cell_of(name, of)] for name in names]] for of in IN_TIME)
        intervals = _kept(in_time, decided, target)
        for quantity, counted in zip(KEPT, intervals, strict=True):
            for name, of_scope in zip(names, counted, strict=True):
                if cell_of(name, quantity) in row:
                    cells[row[cell_of(name, quantity)]] = of_scope
        starts = np.flatnonzero(np.diff(context.window.day, prepend=-1))
        good, came = (np.add.reduceat(each, starts, axis=1) for each in (in_time, decided))
        level = np.divide(good, came, out=np.full(good.shape, np.inf), where=came > 0)
        worst, ever = level.min(axis=1, initial=np.inf), came.any(axis=1)
        found = np.zeros((len(KEPT_OVER), 2, len(context.scopes)))
        found[:, :, promised] = (
            [each.sum(axis=1) for each in intervals],
            [each.sum(axis=1) for each in _kept(good, came, target)],
            (np.where(ever, worst, 0.0), ever),
        )
        return {name: (num, den) for name, (num, den) in zip(KEPT_OVER, found, strict=True)}

    def _extremes(self, accumulator: Accumulator) -> Totals:
        context = self.context
        one = np.ones(len(context.scopes))
        oldest = _largest(context.of_stays, accumulator.of_queue(at.Q_OLDEST))
        longest = _largest(context.of_attempts, accumulator.of_queue(at.Q_LONGEST))
        return {
            "backlog_end": (context.of_stays @ accumulator.of_queue(at.Q_HELD), one),
            "backlog_peak": (accumulator.peaks(), one),
            "oldest_end": (np.maximum(oldest, 0) / SECOND, one),
            "longest_wait": (np.maximum(longest, 0) / SECOND, (longest >= 0).astype(float)),
        }

    def _people(self, roster: Roster, by_group: Floats) -> Totals:
        context, network = self.context, self.network
        heads = head_counts(context, network, roster)
        hours = full_time_hours(context, network)
        with np.errstate(divide="ignore", invalid="ignore"):
            fte = {
                name: np.where(hours > 0, self._of_teams(by_group, source) / hours, 0.0)
                for name, source in (("paid_fte", "paid_h"), ("net_fte", "on_duty_h"))
            }
        one = np.ones(len(context.scopes))
        roles = float(sum(role_people(context, network, heads).values()))
        of_heads = context.of_teams @ heads
        return {
            "heads": (of_heads, one),
            "heads_with_roles": (of_heads + roles, one),
            **{name: (context.of_teams @ values, one) for name, values in fte.items()},
        }

    def _money(
        self,
        accumulator: Accumulator,
        roster: Roster,
        by_group: Floats,
        values: Floats,
        owed: float,
    ) -> Totals:
        context, network = self.context, self.network
        hours = (self._of_teams(by_group, name) for name in ("paid_h", "overtime_beyond_pay_h"))
        paid = payroll(context, network, roster, *hours)
        machines = machine_fees(context, accumulator.of_queue(at.Q_MET).astype(np.float64))
        minutes = accumulator.phone_us / (60 * SECOND)
        gave_up = by_group[self._plan.quantity["gave_up"], : len(network.queues)]
        kinds = costs(context, network, roster, paid, minutes, gave_up, machines, owed)
        sold = upselling(context, network, accumulator.resolved_by())
        kinds |= {"upselling": sold, "net": kinds["total"] - sold}
        everything = [scope.name in ("all", "outbound") for scope in context.scopes]
        ones = np.ones(len(context.scopes))
        out = {name: (amount * ones, ones) for name, amount in kinds.items()}
        for name, of in (
            ("per_contact", "answered"),
            ("per_customer", "customers"),
            ("per_resolved_contact", "resolved"),
        ):
            number = values[self._plan.quantity[of], everything].sum()
            out[name] = (kinds["total"] * ones, number * ones)
        out["people_cost"] = (context.of_teams @ paid.people_cost, ones)
        return out

    def _of_teams(self, by_group: Floats, quantity: str) -> Floats:
        """(T,)."""
        return by_group[self._plan.quantity[quantity], len(self.network.queues) :]

    # --- quantiles ------------------------------------------------------------------------------

    def _histograms(self, accumulator: Accumulator) -> Histograms:
        names, sizes, all_bins, all_counts = [], [], [], []
        for name, which in HISTOGRAMS.items():
            kinds = describe(f"all.{name}_p50").scopes
            scopes = [s for s, scope in enumerate(self.context.scopes) if scope.kind in kinds]
            queues, bins, table = accumulator.histograms(which)
            inside = self.context.of_attempts[scopes][:, queues] > 0
            counts = np.array([np.add.reduce(table[mine]) for mine in inside])
            scope, place = np.nonzero(counts)
            names += [f"{self.context.scopes[s].name}.{name}" for s in scopes]
            sizes.append(np.bincount(scope, minlength=len(scopes)))
            all_bins.append(bins[place])
            all_counts.append(counts[scope, place])
        row = (np.concatenate(each).astype(np.int64) for each in (sizes, all_bins, all_counts))
        return Histograms(tuple(names), *row)


class _Table:
    """Where the totals of each key come from."""

    def __init__(self, keys: Sequence[str], plan: MeasurePlan, context: MeasureContext) -> None:
        scopes = {scope.name: s for s, scope in enumerate(context.scopes)}
        of = {**plan.quantity, "": -2, TIME: -1}  # after the quantities stand 1, and the time
        made: list[tuple[int, int, int, int]] = []
        others: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for k, (scope, measure) in enumerate(map(split_key, keys)):
            pair = definition_of(measure).of
            if pair is not None and measure not in KEPT_OVER:
                above, below = pair
                made.append((k, scopes[scope], of[above], of[below]))
            else:
                others[measure].append((k, scopes[scope]))
        self._keys = len(keys)
        self._time = context.window.length_us.sum() / SECOND
        self._made = np.array(made, np.int64).reshape(-1, 4).T
        self._others = {name: np.array(found).T for name, found in others.items()}

    def of(self, values: Floats, found: Totals) -> Floats:
        """(K, 2). `values`: (quantities, S); `found`: measures that are not made of these."""
        table = np.empty((self._keys, 2))
        one = np.ones((1, values.shape[1]))
        values = np.concatenate([values, one, self._time * one])
        k, scope, above, below = self._made
        table[k, 0], table[k, 1] = values[above, scope], values[below, scope]
        for name, (k, scope) in self._others.items():
            num, den = found[name]
            table[k, 0], table[k, 1] = num[scope], den[scope]
        return table


def _kept(in_time: Floats, decided: Floats, target: Floats) -> tuple[Floats, Floats]:
    """Which stretches of time reached the target, and which had anybody in them."""
    came = decided > 0
    # The target is a written decimal: 4 of 5 must count as 80 %.
    reached = in_time >= target * decided - 1e-9
    return (came & reached).astype(float), came.astype(float)


def _largest(members: Floats, of_groups: Ints) -> Floats:
    """(S,): the largest of each scope; -1 where there is none."""
    found = np.where(members > 0, of_groups, -1).max(axis=1, initial=-1)
    return np.asarray(found, np.float64)

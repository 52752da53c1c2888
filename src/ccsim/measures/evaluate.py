"""Sums of one replication -> its KPIs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from ccsim.measures import calling, counts, staff, work
from ccsim.measures.attempts import attempts_of, customers_of
from ccsim.measures.books import Books, Sheet
from ccsim.measures.catalogue import describe, interval_measures, known_measures
from ccsim.measures.contracts import penalties, upselling
from ccsim.measures.cost import costs, head_counts, machine_fees, payroll, role_people
from ccsim.measures.flows import Passage, flows_of
from ccsim.measures.fold import layout as at
from ccsim.measures.frame import frame_of
from ccsim.measures.histogram import Histogram
from ccsim.measures.kpis import Kpis
from ccsim.measures.series import Either, Members, Series, Sums
from ccsim.measures.tally import SECOND, Floats, Ints
from ccsim.records import chunks_of

if TYPE_CHECKING:
    from ccsim.network.model import Network
    from ccsim.records import Records
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


def evaluate(
    design: Design, network: Network, roster: Roster, workload: Workload, records: Records
) -> Kpis:
    """All measures of one replication, from its records. Which keys there are depends on the
    design alone."""
    meter = Meter(design, network)
    books = meter.books(roster)
    for rows in chunks_of(records):
        books.take(rows)
    return meter.kpis(books, roster, workload)


class Meter:
    """What the measures of a design have in common over its replications, made once."""

    def __init__(self, design: Design, network: Network) -> None:
        self.network = network
        self.frame = frame_of(design, network)
        self._sheet = Sheet(self.frame, network)
        self._attempts = Members(self.frame.of_attempts)
        self._stays = Members(self.frame.of_stays)
        self._teams = Members(self.frame.of_teams)
        self._everywhere = Members(np.ones((len(self.frame.scopes), 1)))
        self._is_staff = tuple(scope.kind in ("team", "tier") for scope in self.frame.scopes)
        places = {scope.name: s for s, scope in enumerate(self.frame.scopes)}
        known = known_measures(design.scenario)
        self._keys = tuple(k for k in known if describe(k).kind != "quantile")
        self._interval_keys = interval_measures(design.scenario)
        self._places = tuple(_split(self._keys, places))
        self._interval_places = tuple(_split(self._interval_keys, places))

    def books(self, roster: Roster) -> Books:
        """New books for one replication: its rows are to be taken in, in any number of chunks."""
        return Books(self._sheet, roster)

    def kpis(self, books: Books, roster: Roster, workload: Workload) -> Kpis:
        """All measures, when all rows were taken in."""
        books.close()
        frame = self.frame
        attempts, customers, passages = books.groups()
        of_attempts, of_customers = attempts_of(attempts), customers_of(customers)
        what = dict(counts.attempt_quantities(frame, of_attempts))
        what |= calling.calling_quantities(frame, of_attempts)
        summed = counts.sums(frame, of_attempts, what)
        asked = counts.sums(frame, of_customers, counts.customer_quantities(frame, of_customers))
        teams = staff.team_sums(books, roster)

        promised = Sums(self._attempts, summed["in_time"]), Sums(self._attempts, summed["decided"])
        series = _by_scope(self._attempts, counts.ATTEMPTS | calling.ATTEMPTS, summed)
        series |= _by_scope(self._attempts, calling.CALLS, calling.calls_of(books))
        series |= self._lines_or_teams(self._attempts, calling.HELP, *calling.help_of(books))
        series |= _by_scope(self._attempts, counts.CUSTOMERS, asked)
        series["customers"] = (Sums(self._attempts, self._customers(books, workload)), None)
        series |= self._lines_or_teams(self._stays, work.ITEMS, *work.items_of(books))
        time = Sums(self._everywhere, teams["time_s"])
        series["backlog_mean"] = (Sums(self._stays, work.in_line(books)), time)
        series["in_system"] = (Sums(self._stays, work.inside(books)), time)
        series |= self._of_staff(teams)
        series["intervals_kept"] = self._kept(*promised)

        totals: Totals = {}
        for name, (num, den) in series.items():
            totals[name] = num.totals, np.ones(len(frame.scopes)) if den is None else den.totals
        totals |= self._days(*promised)
        totals |= self._extremes(books)
        totals |= self._people(roster, teams)
        owed = penalties(frame, series)
        totals |= self._money(books, roster, teams, totals, asked["gave_up"], owed)
        flows = flows_of(frame, passages)
        return self._assemble(series, totals, self._histograms(books), flows)

    # --- by interval ----------------------------------------------------------------------------

    def _customers(self, books: Books, workload: Workload) -> Floats:
        """(Q, I): customers who came, by first queue; not those of a backlog."""
        came = books.arrivals(workload)
        out = np.zeros(came.shape)
        for queue in np.flatnonzero(~self.frame.backlog & came.any(axis=1)).tolist():
            out[self.frame.first[queue]] += came[queue]
        return out

    def _lines_or_teams(
        self,
        lines: Members,
        measures: Mapping[str, counts.Parts],
        by_queue: Mapping[str, Floats],
        by_team: Mapping[str, Floats],
    ) -> Series:
        """Each measure of the lines in scopes of contacts, of the teams in those of staff."""
        both = {
            name: Either(Sums(lines, cells), Sums(self._teams, by_team[name]), self._is_staff)
            for name, cells in by_queue.items()
        }
        return {
            name: (both[num], both[den] if den else None) for name, (num, den) in measures.items()
        }

    def _of_staff(self, teams: Mapping[str, Floats]) -> Series:
        sums = {
            name: Sums(self._everywhere if name == "time_s" else self._teams, cells)
            for name, cells in teams.items()
        }
        return {
            name: (sums[num], sums[den] if den else None)
            for name, (num, den) in staff.STAFF.items()
        }

    def _kept(self, in_time: Sums, decided: Sums) -> tuple[Sums, Sums]:
        """Which intervals reached the target, and which had anybody in them: by scope with one."""
        scopes, intervals = len(self.frame.scopes), self.frame.window.intervals
        kept, came = np.zeros((scopes, intervals)), np.zeros((scopes, intervals))
        for s in np.flatnonzero(~np.isnan(self.frame.target)).tolist():
            kept[s], came[s] = _kept(in_time.row(s), decided.row(s), self.frame.target[s])
        each = Members(np.eye(scopes))
        return Sums(each, kept), Sums(each, came)

    # --- over the horizon -----------------------------------------------------------------------

    def _days(self, in_time: Sums, decided: Sums) -> Totals:
        starts = np.flatnonzero(np.diff(self.frame.window.day, prepend=-1))
        good, came_to = in_time.over(starts), decided.over(starts)
        kept, came = _kept(good, came_to, self.frame.target[:, None])
        with np.errstate(divide="ignore", invalid="ignore"):
            levels = np.where(came_to > 0, good / came_to, np.inf)
        worst = levels.min(axis=1, initial=np.inf)
        known = np.isfinite(worst)
        return {
            "days_kept": (kept.sum(axis=1), came.sum(axis=1)),
            "worst_day": (np.where(known, worst, 0.0), known.astype(float)),
        }

    def _extremes(self, books: Books) -> Totals:
        one = np.ones(len(self.frame.scopes))
        oldest = _largest(self._stays, books.of_queue(at.Q_OLDEST))
        longest = _largest(self._attempts, books.of_queue(at.Q_LONGEST))
        held = Sums(self._stays, books.of_queue(at.Q_HELD)[:, None].astype(np.float64))
        return {
            "backlog_end": (held.totals, one),
            "backlog_peak": (books.peaks(), one),
            "oldest_end": (np.maximum(oldest, 0) / SECOND, one),
            "longest_wait": (np.maximum(longest, 0) / SECOND, (longest >= 0).astype(float)),
        }

    def _people(self, roster: Roster, teams: Mapping[str, Floats]) -> Totals:
        frame, network = self.frame, self.network
        heads = head_counts(frame, network, roster)
        hours = staff.full_time_hours(frame, network)
        with np.errstate(divide="ignore", invalid="ignore"):
            fte = {
                name: np.where(hours > 0, teams[source].sum(axis=1) / hours, 0.0)
                for name, source in (("paid_fte", "paid_h"), ("net_fte", "on_duty_h"))
            }
        one = np.ones(len(frame.scopes))
        roles = float(sum(role_people(frame, network, heads).values()))
        of_heads = frame.of_teams @ heads
        return {
            "heads": (of_heads, one),
            "heads_with_roles": (of_heads + roles, one),
            **{name: (frame.of_teams @ values, one) for name, values in fte.items()},
        }

    def _money(
        self,
        books: Books,
        roster: Roster,
        teams: Mapping[str, Floats],
        totals: Totals,
        gave_up: Floats,
        owed: float,
    ) -> Totals:
        frame, network = self.frame, self.network
        hours = teams["paid_h"].sum(axis=1), teams["overtime_beyond_pay_h"].sum(axis=1)
        paid = payroll(frame, network, roster, *hours)
        machines = machine_fees(frame, books.of_queue(at.Q_MET).astype(np.float64))
        minutes = books.phone_us / (60 * SECOND)
        kinds = costs(frame, network, roster, paid, minutes, gave_up.sum(axis=1), machines, owed)
        sold = upselling(frame, network, books.resolved_by())
        kinds |= {"upselling": sold, "net": kinds["total"] - sold}
        everything = [scope.name in ("all", "outbound") for scope in frame.scopes]
        ones = np.ones(len(frame.scopes))
        out = {name: (amount * ones, ones) for name, amount in kinds.items()}
        for name, of in (
            ("per_contact", "contacts"),
            ("per_customer", "customers"),
            ("per_resolved_contact", "contacts_resolved"),
        ):
            out[name] = (kinds["total"] * ones, totals[of][0][everything].sum() * ones)
        out["people_cost"] = (frame.of_teams @ paid.people_cost, ones)
        return out

    # --- quantiles ------------------------------------------------------------------------------

    def _histograms(self, books: Books) -> dict[str, Histogram]:
        out: dict[str, Histogram] = {}
        for name, which in HISTOGRAMS.items():
            kinds = describe(f"all.{name}_p50").scopes
            queues, bins, table = books.histograms(which)
            for s, scope in enumerate(self.frame.scopes):
                if scope.kind in kinds:
                    mine = self.frame.of_attempts[s, queues] > 0
                    counts_ = table[mine].sum(axis=0)
                    used = np.flatnonzero(counts_)
                    out[f"{scope.name}.{name}"] = Histogram(bins[used], counts_[used])
        return out

    # --- together -------------------------------------------------------------------------------

    def _assemble(
        self,
        series: Series,
        totals: Totals,
        histograms: Mapping[str, Histogram],
        flows: Mapping[Passage, int],
    ) -> Kpis:
        table = np.empty((len(self._keys), 2))
        for k, (s, name) in enumerate(self._places):
            num, den = totals[name]
            table[k] = num[s], den[s]
        cut = np.ones((len(self._interval_keys), self.frame.window.intervals, 2))
        for k, (s, name) in enumerate(self._interval_places):
            over, under = series[name]
            cut[k, :, 0] = over.row(s)
            if under is not None:
                cut[k, :, 1] = under.row(s)
        return Kpis(self._keys, table, self._interval_keys, cut, histograms, flows)


def _by_scope(
    members: Members, measures: Mapping[str, counts.Parts], sums: Mapping[str, Floats]
) -> Series:
    used = {name for parts in measures.values() for name in parts if name}
    by_scope = {name: Sums(members, sums[name]) for name in used}
    return {
        name: (by_scope[num], by_scope[den] if den else None)
        for name, (num, den) in measures.items()
    }


def _kept(in_time: Floats, decided: Floats, target: Floats | float) -> tuple[Floats, Floats]:
    """Which stretches of time reached the target, and which had anybody in them."""
    came = decided > 0
    # The target is a written decimal: 4 of 5 must count as 80 %.
    reached = in_time >= target * decided - 1e-9
    return (came & reached).astype(float), came.astype(float)


def _largest(members: Members, of_groups: Ints) -> Floats:
    """(S,): the largest of each scope; -1 where there is none."""
    return np.array(
        [max((int(of_groups[group]) for group in groups), default=-1) for groups in members.of],
        np.float64,
    )


def _split(keys: tuple[str, ...], places: Mapping[str, int]) -> Iterator[tuple[int, str]]:
    for key in keys:
        scope, _, name = key.rpartition(".")
        yield places[scope], name

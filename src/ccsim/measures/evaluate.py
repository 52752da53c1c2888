"""Records of one replication -> its KPIs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ccsim.measures import calling, counts, staff, work
from ccsim.measures.attempts import (
    Attempts,
    Outcome,
    attempts_of,
    begins,
    counted,
    on_promise_clock,
    stays_of,
)
from ccsim.measures.catalogue import describe, interval_measures, known_measures
from ccsim.measures.cost import (
    costs,
    head_counts,
    machine_fees,
    payroll,
    phone_minutes,
    role_people,
)
from ccsim.measures.flows import Passage, flows_of
from ccsim.measures.frame import Frame, frame_of
from ccsim.measures.histogram import Histogram
from ccsim.measures.kpis import Kpis
from ccsim.measures.tally import SECOND, Floats, Ints, Mask, sum_events

if TYPE_CHECKING:
    from ccsim.network.model import Network
    from ccsim.records import Records
    from ccsim.roster.model import Roster
    from ccsim.scenario.resolve import Design
    from ccsim.workload.model import Workload

# By scope and interval: numerator and denominator, (S, I) each; None for the 1 of a total.
Series = dict[str, tuple[Floats, Floats | None]]
# By scope: numerator and denominator, (S,) each.
Totals = dict[str, tuple[Floats, Floats]]

ITEMS: dict[str, counts.Parts] = {
    "handle_time": ("handle_s", "items_finished"),
    "talk_time": ("talk_s", "items_finished"),
    "wrap_up_time": ("wrap_up_s", "items_finished"),
    "contacts_handled": ("items", ""),
    "escalations": ("escalations", ""),
}


def evaluate(
    design: Design, network: Network, roster: Roster, workload: Workload, records: Records
) -> Kpis:
    """All measures of one replication. Which keys there are depends on the design alone."""
    frame = frame_of(design, network)
    legs = records.legs[records.legs["part"] == 0]
    attempts, stays = attempts_of(frame, legs), stays_of(frame, legs)
    customers = counts.customers_of(attempts)
    ours = counts.measured_customers(frame, attempts, customers)
    items = work.items_of(frame, records, legs)
    teams = staff.team_sums(frame, network, roster, records, items)
    of_customers = counts.sums(
        frame,
        attempts.queue[ours.first],
        attempts.entered[ours.first],
        counts.customer_quantities(frame, attempts, ours),
    )

    series = _by_attempt(frame, records, legs, attempts, stays)
    _add_calls(frame, network, series, records.legs)
    series |= _by_scope(frame.of_attempts, counts.CUSTOMERS, of_customers)
    series["customers"] = (frame.of_attempts @ _customers(frame, workload), None)
    _add_items(frame, series, items)
    line = work.in_line(frame, records, legs)
    _add_presence(frame, series, line, work.inside(frame, legs))
    _add_staff(frame, series, teams)
    _add_kept(frame, series)

    totals = {name: _summed(parts) for name, parts in series.items()}
    totals |= _days(frame, series)
    totals |= _extremes(frame, legs, line, attempts, stays)
    totals |= _people(frame, network, roster, teams)
    totals |= _money(frame, network, roster, legs, teams, totals, of_customers["gave_up"])
    histograms = _histograms(frame, attempts, stays, ours)
    return _assemble(frame, series, totals, histograms, flows_of(frame, legs))


# --- by interval ----------------------------------------------------------------------------------


def _by_attempt(
    frame: Frame, records: Records, legs: NDArray[np.void], attempts: Attempts, stays: Attempts
) -> Series:
    """Measures of attempts; later stages' own scopes from the stays in their queues."""
    own = legs[counted(frame, legs)]
    spent = work.agent_time(frame, records, own, np.cumsum(begins(own)) - 1)
    since = counts.is_measured(frame, attempts)
    first = counts.measured(frame, attempts)
    later = counts.measured(frame, stays)
    what = dict(counts.attempt_quantities(frame, first))
    what |= calling.calling_quantities(frame, first)
    what["agent_time_s"] = np.where(what["contacts_ended"], spent[since], 0.0)
    summed = counts.sums(frame, first.queue, first.entered, what)
    stay_quantities = counts.attempt_quantities(frame, later)
    of_stays = counts.sums(frame, later.queue, later.entered, stay_quantities)
    for name, sums in of_stays.items():
        summed[name] = summed[name] + sums  # in different queues: nothing is counted twice
    parts = (
        counts.ATTEMPTS
        | calling.ATTEMPTS
        | {"agent_time_per_contact": ("agent_time_s", "contacts_ended")}
    )
    return _by_scope(frame.of_attempts, parts, summed)


def _add_calls(frame: Frame, network: Network, series: Series, legs: NDArray[np.void]) -> None:
    """Calls that agents made, and consults: of lines by queue, of helpers by team."""
    calls = calling.calls_of(frame, legs[legs["part"] == 0])
    series |= _by_scope(frame.of_attempts, calling.CALLS, calls)
    by_queue = calling.help_of(frame, legs, frame.first[legs["queue"]], len(frame.queues))
    teams = frame.of_teams.shape[1]
    by_team = calling.help_of(frame, legs, calling.helpers_of(network, legs), teams)
    of_lines = _by_scope(frame.of_attempts, calling.HELP, by_queue)
    of_teams = _by_scope(frame.of_teams, calling.HELP, by_team)
    series |= _lines_or_teams(frame, of_lines, of_teams)


def _customers(frame: Frame, workload: Workload) -> Floats:
    came = (workload.at >= frame.window.from_us) & (workload.at < frame.window.until_us)
    came &= ~frame.backlog[workload.queue]
    queue = frame.first[workload.queue[came]]
    return sum_events(
        frame.window,
        queue * frame.window.intervals + frame.window.interval_of(workload.at[came]),
        len(frame.queues),
    )


def _add_items(frame: Frame, series: Series, items: work.Items) -> None:
    """Measures of items: those of lines by queue, those of staff by team."""
    n = frame.window.intervals
    interval = frame.window.interval_of(items.ended)
    what: dict[str, NDArray[np.generic]] = {
        "items": np.ones(len(interval), bool),
        "items_finished": items.finished,
        "handle_s": np.where(items.finished, items.handling + items.wrap_up, 0) / SECOND,
        "talk_s": np.where(items.finished, items.handling, 0) / SECOND,
        "wrap_up_s": np.where(items.finished, items.wrap_up, 0) / SECOND,
        "escalations": items.escalated,
    }
    teams = frame.of_teams.shape[1]
    by_queue = {
        k: sum_events(frame.window, items.queue * n + interval, len(frame.queues), v)
        for k, v in what.items()
    }
    known = items.team >= 0
    place = (items.team * n + interval)[known]
    by_team = {k: sum_events(frame.window, place, teams, v[known]) for k, v in what.items()}
    of_lines = _by_scope(frame.of_stays, ITEMS, by_queue)
    of_teams = _by_scope(frame.of_teams, ITEMS, by_team)
    series |= _lines_or_teams(frame, of_lines, of_teams)


def _lines_or_teams(frame: Frame, of_lines: Series, of_teams: Series) -> Series:
    """Each measure of the lines in scopes of contacts, of the teams in those of staff."""
    staff_scope = np.array([scope.kind in ("team", "tier") for scope in frame.scopes])[:, None]
    out: Series = {}
    for name, (num, den) in of_lines.items():
        team_num, team_den = of_teams[name]
        both = None
        if den is not None and team_den is not None:
            both = np.where(staff_scope, team_den, den)
        out[name] = (np.where(staff_scope, team_num, num), both)
    return out


def _add_presence(
    frame: Frame, series: Series, line: work.Stretches, inside: work.Stretches
) -> None:
    time = np.broadcast_to(
        frame.window.length_us / SECOND, (len(frame.scopes), frame.window.intervals)
    )
    series["backlog_mean"] = (frame.of_stays @ line.by_interval(frame), time)
    series["in_system"] = (frame.of_stays @ inside.by_interval(frame), time)


def _add_staff(frame: Frame, series: Series, teams: Mapping[str, Floats]) -> None:
    per_team = {name: sums for name, sums in teams.items() if name != "time_s"}
    by_scope = {name: frame.of_teams @ sums for name, sums in per_team.items()}
    by_scope["time_s"] = np.broadcast_to(
        teams["time_s"], (len(frame.scopes), frame.window.intervals)
    )
    for name, (num, den) in staff.STAFF.items():
        series[name] = (by_scope[num], by_scope[den] if den else None)


def _add_kept(frame: Frame, series: Series) -> None:
    in_time, decided = series["service_level"]
    assert decided is not None
    series["intervals_kept"] = _kept(frame, in_time, decided)


def _kept(frame: Frame, in_time: Floats, decided: Floats) -> tuple[Floats, Floats]:
    """Which stretches of time reached the target, and which had anybody in them."""
    came = decided > 0
    # The target is a written decimal: 4 of 5 must count as 80 %.
    reached = in_time >= frame.target[:, None] * decided - 1e-9
    return (came & reached).astype(float), came.astype(float)


def _by_scope(
    members: Floats, measures: Mapping[str, counts.Parts], sums: Mapping[str, Floats]
) -> Series:
    used = {name for parts in measures.values() for name in parts if name}
    by_scope = {name: members @ sums[name] for name in used}
    return {
        name: (by_scope[num], by_scope[den] if den else None)
        for name, (num, den) in measures.items()
    }


# --- over the horizon -----------------------------------------------------------------------------


def _summed(parts: tuple[Floats, Floats | None]) -> tuple[Floats, Floats]:
    num, den = parts
    total: Floats = num.sum(axis=1)
    return total, np.ones_like(total) if den is None else den.sum(axis=1)


def _days(frame: Frame, series: Series) -> Totals:
    in_time, decided = series["service_level"]
    assert decided is not None
    days = int(frame.window.day.max(initial=-1)) + 1
    of_day = (frame.window.day[:, None] == np.arange(days)).astype(float)  # (I, D)
    in_time, decided = in_time @ of_day, decided @ of_day
    kept, came = _kept(frame, in_time, decided)
    with np.errstate(divide="ignore", invalid="ignore"):
        levels = np.where(decided > 0, in_time / decided, np.inf)
    worst = levels.min(axis=1, initial=np.inf)
    known = np.isfinite(worst)
    return {
        "days_kept": (kept.sum(axis=1), came.sum(axis=1)),
        "worst_day": (np.where(known, worst, 0.0), known.astype(float)),
    }


def _extremes(
    frame: Frame, legs: NDArray[np.void], line: work.Stretches, attempts: Attempts, stays: Attempts
) -> Totals:
    waiting = legs[work.waiting_at_end(legs)]
    one = np.ones(len(frame.scopes))
    age = (frame.window.until_us - waiting["entered"]) / SECOND
    oldest = _largest(waiting["queue"].astype(np.int64), age, frame.of_stays)
    first, later = (counts.measured(frame, a) for a in (attempts, stays))
    longest = np.fmax(
        _longest_wait(first, frame.of_attempts), _longest_wait(later, frame.of_attempts)
    )
    known = ~np.isnan(longest)
    held = np.bincount(waiting["queue"], minlength=len(frame.queues)).astype(np.float64)
    return {
        "backlog_end": (frame.of_stays @ held, one),
        "backlog_peak": (work.peaks(frame, line), one),
        "oldest_end": (np.nan_to_num(oldest), one),
        "longest_wait": (np.nan_to_num(longest), known.astype(float)),
    }


def _longest_wait(a: Attempts, members: Floats) -> Floats:
    apart = np.isin(a.outcome, (Outcome.BLOCKED, Outcome.CLOSED, Outcome.MOVED, Outcome.CONTAINED))
    waits = (a.waited_until - a.entered)[~apart] / SECOND
    return _largest(a.queue[~apart], waits, members)


def _largest(queue: Ints, values: Floats, members: Floats) -> Floats:
    """(S,): the largest value of each scope; NaN where there is none."""
    by_queue = np.full(members.shape[1], -np.inf)
    np.maximum.at(by_queue, queue, values)
    largest = np.where(members > 0, by_queue, -np.inf).max(axis=1, initial=-np.inf)
    return np.where(np.isfinite(largest), largest, np.nan)


def _people(frame: Frame, network: Network, roster: Roster, teams: Mapping[str, Floats]) -> Totals:
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
    frame: Frame,
    network: Network,
    roster: Roster,
    legs: NDArray[np.void],
    teams: Mapping[str, Floats],
    totals: Totals,
    gave_up: Floats,
) -> Totals:
    paid = payroll(
        frame,
        network,
        roster,
        teams["paid_h"].sum(axis=1),
        teams["overtime_beyond_pay_h"].sum(axis=1),
    )
    machines = machine_fees(frame, calling.machine_contacts(frame, legs))
    minutes = phone_minutes(frame, legs)
    kinds = costs(frame, network, roster, paid, minutes, gave_up.sum(axis=1), machines)
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


# --- quantiles ------------------------------------------------------------------------------------


def _histograms(
    frame: Frame, attempts: Attempts, stays: Attempts, ours: counts.Customers
) -> dict[str, Histogram]:
    out: dict[str, Histogram] = {}
    first, later = (counts.measured(frame, a) for a in (attempts, stays))
    waits = _of_queues(frame, *_known_waits(first)) + _of_queues(frame, *_known_waits(later))
    responded = first.responded >= 0
    responses = _of_queues(
        frame, first.queue[responded], (first.responded - first.entered)[responded]
    )
    resolved = ours.resolving >= 0
    begun = ours.first[resolved]
    resolutions = _of_queues(
        frame,
        attempts.queue[begun],
        attempts.done[ours.resolving[resolved]] - attempts.entered[begun],
    )
    for name, of_queues in (
        ("wait", waits),
        ("answer_time", _answers(frame, first)),
        ("first_response_time", responses),
        ("resolution_time", resolutions),
    ):
        scopes = describe(f"all.{name}_p50").scopes
        for s, scope in enumerate(frame.scopes):
            if scope.kind in scopes:
                mine = frame.of_attempts[s] > 0
                parts = (h for q, h in of_queues if mine[q])
                out[f"{scope.name}.{name}"] = Histogram.sum(parts)
    return out


def _known_waits(a: Attempts) -> tuple[Ints, Ints]:
    known: Mask = np.isin(a.outcome, (Outcome.ANSWERED, Outcome.ABANDONED, Outcome.CUT_OFF))
    return a.queue[known], (a.waited_until - a.entered)[known]


def _answers(frame: Frame, a: Attempts) -> list[tuple[int, Histogram]]:
    """Times to the answer of the answered attempts, on the clocks of their promises."""
    answered: Mask = a.outcome == Outcome.ANSWERED
    queue = a.queue[answered]
    times = on_promise_clock(frame, queue, a.entered[answered], a.answered[answered])
    return _of_queues(frame, queue, times)


def _of_queues(frame: Frame, queue: Ints, us: Ints) -> list[tuple[int, Histogram]]:
    return [(int(q), Histogram.of(us[queue == q])) for q in np.unique(queue)]


# --- together -------------------------------------------------------------------------------------


def _assemble(
    frame: Frame,
    series: Series,
    totals: Totals,
    histograms: Mapping[str, Histogram],
    flows: Mapping[Passage, int],
) -> Kpis:
    places = {scope.name: s for s, scope in enumerate(frame.scopes)}
    keys = tuple(k for k in known_measures(frame.scenario) if describe(k).kind != "quantile")
    interval_keys = interval_measures(frame.scenario)
    table = np.empty((len(keys), 2))
    for k, (s, name) in enumerate(_split(keys, places)):
        num, den = totals[name]
        table[k] = num[s], den[s]
    cut = np.ones((len(interval_keys), frame.window.intervals, 2))
    for k, (s, name) in enumerate(_split(interval_keys, places)):
        over, under = series[name]
        cut[k, :, 0] = over[s]
        if under is not None:
            cut[k, :, 1] = under[s]
    return Kpis(keys, table, interval_keys, cut, histograms, flows)


def _split(keys: tuple[str, ...], places: Mapping[str, int]) -> Iterator[tuple[int, str]]:
    for key in keys:
        scope, _, name = key.rpartition(".")
        yield places[scope], name

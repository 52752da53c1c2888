"""From an experiment to the tables that figures draw, and the figures of an experiment as files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from ccsim.experiment.execution.result import Comparison, Experiment
from ccsim.experiment.results.headline import NET, cost_measure, main_measure
from ccsim.experiment.results.targets import targets
from ccsim.measures.catalogue import split_key
from ccsim.report.curves.cost_curves import cost_table
from ccsim.report.curves.flow_curves import flow_tables
from ccsim.report.curves.people_curves import occupancy_tables, roster_tables
from ccsim.report.curves.shown import ServiceByTime, StaffByTime, TradeOff
from ccsim.report.curves.wait_curves import answered_tables, backlog_tables, sample_of
from ccsim.report.documents.picture_index import INDEX, write_index
from ccsim.report.tables.answer_table import labels_of
from ccsim.report.tables.time_table import cut_of
from ccsim.report.text.decision import Decision
from ccsim.report.words.file_names import distinct, slug
from ccsim.report.words.labels import target_time
from ccsim.report.words.names import contacts_in, contacts_of, design_label, team_label
from ccsim.report.words.units import year_factor
from ccsim.scenario.clock import LocalClock
from ccsim.scenario.tables.files import references
from ccsim.statistics.estimate import LEVEL, Estimate

if TYPE_CHECKING:
    from ccsim.check import TeamLoad
    from ccsim.experiment.results.cuts import Cut
    from ccsim.experiment.results.design_result import DesignResult
    from ccsim.experiment.studies.uncertain import Uncertain
    from ccsim.report.figures.charts import Figure

OfExperiment = Literal[
    "service", "waits", "backlog", "flow", "staff", "roster", "occupancy", "cost", "money"
]
OfDraws = Literal["range", "difference", "assumptions"]
Kind = OfExperiment | OfDraws
NOBODY = 0.01  # people on duty on average below which nobody is there
KINDS_OF_DRAWS: tuple[Kind, ...] = get_args(OfDraws)
KINDS: tuple[Kind, ...] = (*get_args(OfExperiment), *KINDS_OF_DRAWS)


def service_tables(experiment: Experiment) -> Iterator[ServiceByTime]:
    """One table for each channel with a target time, and for each type or segment with a target of
    its own: service level by time of day by design."""
    scenario, labels = experiment.scenario, labels_of(experiment.scenarios)
    goals = targets(scenario)
    own = [scope for scope, name in map(split_key, goals) if name == "service_level"]
    for scope in dict.fromkeys([*scenario.channels, *own]):
        cuts = {
            name: cut_of(result, f"{scope}.service_level", "time")
            for name, result in experiment.results.items()
        }
        found = [cut for cut in cuts.values() if cut is not None]
        within = target_time(scenario, scope)
        if not found or within is None:
            continue
        curves = {name: _curve(cut) for name, cut in cuts.items() if cut is not None}
        used = [any(curve[i] is not None for curve in curves.values()) for i in _places(found[0])]
        if not any(used):
            continue
        kept = range(used.index(True), len(used) - used[::-1].index(True))
        yield ServiceByTime(
            scope,
            contacts_in(scope, scenario),
            within,
            goals.get(f"{scope}.service_level"),
            tuple(found[0].groups.starts[i] for i in kept),
            scenario.calendar.interval // 1_000_000,
            tuple((labels[name], tuple(curve[i] for i in kept)) for name, curve in curves.items()),
            sample_of(experiment),
            _off_duty(experiment, kept),
        )


def _off_duty(experiment: Experiment, kept: Sequence[int]) -> tuple[bool, ...]:
    """In which of these times of day nobody is on duty in any design; () where there is none."""
    cuts = [cut_of(result, "all.heads_on_duty", "time") for result in experiment.results.values()]
    heads = np.array([np.nan_to_num(cut.band.value) for cut in cuts if cut is not None])
    if not len(heads):
        return ()
    nobody = heads.max(axis=0) < NOBODY
    found = tuple(bool(nobody[i]) for i in kept)
    return found if any(found) else ()


def trade_off_table(experiment: Experiment) -> TradeOff | None:
    """Cost a year (less revenue, where something is sold) against the main service level; None
    without costs, a target time or a comparison."""
    if not isinstance(experiment, Comparison):
        return None
    scenario = experiment.scenario
    key = main_measure(scenario)
    channel, name = split_key(key)
    within = target_time(scenario, channel)
    results = experiment.results
    if name != "service_level" or within is None:
        return None
    if any("cost.total" not in result or key not in result for result in results.values()):
        return None
    cost = cost_measure(set.intersection(*(set(result) for result in results.values())))
    decision, labels = Decision(experiment), labels_of(experiment.scenarios)
    factor = year_factor(scenario)
    order = [experiment.against, *experiment.others]
    return TradeOff(
        channel,
        contacts_of(channel, scenario),
        within,
        scenario.channels[channel].target,
        scenario.currency or "",
        tuple(
            (labels[design], results[design][key], results[design][cost].scaled(factor))
            for design in order
        ),
        tuple(
            (
                labels[design],
                decision.service_change(design, key),
                decision.cost_change(design, experiment.against, cost),
            )
            for design in experiment.others
        ),
        sample_of(experiment),
        net=cost == NET,
    )


def staff_tables(experiment: Experiment) -> Iterator[StaffByTime]:
    """One table a design and team: its busiest day, people on duty against the work.

    Heads on duty are simulated; the work that comes and the heads required are the check's first
    guess. Where the check cannot be made (the folder of the results has lost the scenario's
    files), the work is what was simulated to be in hand. Times at which nobody is there and no
    live work comes are left out at both ends.
    """
    for result in experiment.results.values():
        scenario = result.scenario
        clock = LocalClock(scenario.calendar)
        guesses = _guesses(result)
        for team in scenario.teams:
            duty = cut_of(result, f"{team}.heads_on_duty", "interval")
            busy = cut_of(result, f"{team}.heads_busy", "interval")
            if duty is None or busy is None:
                continue
            starts = np.array(duty.groups.starts)  # of the measured intervals, us
            guess = guesses.get(team)
            at = np.searchsorted(clock.interval_starts, starts)
            work = np.nan_to_num(busy.band.value) if guess is None else guess.offered[at]
            live = np.zeros(len(at)) if guess is None else guess.live[at]
            both = bool(live.any()) and bool((work > live).any())  # also work that may wait
            now = live if both else work
            day_of = clock.day_of(starts)
            day = int(day_of[np.argmax(np.bincount(day_of, work)[day_of])])
            heads = np.nan_to_num(duty.band.value)
            there = np.flatnonzero((day_of == day) & ((heads > 0) | (live > 0)))
            if not len(there):
                continue
            kept = range(int(there[0]), int(there[-1]) + 1)
            yield StaffByTime(
                team_label(team, scenario),
                design_label(result.name, scenario),
                clock.date(day).strftime("%a %d %b %Y"),
                tuple((int(starts[i]) - clock.day_start_us(day)) // 1_000_000 for i in kept),
                scenario.calendar.interval // 1_000_000,
                tuple(duty.band.at(i) for i in kept),
                tuple(busy.band.at(i) if guess is None else _sure(now[i]) for i in kept),
                guess is None,
                None
                if guess is None or not guess.live.any()
                else tuple(float(guess.needed[at[i]]) for i in kept),
                "" if guess is None else guess.basis,
                sample_of(experiment),
                tuple(float(work[i]) for i in kept) if both else None,
            )


def _guesses(result: DesignResult) -> dict[str, TeamLoad]:
    """The check's first guess by team; none where the design's files are not at hand."""
    from ccsim.check import check

    design = result.design
    if any(reference.name not in design.files for reference in references(design.scenario)):
        return {}
    return {load.team: load for load in check(design).load}


def _sure(value: float) -> Estimate:
    """A value by formula: its interval is itself."""
    exact = float(value)
    return Estimate(exact, exact, exact, LEVEL, "expected", 0)


def pictures(
    experiment: Experiment | Uncertain, kinds: Sequence[Kind]
) -> Iterator[tuple[str, Figure]]:
    """The figures of an experiment with their file names, without ending."""
    from ccsim.report.figures import charts as figures

    if not isinstance(experiment, Experiment):
        yield from _of_draws(experiment, kinds)
        return
    if "service" in kinds:
        for service in service_tables(experiment):
            yield f"service-{slug(service.key)}", figures.service_figure(service)
    yield from _of_waits(experiment, kinds)
    if "staff" in kinds:
        for staff in staff_tables(experiment):
            design = "" if len(experiment.results) == 1 else f"{slug(staff.design)}-"
            yield f"staff-{design}{slug(staff.team)}", figures.staff_figure(staff)
    yield from _of_people(experiment, kinds)
    trade_off = trade_off_table(experiment) if "cost" in kinds else None
    if trade_off is not None:
        name = f"cost-against-service-{slug(trade_off.key)}"
        yield name, figures.trade_off_figure(trade_off)
    money = cost_table(experiment) if "money" in kinds else None
    if money is not None:
        from ccsim.report.figures.cost_chart import cost_figure

        yield "cost-by-kind", cost_figure(money)


def _of_waits(experiment: Experiment, kinds: Sequence[Kind]) -> Iterator[tuple[str, Figure]]:
    from ccsim.report.figures import wait_charts as figures
    from ccsim.report.figures.flow_chart import flow_figure

    if "waits" in kinds:
        for answered in answered_tables(experiment):
            yield f"waits-{slug(answered.key)}", figures.answered_figure(answered)
    if "backlog" in kinds:
        for backlog in backlog_tables(experiment):
            yield f"backlog-{slug(backlog.key)}", figures.backlog_figure(backlog)
    if "flow" in kinds:
        for flow in flow_tables(experiment):
            name = "flow" + f"-{slug(flow.design)}" * (len(experiment.results) > 1)
            yield name, flow_figure(flow)


def _of_people(experiment: Experiment, kinds: Sequence[Kind]) -> Iterator[tuple[str, Figure]]:
    from ccsim.report.figures import people_charts as figures

    several = len(experiment.results) > 1
    if "roster" in kinds:
        for day in roster_tables(experiment):
            yield "roster" + f"-{slug(day.design)}" * several, figures.roster_figure(day)
    if "occupancy" in kinds:
        for hours in occupancy_tables(experiment):
            name = "occupancy" + f"-{slug(hours.design)}" * several
            yield name, figures.occupancy_figure(hours)


def _of_draws(found: Uncertain, kinds: Sequence[Kind]) -> Iterator[tuple[str, Figure]]:
    from ccsim.report.figures.range_charts import figure_of_draws
    from ccsim.report.studies.range_curves import range_tables

    for name, table in range_tables(found, kinds):
        yield name, figure_of_draws(table)


def plot(
    found: Experiment | Uncertain,
    folder: str | Path,
    kinds: Sequence[Kind] = KINDS,
    ending: Literal["png", "svg"] = "png",
    notice: Callable[[str], object] | None = None,
) -> list[Path]:
    """Draw what a run or a comparison found into a folder (made if need be); returns the paths.

    `kinds` are some of `KINDS`: service, waits, backlog, flow, staff, roster, occupancy, cost,
    money, and of draws of uncertain assumptions range, difference, assumptions; ValueError for
    others. What the results do not hold (costs without prices) is not drawn. No two pictures have
    one name; `index.html` shows all of them under their titles. `notice` is called with a sentence
    where no font of the machine draws a character.
    """
    from ccsim.report.figures.charts import save, title_of
    from ccsim.report.figures.fonts import font_words

    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown:
        raise ValueError(f"there is no picture of '{unknown[0]}' (pictures: {', '.join(KINDS)})")
    into = Path(folder)
    into.mkdir(parents=True, exist_ok=True)
    written: dict[str, Path] = {}
    missing: set[str] = set()
    titles: list[str] = []
    for name, figure in pictures(found, kinds):
        free = distinct(name, written)
        written[free] = into / f"{free}.{ending}"
        missing |= save(figure, written[free])
        titles.append(title_of(figure))
    write_index(into / INDEX, found.scenario.name, dict(zip(written.values(), titles, strict=True)))
    if missing and notice is not None:
        notice(font_words(missing))
    return [*written.values()]


def _places(cut: Cut) -> range:
    return range(len(cut.labels))


def _curve(cut: Cut) -> tuple[Estimate | None, ...]:
    """Estimates by group; None where nobody came."""
    cells = [cut.band.at(i) for i in _places(cut)]
    return tuple(None if cell.value is None else cell for cell in cells)

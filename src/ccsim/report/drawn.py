"""From an experiment to the tables that figures draw, and the figures of an experiment as files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ccsim.experiment.headline import main_measure
from ccsim.experiment.result import Comparison, Experiment
from ccsim.measures.catalogue import split_key
from ccsim.report.answer import cost_change, sample_words, service_change
from ccsim.report.curves import Sample, ServiceByTime, StaffByTime, TradeOff
from ccsim.report.cuts import cut_of
from ccsim.report.wording import channel_name, contacts_of, promised_within, year_factor
from ccsim.statistics.estimate import Estimate

if TYPE_CHECKING:
    from ccsim.experiment.cuts import Cut
    from ccsim.report.figures import Figure

Kind = Literal["service", "staff", "cost"]
KINDS: tuple[Kind, ...] = ("service", "staff", "cost")


def service_tables(experiment: Experiment) -> Iterator[ServiceByTime]:
    """One table a promised channel: service level by time of day in every design."""
    scenario = experiment.scenario
    for channel, block in scenario.channels.items():
        cuts = {
            name: cut_of(result, f"{channel}.service_level", "time")
            for name, result in experiment.results.items()
        }
        found = [cut for cut in cuts.values() if cut is not None]
        within = promised_within(scenario, channel)
        if not found or within is None:
            continue
        curves = {name: _curve(cut) for name, cut in cuts.items() if cut is not None}
        used = [any(curve[i] is not None for curve in curves.values()) for i in _places(found[0])]
        if not any(used):
            continue
        kept = range(used.index(True), len(used) - used[::-1].index(True))
        yield ServiceByTime(
            channel_name(channel),
            contacts_of(channel),
            within,
            block.target,
            tuple(found[0].groups.starts[i] for i in kept),
            scenario.calendar.interval // 1_000_000,
            tuple((name, tuple(curve[i] for i in kept)) for name, curve in curves.items()),
            _sample(experiment),
        )


def trade_off_table(experiment: Experiment) -> TradeOff | None:
    """Cost a year against the main service level; None without costs, promise or comparison."""
    if not isinstance(experiment, Comparison):
        return None
    scenario = experiment.scenario
    key = main_measure(scenario)
    channel, name = split_key(key)
    within = promised_within(scenario, channel)
    results = experiment.results
    if name != "service_level" or within is None:
        return None
    if any("cost.total" not in result or key not in result for result in results.values()):
        return None
    factor = year_factor(scenario)
    order = [experiment.against, *experiment.others]
    return TradeOff(
        channel_name(channel),
        contacts_of(channel),
        within,
        scenario.channels[channel].target,
        scenario.currency or "",
        tuple(
            (design, results[design][key], results[design]["cost.total"].scaled(factor))
            for design in order
        ),
        tuple(
            (design, service_change(experiment, design, key), cost_change(experiment, design))
            for design in experiment.others
        ),
        _sample(experiment),
    )


def staff_tables(experiment: Experiment) -> Iterator[StaffByTime]:
    """One table a design and team: its busiest day, people on duty against what comes.

    Heads on duty are simulated; the work offered and the heads required are the check's first
    guess. Times at which nobody is there and nothing comes are left out at both ends.
    """
    from ccsim.check import check

    for name, result in experiment.results.items():
        checked = check(result.design)
        clock = checked.clock
        day_of = clock.day_of(clock.interval_starts)
        for load in checked.load:
            cut = cut_of(result, f"{load.team}.heads_on_duty", "interval")
            if cut is None:
                continue
            simulated = {start: cut.band.at(i) for i, start in enumerate(cut.groups.starts)}
            measured = [start in simulated for start in clock.interval_starts.tolist()]
            work = [
                float(load.offered[(day_of == day) & measured].sum()) for day in range(clock.days)
            ]
            day = work.index(max(work))
            there = [
                i
                for i in (day_of == day).nonzero()[0].tolist()
                if measured[i] and (load.on_duty[i] > 0 or load.live[i] > 0)
            ]
            if not there:
                continue
            kept = range(there[0], there[-1] + 1)
            starts = [int(clock.interval_starts[i]) for i in kept]
            midnight = clock.day_start_us(day)
            yield StaffByTime(
                load.team,
                name,
                clock.date(day).strftime("%a %d %b %Y"),
                tuple((start - midnight) // 1_000_000 for start in starts),
                experiment.scenario.calendar.interval // 1_000_000,
                tuple(simulated[start] for start in starts),
                tuple(float(load.offered[i]) for i in kept),
                tuple(float(load.needed[i]) for i in kept),
                load.basis,
                _sample(experiment),
            )


def pictures(experiment: Experiment, kinds: Sequence[Kind]) -> Iterator[tuple[str, Figure]]:
    """The figures of an experiment with their file names, without ending."""
    from ccsim.report import figures

    if "service" in kinds:
        for service in service_tables(experiment):
            yield f"service-{slug(service.channel)}", figures.service_figure(service)
    if "staff" in kinds:
        for staff in staff_tables(experiment):
            design = "" if len(experiment.results) == 1 else f"{slug(staff.design)}-"
            yield f"staff-{design}{slug(staff.team)}", figures.staff_figure(staff)
    trade_off = trade_off_table(experiment) if "cost" in kinds else None
    if trade_off is not None:
        name = f"cost-against-service-{slug(trade_off.channel)}"
        yield name, figures.trade_off_figure(trade_off)


def draw(experiment: Experiment, folder: Path, kinds: Sequence[Kind], ending: str) -> list[Path]:
    """Write the figures into the folder (made if need be); returns their paths."""
    from ccsim.report.figures import save

    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, figure in pictures(experiment, kinds):
        path = folder / f"{name}.{ending}"
        save(figure, path)
        written.append(path)
    return written


def slug(name: str) -> str:
    """A name as a part of a file's name: `e-mail`, `tier-2`."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "x"


def _sample(experiment: Experiment) -> Sample:
    words = f"{experiment.scenario.name} · {sample_words(experiment)}"
    return Sample(experiment.scenario.name, words)


def _places(cut: Cut) -> range:
    return range(len(cut.labels))


def _curve(cut: Cut) -> tuple[Estimate | None, ...]:
    """Estimates by group; None where nobody came."""
    cells = [cut.band.at(i) for i in _places(cut)]
    return tuple(None if cell.value is None else cell for cell in cells)

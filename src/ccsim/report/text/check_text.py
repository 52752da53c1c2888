"""`ccsim check` as text: the operation described back, in words and one table each."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ccsim.report.tables.text_table import Cell, Row, Table, paragraph, table_lines
from ccsim.report.words.names import printable
from ccsim.report.words.rounding import number

if TYPE_CHECKING:
    from ccsim.check import Check, TeamLoad
    from ccsim.check.costing import Costing
    from ccsim.scenario.schema import Scenario


def document(checks: Sequence[Check]) -> dict[str, Any]:
    """Network and load of the base, and every design in full, as plain data."""
    designs = {check.design: check.to_json() for check in checks}
    base = next(iter(designs.values()), None)
    return {
        "network": base["network"] if base else None,
        "load": base["load"] if base else None,
        "designs": designs,
    }


def check_lines(
    scenario: Scenario, checks: Sequence[Check], *, explain: bool, width: int
) -> list[str]:
    """Warnings of every design and, with `explain`, their description.

    The base is described in full, every other design by what differs from it.
    """
    count = len(checks)
    designs = "one design" if count == 1 else f"{count} designs"
    lines = [f"{scenario.name}: {designs}, no errors"]
    written = set()
    for check in checks:
        new = [text for text in check.warnings if text not in written]
        written.update(new)
        where = "" if check is checks[0] else f"in {check.design}: "
        lines += [line for text in new for line in paragraph(where + text, width, "  ! ")]
    if not explain:
        return [printable(line) for line in lines]
    first = sections(checks[0], width)
    lines += ["", *_heading(_design_title(checks[0].design, scenario.about), width)]
    for title, body in first.items():
        lines += ["", title, *body]
    for check in checks[1:]:
        lines += ["", *_heading(_design_title(check.design, ""), width)]
        for title, body in sections(check, width).items():
            if body != first.get(title):
                lines += ["", title, *_different(title, body, first.get(title, []))]
    return [printable(line) for line in lines]


def sections(check: Check, width: int) -> dict[str, list[str]]:
    """The parts of the explanation by title."""
    found = {
        "Who takes what": [
            line for taking in check.takings for line in paragraph(taking.sentence, width)
        ],
        "Who works when": [line for text in check.working for line in paragraph(text, width)],
        "Workload against staff (first estimate by formula, before any simulation)": [
            *table_lines(_load_table(check), width, marks=False),
            *_basis(check.load, width),
        ],
    }
    for load in check.load:
        table = _by_interval(check, load)
        if table.rows:
            found[f"{load.team} on its busiest day, {_busiest_day(check, load)}"] = table_lines(
                table, width, marks=False
            )
    found["What happens after each contact"] = [
        line
        for after in check.exits
        for line in _after(f"{after.queue}, {after.exit}", after.shares, width)
    ]
    if check.costing is not None:
        found["What it costs, as far as known before any simulation"] = _money_lines(
            check.costing, width
        )
    if check.first_attempts:
        found["First attempts in volumes that count what was offered"] = [
            f"  {queue}: {100 * share:.1f} %" for queue, share in check.first_attempts.items()
        ]
    if check.assumed:
        found["Uncertain inputs"] = [
            line for each in check.assumed for line in paragraph(each.sentence, width)
        ]
    found["Defaults that apply"] = [
        line
        for default in check.defaults
        for line in paragraph(_default_words(default.path, default.value, default.where), width)
    ]
    found["What the model leaves out"] = [
        line for text in check.left_out for line in paragraph(text, width)
    ]
    return found


def _different(title: str, body: list[str], base: list[str]) -> list[str]:
    """Tables as a whole; of lists only the entries that the base does not have."""
    if not title.startswith(("What happens", "Uncertain inputs", "Defaults", "What the model")):
        return body
    new = [entry for entry in _entries(body) if entry not in _entries(base)]
    return [line for entry in new for line in entry] or ["  fewer than in the base"]


def _entries(lines: Sequence[str]) -> list[tuple[str, ...]]:
    """Lines with the deeper lines that belong to them."""
    found: list[list[str]] = []
    for line in lines:
        if found and line.startswith("   "):
            found[-1].append(line)
        else:
            found.append([line])
    return [tuple(entry) for entry in found]


def _design_title(name: str, about: str) -> str:
    title = "The scenario itself (base)" if name == "base" else f"Design {name}, where it differs"
    return f"{title}. {about}" if about else title


def _heading(text: str, width: int) -> list[str]:
    lines = textwrap.wrap(text, width)
    return [*lines, "-" * min(width, max(map(len, lines)))]


def _load_table(check: Check) -> Table:
    """One column for each team: people, hours, the busiest interval, and who is required there."""
    data = check.to_json()["load"]["teams"]
    rows: list[tuple[str, list[str]]] = [
        ("Headcount", [number(team["people"], 0) for team in data]),
        ("Shrinkage", [_percent(t["shrinkage"]) for t in data]),
        ("Hours of work", [number(team["hours_offered"], 0) for team in data]),
        ("Hours on duty", [number(team["hours_on_duty"], 0) for team in data]),
        (
            "Work as a share of hours on duty",
            [_ratio(t["hours_offered"], t["hours_on_duty"]) for t in data],
        ),
        ("Busiest at", [_local(team["busiest"]["start"]) for team in data]),
        ("  work then, in agents", [number(team["busiest"]["offered"], 1) for team in data]),
        ("  people on duty then", [number(team["busiest"]["on_duty"], 1) for team in data]),
        ("  people required on duty", [number(team["busiest"]["needed"], 0) for team in data]),
        (
            "  required incl. shrinkage",
            [number(team["busiest"]["needed_gross"], 0) for team in data],
        ),
        ("Intervals with too few people", [number(team["intervals_short"], 0) for team in data]),
    ]
    return Table(
        tuple(team["team"] for team in data),
        tuple(Row(label, tuple(Cell(value) for value in values)) for label, values in rows),
    )


def _basis(loads: Sequence[TeamLoad], width: int) -> list[str]:
    return [
        line
        for load in loads
        for line in paragraph(f"required in {load.team}: {load.basis}", width, "  ")
    ]


def _money_lines(costing: Costing, width: int) -> list[str]:
    """A table of the teams' pay, then sentences: they add up to the sum in the last one."""
    teams = costing.teams
    kinds = [
        ("Paid hours", [number(team.paid_hours, 1) for team in teams]),
        (f"Pay per hour, {costing.currency}", [number(team.hourly, 2) for team in teams]),
        ("Pay", [number(team.pay, 0) for team in teams]),
    ] + [
        (label, [number(getattr(team, kind), 0) for team in teams])
        for label, kind in (
            ("Premiums", "premiums"),
            ("Planned overtime", "overtime"),
            ("Standby", "standby"),
            ("On top of pay", "on_top"),
        )
        if any(getattr(team, kind) for team in teams)
    ]
    rows = [*kinds, ("Total", [number(team.total, 0) for team in teams])]
    table = Table(
        tuple(team.team for team in teams),
        tuple(Row(label, tuple(map(Cell, values))) for label, values in rows),
    )
    lines = table_lines(table, width, marks=False) if teams else []
    sentences = [item.sentence for item in costing.items]
    if costing.total:
        sentences.append(costing.sum_words)
    return [*lines, *(line for text in sentences for line in paragraph(text, width))]


def _by_interval(check: Check, load: TeamLoad) -> Table:
    """The team's busiest day: work, people on duty, people required without and with shrinkage."""
    clock = check.clock
    day = int(clock.day_of(clock.interval_starts)[load.busiest])
    chosen = np.flatnonzero(
        (clock.day_of(clock.interval_starts) == day) & ((load.on_duty > 0) | (load.live > 0))
    ).tolist()
    rows = tuple(
        Row(
            f"{clock.local_time(int(clock.interval_starts[i])):%H:%M}",
            (
                Cell(number(float(load.offered[i]), 1)),
                Cell(number(float(load.on_duty[i]), 1)),
                Cell(number(float(load.needed[i]), 0)),
                Cell(number(float(load.needed_gross[i]), 0)),
                Cell("short" if load.on_duty[i] < load.needed[i] - 0.5 else ""),
            ),
        )
        for i in chosen
    )
    columns = ("work, agents", "on duty", "required", "required incl. shrinkage", "")
    return Table(columns, rows, "local time")


def _busiest_day(check: Check, load: TeamLoad) -> str:
    start = int(check.clock.interval_starts[load.busiest])
    return f"{check.clock.local_time(start):%a %d %b %Y}"


def _after(what: str, shares: Sequence[str], width: int) -> list[str]:
    lines = paragraph(f"{what}:", width)
    return lines + [line for share in shares for line in paragraph(share, width, "      ")]


def _default_words(path: str, value: str, where: Sequence[str]) -> str:
    names = f" ({', '.join(where)})" if where else ""
    return f"{path}: {value}{names}"


def _local(isoformat: str) -> str:
    import datetime as dt

    return f"{dt.datetime.fromisoformat(isoformat):%a %H:%M}"


def _percent(share: float) -> str:
    return f"{number(100 * share, 0)} %"


def _ratio(part: float, whole: float) -> str:
    return _percent(part / whole) if whole else "–"

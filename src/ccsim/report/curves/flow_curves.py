"""The flow of contacts for figures: counts by queue, grouped into a few places in layers.

Places are the ways of coming, the channels, stages and machines (all types together), and the ways
of ending. Later turns, resumed work and what a queue message changes belong to their line. A way
back to an earlier stage is drawn as an end and a coming, so that everything leads onwards.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ccsim.measures.flows import Line, Passage, line_of
from ccsim.report.curves.shown import FlowNode, FlowOfContacts
from ccsim.report.curves.wait_curves import sample_of
from ccsim.report.words.names import channel_name, design_label, joined, measured_days, stage_label
from ccsim.report.words.rounding import number
from ccsim.scenario.segments import with_segments
from ccsim.scenario.side_lines import CALLBACK, MACHINES, MESSAGE, TRY
from ccsim.statistics import mean, ratio

if TYPE_CHECKING:
    from ccsim.experiment.execution.result import Experiment
    from ccsim.experiment.results.design_result import DesignResult
    from ccsim.scenario.schema import Scenario

MOST_NODES = 15
MOST_ENDS = 4  # that are never put together for want of room
RARE = 0.005  # of all that come: ends below this share are shown together
COMES = {
    "first attempt": "first attempts",
    "redial": "redials",
    "repeat": "repeat contacts",
    "before": "opening backlog",
}
CALLED = "customers to call"
ENDS = {
    "resolved": "resolved",
    "contained": "resolved by machine",
    "inside": "still open at the end",
    "comes again": "unresolved, contact again",
    "unresolved": "unresolved, do not return",
    "redials": "gave up or busy, redial",
    "unreached": "not reached",
    "closed": "found it closed",
    "cut off": "cut off at closing time",
    "blocked": "busy signal, gave up",
    "gave up": "gave up waiting",
}
GOOD = (ENDS["resolved"], ENDS["contained"])
AGAIN = (ENDS["comes again"], ENDS["redials"])
OPEN, UNRESOLVED = ENDS["inside"], ENDS["unresolved"]
OTHER_ENDS, OTHER_LINES = "other ends", "other stages"
MACHINE = {"bot": "bot", "ivr": "voice menu"}

Place = tuple[str, str]  # what it is (`from`, `line`, `end`) and its name
Counts = NDArray[np.float64]  # (n,) by replication
Links = dict[tuple[Place, Place], Counts]


def flow_tables(experiment: Experiment) -> Iterator[FlowOfContacts]:
    """One table for each design; none where no contact came."""
    for result in experiment.results.values():
        links = _acyclic(_links(result))
        if links:
            yield _table(experiment, result, _folded(links))


def _links(result: DesignResult) -> Links:
    """Counts by replication from place to place; steps within one place are left out."""
    scenario = with_segments(result.scenario)
    found: Links = {}
    for passage, counts in result.table.flows.items():
        start, to = _places(scenario, passage)
        if start != to:
            found[start, to] = found.get((start, to), 0.0) + counts
    return found


def _places(scenario: Scenario, passage: Passage) -> tuple[Place, Place]:
    if not passage.start:
        line = line_of(scenario, passage.to)
        called = line.channel == "outbound" and passage.how == "first attempt"
        return ("from", CALLED if called else COMES[passage.how]), _place(scenario, line)
    start = _place(scenario, line_of(scenario, passage.start))
    if not passage.to:
        return start, ("end", ENDS[passage.how])
    return start, _place(scenario, line_of(scenario, passage.to))


def _place(scenario: Scenario, line: Line) -> Place:
    """The place of a line: its channel, its stage, or what stands beside them."""
    if line.kind in MACHINES:
        blocks = scenario.channels.values()
        several = sum(getattr(block, line.kind, None) is not None for block in blocks) > 1
        return "line", MACHINE[line.kind] + (
            f" ({channel_name(line.channel, scenario)})" if several else ""
        )
    if line.kind == "stage":
        return "line", stage_label(line.stage, scenario)
    if line.kind == MESSAGE:
        return "line", "voicemails"
    if line.kind in (CALLBACK, TRY) and line.channel != "outbound":
        return "line", "callbacks"
    return "line", channel_name(line.channel, scenario)


def _acyclic(links: Links) -> Links:
    """The same links, those that lead back to an earlier line as an end and a coming."""
    after: dict[Place, list[Place]] = defaultdict(list)
    for start, to in links:
        after[start].append(to)
    back: set[tuple[Place, Place]] = set()
    done: set[Place] = set()

    def visit(place: Place, path: tuple[Place, ...]) -> None:
        for to in sorted(after[place], key=lambda t: -float(links[place, t].sum())):
            if to in (*path, place):
                back.add((place, to))
            elif to not in done:
                visit(to, (*path, place))
        done.add(place)

    for place in sorted(after, key=lambda p: (p[0] != "from", p)):
        if place not in done:
            visit(place, ())
    found = {key: counts for key, counts in links.items() if key not in back}
    for start, to in sorted(back):
        counts, name = links[start, to], f"back to {to[1]}"
        for key in ((start, ("end", name)), (("from", f"back from {start[1]}"), to)):
            found[key] = found.get(key, 0.0) + counts
    return found


def _folded(links: Links) -> Links:
    """Rare ends together, and, where places are too many, the smallest ends and stages."""
    size = _through(links)
    everybody = sum(size[place] for place in size if place[0] == "from")
    ends = sorted((place for place in size if place[0] == "end"), key=lambda p: size[p])
    begins = {to for start, to in links if start[1] in (COMES["first attempt"], CALLED)}
    later = [place for place in size if place[0] == "line" and place not in begins]
    together = {place for place in ends if size[place] < RARE * everybody}
    for place in sorted([*ends[:-MOST_ENDS], *later], key=lambda p: size[p]):
        if len(set(_names(size, together).values())) <= MOST_NODES:
            break
        together.add(place)
    names = _names(size, together)
    found: Links = {}
    for (start, to), counts in links.items():
        key = names[start], names[to]
        if key[0] != key[1]:
            found[key] = found.get(key, 0.0) + counts
    return _acyclic(found)


def _names(places: Iterable[Place], together: set[Place]) -> dict[Place, Place]:
    """Each place's name; of those together that of their kind, if they are more than one."""
    names = {place: place for place in places}
    for kind, word in (("end", OTHER_ENDS), ("line", OTHER_LINES)):
        mine = [place for place in together if place[0] == kind]
        if len(mine) > 1:
            names |= dict.fromkeys(mine, (kind, word))
    return names


def _through(links: Links) -> dict[Place, float]:
    """How many contacts go through each place, on average over replications."""
    into, out = defaultdict[Place, float](float), defaultdict[Place, float](float)
    for (start, to), counts in links.items():
        out[start] += float(counts.mean())
        into[to] += float(counts.mean())
    return {place: max(into[place], out[place]) for place in sorted({*into, *out})}


def _table(experiment: Experiment, result: DesignResult, links: Links) -> FlowOfContacts:
    days = measured_days(result.scenario)
    period, factor = ("week", 7 / days) if days >= 7 else ("day", 1 / days)
    layers = _layers(links)
    order = {name: place for place, name in enumerate((*COMES.values(), CALLED, *ENDS.values()))}
    size = _through(links)
    places = sorted(layers, key=lambda p: (layers[p], order.get(p[1], len(order)), -size[p]))
    counts = {place: _counts(links, place) for place in places}
    everybody = sum(counts[place] for place in places if place[0] == "from")
    total = float(np.mean(everybody))
    nodes = tuple(
        FlowNode(p[1], layers[p], mean(counts[p] * factor, within=(0.0, np.inf)), size[p] / total)
        for p in places
    )
    number_of = {place: i for i, place in enumerate(places)}
    good = [counts[place] for place in places if place[0] == "end" and place[1] in GOOD]
    return FlowOfContacts(
        design_label(result.name, result.scenario),
        period,
        nodes,
        tuple(
            (number_of[start], number_of[to], float(each.mean()) * factor)
            for (start, to), each in sorted(links.items())
        ),
        ratio(sum(good), everybody, scale="logit") if good else None,
        sample_of(experiment),
    )


def _counts(links: Links, place: Place) -> Counts:
    """Contacts through a place by replication: what comes in, or for ways of coming goes out."""
    side = 0 if place[0] == "from" else 1
    found: Counts = np.sum([c for key, c in links.items() if key[side] == place], axis=0)
    return found


def _layers(links: Links) -> dict[Place, int]:
    """Ways of coming first, ways of ending last; each line behind all that lead to it."""
    before: dict[Place, list[Place]] = defaultdict(list)
    for start, to in links:
        before[to].append(start)
    layers: dict[Place, int] = {}

    def layer(place: Place) -> int:
        if place not in layers:
            layers[place] = 1 + max((layer(each) for each in before[place]), default=-1)
        return layers[place]

    lines = [place for key in links for place in key if place[0] != "end"]
    last = 1 + max(layer(place) for place in lines)
    ends = {to for _, to in links if to[0] == "end"}
    return {place: layers[place] for place in lines} | dict.fromkeys(ends, last)


def flow_finding(table: FlowOfContacts) -> str:
    """How a hundred contacts end: how many resolved, and the two most frequent other ends."""
    last = table.layers - 1
    ends = [node for node in table.nodes if node.layer == last]
    good = sum(node.share for node in ends if node.name in GOOD)
    shown = (node for node in ends if node.name not in (*GOOD, OTHER_ENDS))
    others = sorted(shown, key=lambda node: -node.share)[:2]
    said = [f"{_of_hundred(good)} end resolved"] if good else []
    said += [f"{_of_hundred(node.share)} {_verb(node.name)}" for node in others]
    return f"Of 100 contacts that come, {joined(said)}"


def _of_hundred(share: float) -> str:
    return "fewer than 1" if 0 < share < 0.005 else number(100 * share, 0)


def _verb(end: str) -> str:
    verbs = {
        ENDS["inside"]: "are still open at the end",
        ENDS["comes again"]: "are unresolved and contact again",
        ENDS["unresolved"]: "are unresolved and do not return",
        ENDS["redials"]: "give up or get a busy signal, and redial",
        ENDS["unreached"]: "are not reached",
        ENDS["closed"]: "find it closed",
        ENDS["cut off"]: "are cut off at closing time",
        ENDS["blocked"]: "get a busy signal and give up",
        ENDS["gave up"]: "give up waiting",
    }
    return verbs.get(end, f"go {end}")


__all__ = ["flow_finding", "flow_tables"]

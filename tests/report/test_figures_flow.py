"""The flow of contacts: what is put together, in which layers it stands, and what is drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle

from ccsim.experiment.execution.result import Run
from ccsim.experiment.execution.run import run
from ccsim.measures.flows import Passage
from ccsim.report.curves.flow_curves import MOST_NODES, flow_finding, flow_tables
from ccsim.report.curves.shown import FlowNode, FlowOfContacts, Sample
from ccsim.report.figures.flow_chart import KINDS, flow_figure
from ccsim.scenario.resolve import from_dict
from tests.report.estimates import around
from tests.report.test_figures import boxes, overlaps

SAMPLE = Sample("Desk", "Helpdesk · 7 days · 100 replications · same customers for every design")
SCENARIOS = Path(__file__).parents[2] / "scenarios"
VALID = Path(__file__).parents[1] / "scenario" / "valid"

# Places by layer with their names; links with contacts a week. 1000 come, 900 for the first time.
SMALL = (
    ((0, "first attempts"), (1, "phone"), (2, "resolved")),
    ((0, 1, 1000.0), (1, 2, 1000.0)),
)
USUAL = (
    (
        (0, "first attempts"), (0, "redials"), (1, "phone"), (1, "e-mail"), (2, "tier2"),
        (3, "resolved"), (3, "unresolved, contact again"), (3, "gave up waiting"),
        (3, "unresolved, do not return"),
    ),
    (
        (0, 2, 600.0), (0, 3, 300.0), (1, 2, 100.0), (2, 4, 100.0), (3, 4, 50.0), (2, 5, 500.0),
        (3, 5, 250.0), (4, 5, 146.0), (2, 7, 100.0), (4, 6, 3.0), (4, 8, 1.0),
    ),
)  # fmt: skip
ENDS = (
    (
        (0, "first attempts"), (0, "redials"), (0, "repeat contacts"), (1, "phone"),
        (2, "resolved"), (2, "still open at the end"), (2, "unresolved, contact again"),
        (2, "unresolved, do not return"), (2, "gave up or busy, redial"), (2, "gave up waiting"),
    ),
    (
        (0, 3, 3680.0), (1, 3, 117.0), (2, 3, 260.0), (3, 4, 3200.0), (3, 5, 1.0), (3, 6, 278.0),
        (3, 7, 281.0), (3, 8, 117.0), (3, 9, 180.0),
    ),
)  # fmt: skip
LONG = Sample("Sun", f"Follow the sun, one site round the clock, or split? · {SAMPLE.words}")
LARGE = (
    (
        (0, "first attempts"), (0, "redials"), (0, "opening backlog"), (1, "voice menu"),
        (2, "phone"), (2, "messaging"), (3, "specialists_of_the_second_line"), (4, "developers"),
        (5, "suppliers"), (6, "resolved"), (6, "resolved by machine"),
        (6, "still open at the end"), (6, "unresolved, contact again"),
        (6, "gave up or busy, redial"), (6, "gave up waiting"),
    ),
    (
        (0, 3, 70_000.0), (0, 5, 19_000.0), (1, 3, 10_000.0), (2, 5, 1000.0), (3, 4, 60_000.0),
        (3, 10, 20_000.0), (4, 6, 9000.0), (5, 6, 1000.0), (6, 7, 5000.0), (7, 8, 2500.0),
        (4, 9, 40_000.0), (5, 9, 15_000.0), (6, 9, 5000.0), (7, 9, 2500.0), (8, 9, 2500.0),
        (4, 12, 1000.0), (4, 13, 8000.0), (4, 14, 2000.0), (5, 11, 4000.0),
    ),
)  # fmt: skip


def table(made: tuple[Any, Any], **changes: Any) -> FlowOfContacts:
    places, links = made
    into: Counter[int] = Counter()
    for start, to, count in links:
        into[to] += count
        into[start] += 0 if places[start][0] else count
    total = sum(count for start, _, count in links if places[start][0] == 0)
    nodes = tuple(
        FlowNode(name, layer, around(into[i], 0.02 * into[i] + 0.1), into[i] / total)
        for i, (layer, name) in enumerate(places)
    )
    return replace(FlowOfContacts("base", "week", nodes, links, None, SAMPLE), **changes)


FIGURES: dict[str, Callable[[], Figure]] = {
    "three places": lambda: flow_figure(table(SMALL)),
    "nine places": lambda: flow_figure(table(USUAL)),
    "six ends below a title and a question of several lines": lambda: flow_figure(
        table(ENDS, design="follow_the_sun", sample=LONG)
    ),
    "fifteen places in seven layers": lambda: flow_figure(table(LARGE, design="a_design")),
}


@pytest.mark.parametrize("name", FIGURES)
def test_no_text_overlaps_or_leaves_the_figure(name: str) -> None:
    figure = FIGURES[name]()
    found = boxes(figure)
    assert overlaps(found) == []
    width, height = figure.bbox.width, figure.bbox.height
    outside = [t for t, b in found if b.x0 < 0 or b.y0 < 0 or b.x1 > width or b.y1 > height]
    assert outside == []


def parts(figure: Figure) -> tuple[list[Rectangle], list[PathPatch]]:
    (axes,) = figure.axes
    rectangles = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    return rectangles, [patch for patch in axes.patches if isinstance(patch, PathPatch)]


@pytest.mark.parametrize("made", [SMALL, USUAL, LARGE], ids=["three", "nine", "fifteen"])
def test_places_do_not_overlap_and_their_words_are_in_their_boxes(made: tuple[Any, Any]) -> None:
    figure = flow_figure(table(made))
    rectangles, _ = parts(figure)
    assert len(rectangles) == len(made[0])
    spans = sorted((r.get_x(), r.get_y(), r.get_x() + r.get_width(), r.get_y() + r.get_height())
                   for r in rectangles)  # fmt: skip
    for i, one in enumerate(spans):
        for other in spans[i + 1 :]:
            apart = other[0] >= one[2] or other[1] >= one[3] - 1e-9 or one[1] >= other[3] - 1e-9
            assert apart, (one, other)
    for text, box in boxes(figure):
        for rectangle in rectangles:
            frame = rectangle.get_window_extent()
            if box.overlaps(frame):  # in a box, or not at all
                inside = frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 - 1 <= box.y0
                assert inside and box.y1 <= frame.y1 + 1, text


def test_ribbons_are_as_wide_as_their_contacts_and_fill_their_places() -> None:
    _, ribbons = parts(flow_figure(table(USUAL)))
    # one for each link, and one more for each end that others reach along a lane beside tier2
    lanes = {to for start, to, _ in USUAL[1] if start in (2, 3)} - {4}
    assert len(ribbons) == len(USUAL[1]) + len(lanes)
    heights = []
    for ribbon in ribbons:
        corners = np.asarray(ribbon.get_path().vertices, dtype=float)
        heights.append(abs(float(corners[-2, 1] - corners[0, 1])))
    # resolved at once (phone and e-mail in one lane) against unresolved for good
    assert max(heights) / min(heights) == pytest.approx(750 / 1, rel=1e-3)


def test_what_ribbons_lead_to_is_told_by_more_than_one_colour() -> None:
    texts = [text for text, _ in boxes(flow_figure(table(USUAL)))]
    for kind in ("in progress", "resolved", "contacts again", "not answered"):
        assert kind in texts
    assert "still open" not in texts  # nothing is
    assert len(set(KINDS.values())) == len(KINDS)


def test_the_finding() -> None:
    assert flow_finding(table(USUAL)) == (
        "Of 100 contacts that come, 90 end resolved, 10 give up waiting and fewer than 1 are "
        "unresolved and contact again"
    )
    assert flow_finding(table(SMALL)) == "Of 100 contacts that come, 100 end resolved"


# --- from counts by line --------------------------------------------------------------------------

DESK: dict[str, Any] = {
    "ccsim": 1,
    "name": "Desk",
    "calendar": {"start": "2027-03-01", "days": 14},
    "contacts": {
        "orders": {
            "arrivals": {"per_day": 100, "by_channel": {"phone": "50 %", "email": "rest"}},
            "phone": {"handle": "3 min"},
            "email": {"handle": "4 min"},
            "escalates": [
                {"to": "tier2", "share": "30 %"},
                {"to": "tier3", "share": "30 %", "from": "tier2"},
            ],
            "tier2": {"handle": "5 min"},
            "tier3": {"handle": "5 min"},
        }
    },
    "channels": {
        "phone": {"answer_within": "20 s", "patience": {"mean": "2 min"}},
        "email": {"answer_within": "4 h"},
    },
    "teams": {"desk": {"roster": {"day": 4}}},
    "routing": {"*": ["desk"]},
    "shifts": {"day": {"days": "daily", "from": "00:00", "to": "12:00"}},
}
PHONE, MAIL, TIER2, TIER3 = (
    f"orders.{n}" for n in ("phone", "email", "phone@tier2", "phone@tier3")
)


def counted(flows: dict[tuple[str, str, str], tuple[float, float]]) -> FlowOfContacts:
    """The table of two replications of the desk with these counts by line."""
    design = from_dict(DESK)
    counts = {Passage(*key): np.array(value) for key, value in flows.items()}
    result = SimpleNamespace(
        name="base", scenario=design.scenario, table=SimpleNamespace(flows=counts, replications=2)
    )
    experiment = SimpleNamespace(
        scenario=design.scenario, results={"base": result}, replications=2, partial=False,
        from_store=0, seconds=0.0,
    )  # fmt: skip
    (found,) = flow_tables(experiment)  # type: ignore[arg-type]
    return found


def named(found: FlowOfContacts) -> dict[tuple[str, str], float]:
    return {
        (found.nodes[start].name, found.nodes[to].name): count for start, to, count in found.links
    }


def test_counts_become_contacts_a_week_with_intervals() -> None:
    found = counted({
        ("", "first attempt", PHONE): (200, 240), ("", "redial", PHONE): (20, 20),
        (PHONE, "resolved", ""): (180, 200), (PHONE, "redials", ""): (20, 20),
        (PHONE, "gave up", ""): (20, 40),
    })  # fmt: skip
    assert found.period == "week"  # 14 days: halves
    assert named(found) == {
        ("first attempts", "phone"): 110, ("redials", "phone"): 10, ("phone", "resolved"): 95,
        ("phone", "gave up or busy, redial"): 10, ("phone", "gave up waiting"): 15,
    }  # fmt: skip
    phone = next(node for node in found.nodes if node.name == "phone")
    assert phone.count.value == 120 and phone.share == 1.0
    # Student's t at one degree of freedom (12.706) x s / sqrt 2, of 110 and 130 a week
    assert phone.count.high == pytest.approx(120 + 12.706 * 10, rel=1e-3)
    assert [node.layer for node in found.nodes] == [0, 0, 1, 2, 2, 2]
    assert found.resolved is not None and found.resolved.value == pytest.approx(380 / 480)


def test_stages_stand_behind_what_leads_to_them_and_ways_back_are_ends() -> None:
    """One type cannot be passed on in a circle; two types with the same stages can."""
    found = counted({
        ("", "first attempt", PHONE): (100, 100), (PHONE, "passes", TIER2): (40, 40),
        (PHONE, "resolved", ""): (60, 60), (TIER2, "passes", TIER3): (20, 20),
        (TIER2, "resolved", ""): (28, 28), (TIER3, "passes", TIER2): (8, 8),
        (TIER3, "resolved", ""): (12, 12),
    })  # fmt: skip
    layers = {node.name: node.layer for node in found.nodes}
    assert [layers[name] for name in ("first attempts", "phone", "tier2", "tier3", "resolved")] == [
        0, 1, 2, 3, 4,
    ]  # fmt: skip
    assert layers["back from tier3"] == 0 and layers["back to tier2"] == 4
    links = named(found)
    assert links["tier3", "back to tier2"] == links["back from tier3", "tier2"] == 4
    assert all(found.nodes[a].layer < found.nodes[b].layer for a, b, _ in found.links)


def test_rare_ends_are_put_together() -> None:
    found = counted({
        ("", "first attempt", PHONE): (1000, 1000), (PHONE, "resolved", ""): (993, 993),
        (PHONE, "blocked", ""): (4, 4), (PHONE, "cut off", ""): (3, 3),
    })  # fmt: skip
    assert named(found)["phone", "other ends"] == 3.5
    alone = counted({
        ("", "first attempt", PHONE): (1000, 1000), (PHONE, "resolved", ""): (996, 996),
        (PHONE, "blocked", ""): (4, 4),
    })  # fmt: skip
    assert ("phone", "busy signal, gave up") in named(alone)


def test_nobody_came() -> None:
    with pytest.raises(ValueError, match="not enough values"):
        counted({})


@pytest.mark.parametrize(
    "path",
    [SCENARIOS / "bot-or-two-hires.yaml", VALID / "waiting.yaml", VALID / "conversations.yaml"],
    ids=lambda path: path.stem,
)
def test_every_place_takes_in_what_goes_out(path: Path) -> None:
    found: Run = run(path, replications=2, workers=1)
    (made,) = flow_tables(found)
    assert 3 <= len(made.nodes) <= MOST_NODES
    into, out = np.zeros(len(made.nodes)), np.zeros(len(made.nodes))
    for start, to, count in made.links:
        assert made.nodes[start].layer < made.nodes[to].layer
        out[start] += count
        into[to] += count
    last = made.layers - 1
    inner = [i for i, node in enumerate(made.nodes) if 0 < node.layer < last]
    np.testing.assert_allclose(into[inner], out[inner])
    figure = flow_figure(made)
    assert overlaps(boxes(figure)) == []

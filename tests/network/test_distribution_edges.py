"""Every family at its edges, wherever a distribution may stand: it is played by both engines, or
refused with its place and the reason."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ccsim.engine.bounds import LONGEST_WORK, longest_work
from ccsim.errors import ScenarioProblems
from ccsim.experiment.replications.replicate import Engine, ReplicationPlan, Replicator
from ccsim.network import quantiles
from ccsim.network.compile import compile_network
from ccsim.network.spreads import Spreads
from ccsim.scenario.resolve import Design, all_from_dict

MEANS = ("0 s", "1 us", "1 s", "7 d", "100 weeks", "5000 weeks")
SPREADS = ("0 %", "0.0000000001 %", "0.01 %", "0.2 %", "80 %", "1000 %")
SHAPES = (0.1, 0.5, 1, 1000, 1.5)
SAMPLES = {
    "zeros": "seconds\n0\n0\n",
    "one": "seconds\n5\n",
    "one-zero": "seconds\n0\n",
    "tiny": "seconds\n1e-9\n2e-9\n",
    "huge": "seconds\n1\n999999999\n",
    "equal": "seconds\n60\n60\n60\n",
    "none-ended": "seconds,observed\n5,no\n6,no\n",
    "only-zero-ended": "seconds,observed\n0,yes\n6,no\n",
    "longest-cut": "seconds,observed\n5,yes\n900,no\n",
    "hardly-any-ended": "seconds,observed\n1,yes\n" + "99999,no\n" * 500,
}


def edges() -> Iterator[dict[str, Any]]:
    """The families with every value at which something may go wrong."""
    for mean in MEANS:
        yield {"mean": mean}
        yield {"family": "constant", "mean": mean}
        for cv in SPREADS:
            yield from ({"family": f, "mean": mean, "cv": cv} for f in ("lognormal", "gamma"))
            yield {"family": "weibull", "mean": mean, "cv": cv}
        for shape in SHAPES:
            yield {"family": "weibull", "mean": mean, "shape": shape}
            yield {"family": "gamma", "mean": mean, "shape": shape}
        for shape in (1, 2, 1000):
            yield {"family": "erlang", "mean": mean, "shape": shape}
        for low in MEANS:
            yield {"between": [low, mean]}
            yield {"between": [low, low], "mean": mean}
            yield {"parts": [["30 %", low], ["70 %", mean]]}
            yield {"parts": [["0 %", low], ["100 %", mean]]}
            yield {"parts": [["50 %", low], ["50 %", low]], "mean": mean}
        for name in SAMPLES:
            yield {"file": f"{name}.csv", "mean": mean}
    for name in SAMPLES:
        yield {"file": f"{name}.csv"}
    yield {"parts": [["100 %", "0 s"]]}


PLACES = (
    "contacts.orders.phone.handle",
    "contacts.orders.phone.patience",
    "contacts.orders.again.delay",
    "contacts.orders.reopened.delay",
    "contacts.orders.escalates.0.handover",
    "contacts.orders.email.turns.pause",
    "contacts.orders.email.waits_for.delay",
    "contacts.orders.email.backlog.age",
    "channels.phone.redial.delay",
    "channels.phone.callback.again_after",
    "channels.phone.ivr.takes",
    "distributions.odd",
)


def scenario() -> dict[str, Any]:
    """A day that has every place at which a distribution may stand."""
    handle = {"mean": "4 min", "wrap_up": "20 s"}
    return {
        "ccsim": 1,
        "name": "Edges",
        "calendar": {"start": "2027-03-01", "days": 1},
        "distributions": {"odd": {"mean": "1 min"}},
        "contacts": {
            "orders": {
                "arrivals": {"per_day": 60, "by_channel": {"phone": "70 %", "email": "rest"}},
                "phone": {"handle": handle, "patience": "1 min"},
                "email": {
                    "handle": handle,
                    "turns": {"mean": 2, "pause": "5 min"},
                    "waits_for": {"share": "20 %", "delay": "5 min"},
                    "backlog": {"contacts": 3, "age": "5 min"},
                },
                "stages": {"expert": {"handle": {"mean": "5 min", "wrap_up_as": "odd"}}},
                "escalates": [
                    {
                        "to": "expert",
                        "share": "20 %",
                        "how": "warm transfer",
                        "handover": "1 min",
                        "channels": ["phone"],
                    }
                ],
                "resolved": "70 %",
                "again": {"share": "50 %", "delay": "5 min"},
                "reopened": {"share": "10 %", "delay": "5 min"},
            }
        },
        "channels": {
            "phone": {
                "answer_within": "20 s",
                "target": "80 %",
                "patience": "2 min",
                "redial": {"share": "30 %", "delay": "2 min"},
                "callback": {
                    "offered_after": "30 s",
                    "accepted": "50 %",
                    "promise": "1 h",
                    "answered": "60 %",
                    "tries": 2,
                    "again_after": "5 min",
                },
                "ivr": {"contains": "10 %", "takes": "30 s"},
            },
            "email": {"answer_within": "4 h"},
        },
        "teams": {"desk": {"staffing": [0, 2, 2, 0]}, "experts": {"staffing": [1]}},
        "routing": {"orders": ["desk"], "orders@expert": ["experts"]},
    }


def with_edge(place: str, edge: dict[str, Any]) -> dict[str, Any]:
    data = scenario()
    *path, last = place.split(".")
    at: Any = data
    for step in path:
        at = at[int(step)] if isinstance(at, list) else at[step]
    at[last] = {**edge, "wrap_up": "20 s"} if last == "handle" else edge
    return data


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("edges")
    for name, text in SAMPLES.items():
        (made / f"{name}.csv").write_text(text, encoding="utf-8")
    return made


def loaded(data: dict[str, Any], folder: Path, place: str) -> Design | None:
    """The design, or None where it is refused, which it must be at the place."""
    try:
        return all_from_dict(data, folder)["base"]
    except ScenarioProblems as refused:
        assert all(each.path.startswith((place, "contacts")) for each in refused.problems)
        assert all(each.message for each in refused.problems)
        return None


def played(design: Design, engine: Engine) -> None:
    network = compile_network(design)
    Replicator(ReplicationPlan((design,), 1, engine)).records(design, network, 0)


@pytest.mark.parametrize("place", PLACES)
def test_an_edge_is_compiled_or_refused(place: str, folder: Path) -> None:
    """All edges of handle times; of the other places, which share their tables, a part each."""
    accepted = refused = 0
    at = PLACES.index(place)
    for edge in list(edges())[:: 1 if at == 0 else 12]:
        design = loaded(with_edge(place, edge), folder, place)
        if design is None:
            refused += 1
            continue
        assert longest_work(compile_network(design)) < LONGEST_WORK
        accepted += 1
    assert accepted > 10 and refused > 0


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("engine", ["simpy", "compiled"])
def test_an_edge_is_played(place: str, engine: Engine, folder: Path) -> None:
    for edge in list(edges())[PLACES.index(place) :: 40]:
        design = loaded(with_edge(place, edge), folder, place)
        if design is not None:
            played(design, engine)


def test_parts_of_no_time_are_an_atom_at_zero() -> None:
    table = quantiles.hyperexponential([(0.3, 0.0), (0.7, 300.0)])
    assert table.value(0.2999) == 0.0 < table.value(0.31)
    assert table.mean() == pytest.approx(210.0, rel=1e-12)  # 0.7 x 300
    # Second moment 0.7 x 2 x 300^2 = 126 000; less 210^2.
    assert table.cv() == pytest.approx(np.sqrt(126_000 - 210**2) / 210, rel=0.01)


def test_work_of_no_time_takes_no_time(folder: Path) -> None:
    for edge in ({"file": "zeros.csv"}, {"between": ["0 s", "0 s"]}, {"parts": [["100 %", "0 s"]]}):
        design = all_from_dict(with_edge(PLACES[0], edge), folder)["base"]
        phone = design.scenario.contacts["orders"].phone
        assert phone is not None and Spreads(design).mean(phone.handle) == 0


def test_a_tail_of_years_is_refused_with_its_length(folder: Path) -> None:
    data = with_edge(PLACES[0], {"family": "lognormal", "mean": "1 h", "cv": "1000 %"})
    with pytest.raises(ScenarioProblems) as raised:
        all_from_dict(data)
    (problem,) = raised.value.problems
    assert problem.path == PLACES[0] and "7.4 years" in problem.message

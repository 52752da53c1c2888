"""ccsim: a contact-center simulator that support leaders decide by.

The public API is this page::

    import ccsim

    designs = ccsim.load("desk.yaml")          # {"base": Design, "pooled": Design, ...}
    ccsim.check_designs("desk.yaml")["base"]   # Check: load against staff, defaults, warnings
    run = ccsim.run("desk.yaml", replications=50)
    run["phone.service_level"]                 # Estimate(value, low, high, level, method, n)
    run.cut("phone.service_level", "time")     # by time of day; also interval, day, weekday

    how = ccsim.Options(seed=7, workers=4, store="results/store")   # shared by all of these
    ccsim.run("desk.yaml", options=how)
    ccsim.run("desk.yaml", precision=["phone.service_level: 0.5 points"], at_most=1000)

    comparison = ccsim.compare("desk.yaml", against="base")
    comparison["pooled"]["cost.total"]
    comparison.difference("pooled", "phone.service_level").estimate
    comparison.verdict("pooled", "cost.total").word     # better, worse, not distinguishable
    ccsim.what_would_turn(comparison).first             # which assumption, how far, and what then

    ccsim.best("desk.yaml", within=20_000.0).name       # the cheapest that meets all targets

    for row in ccsim.sweep("desk.yaml", ["teams.desk.people=40..50"]).rows():
        print(row["settings"], row["measure"], row["value"], row["low"], row["high"])

    ccsim.plot(comparison, "pictures", kinds=["waits", "flow"])

    ccsim.test(["scenarios/"], at_most=400).passed      # the `expect` sections as a gate

    found = ccsim.uncertain("desk.yaml", draws=100, replications=200)   # what nobody knows, drawn
    found.split("base", "phone.service_level").range()  # where it is expected in 90 % of the draws

Measures are named `scope.measure` as `ccsim measures` lists them. Shares are fractions, times are
seconds unless the unit says hours, money is in the scenario's currency for the measured days.
Everything is imported when it is first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ccsim.errors import ScenarioError, ScenarioProblems, TooLarge
    from ccsim.experiment.execution.options import Options
    from ccsim.experiment.execution.result import Comparison, Run
    from ccsim.experiment.execution.reversal import Turning
    from ccsim.experiment.execution.run import check_designs, compare, load, run
    from ccsim.experiment.results.design_result import DesignResult
    from ccsim.experiment.studies.best import Best, best
    from ccsim.experiment.studies.gate import Gate, test
    from ccsim.experiment.studies.loading import load_run
    from ccsim.experiment.studies.reversal_search import what_would_turn
    from ccsim.experiment.studies.sweep import Sweep, sweep
    from ccsim.experiment.studies.uncertain import Uncertain, uncertain
    from ccsim.report.pictures import plot
    from ccsim.scenario.resolve import Design
    from ccsim.statistics import Difference, Estimate, Verdict

    __version__: str

_PLACES = {
    "load": "ccsim.experiment.execution.run",
    "check_designs": "ccsim.experiment.execution.run",
    "run": "ccsim.experiment.execution.run",
    "compare": "ccsim.experiment.execution.run",
    "best": "ccsim.experiment.studies.best",
    "Best": "ccsim.experiment.studies.best",
    "sweep": "ccsim.experiment.studies.sweep",
    "Sweep": "ccsim.experiment.studies.sweep",
    "uncertain": "ccsim.experiment.studies.uncertain",
    "Uncertain": "ccsim.experiment.studies.uncertain",
    "Turning": "ccsim.experiment.execution.reversal",
    "what_would_turn": "ccsim.experiment.studies.reversal_search",
    "test": "ccsim.experiment.studies.gate",
    "Gate": "ccsim.experiment.studies.gate",
    "plot": "ccsim.report.pictures",
    "load_run": "ccsim.experiment.studies.loading",
    "Options": "ccsim.experiment.execution.options",
    "Run": "ccsim.experiment.execution.result",
    "Comparison": "ccsim.experiment.execution.result",
    "DesignResult": "ccsim.experiment.results.design_result",
    "Design": "ccsim.scenario.resolve",
    "Estimate": "ccsim.statistics",
    "Difference": "ccsim.statistics",
    "Verdict": "ccsim.statistics",
    "ScenarioError": "ccsim.errors",
    "ScenarioProblems": "ccsim.errors",
    "TooLarge": "ccsim.errors",
}

__all__ = [
    "Best",
    "Comparison",
    "Design",
    "DesignResult",
    "Difference",
    "Estimate",
    "Gate",
    "Options",
    "Run",
    "ScenarioError",
    "ScenarioProblems",
    "Sweep",
    "TooLarge",
    "Turning",
    "Uncertain",
    "Verdict",
    "__version__",
    "best",
    "check_designs",
    "compare",
    "load",
    "load_run",
    "plot",
    "run",
    "sweep",
    "test",
    "uncertain",
    "what_would_turn",
]


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("ccsim")
    except PackageNotFoundError:  # run from a source tree that is not installed
        return "0"


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return _version()
    place = _PLACES.get(name)
    if place is None:
        raise AttributeError(f"module 'ccsim' has no attribute '{name}'")
    found = getattr(importlib.import_module(place), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)

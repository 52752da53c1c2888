"""Replications -> results: one design run, or several compared under the same customers."""

from ccsim.experiment.cuts import Cut
from ccsim.experiment.expectations import Judgement
from ccsim.experiment.result import Comparison, DesignResult, Experiment, Run
from ccsim.experiment.run import compare, load, run
from ccsim.experiment.store import ResultsError, load_run

__all__ = [
    "Comparison",
    "Cut",
    "DesignResult",
    "Experiment",
    "Judgement",
    "ResultsError",
    "Run",
    "compare",
    "load",
    "load_run",
    "run",
]

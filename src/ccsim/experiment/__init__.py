"""Replications -> results: one design run, or several compared under the same customers."""

from ccsim.experiment.cuts import Cut
from ccsim.experiment.design_result import DesignResult
from ccsim.experiment.disk import ResultsError
from ccsim.experiment.expectations import Judgement
from ccsim.experiment.loading import load_run
from ccsim.experiment.result import Comparison, Experiment, Run
from ccsim.experiment.run import compare, load, run

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

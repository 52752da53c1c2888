"""Replications -> results: one design run, or several compared under the same customers."""

from ccsim.experiment.execution.result import Comparison, Experiment, Run
from ccsim.experiment.execution.run import compare, load, run
from ccsim.experiment.results.cuts import Cut
from ccsim.experiment.results.design_result import DesignResult
from ccsim.experiment.results.expectations import Judgement
from ccsim.experiment.storage.disk import ResultsError
from ccsim.experiment.studies.loading import load_run

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

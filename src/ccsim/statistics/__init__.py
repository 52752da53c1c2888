"""KPIs of many replications -> intervals, paired differences and verdicts. Pure NumPy."""

from ccsim.statistics.differences import (
    Difference,
    difference_of_means,
    difference_of_quantiles,
    difference_of_ratios,
)
from ccsim.statistics.estimate import LEVEL, Band, Estimate, simultaneous
from ccsim.statistics.values import (
    chance,
    mean,
    order_statistic,
    quantile,
    ratio,
    ratios,
    ratios_of_sums,
)
from ccsim.statistics.verdict import Verdict, replications_for, target_status, verdict

__all__ = [
    "LEVEL",
    "Band",
    "Difference",
    "Estimate",
    "Verdict",
    "chance",
    "difference_of_means",
    "difference_of_quantiles",
    "difference_of_ratios",
    "mean",
    "order_statistic",
    "quantile",
    "ratio",
    "ratios",
    "ratios_of_sums",
    "replications_for",
    "simultaneous",
    "target_status",
    "verdict",
]

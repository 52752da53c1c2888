"""What stands in a figure of matplotlib: bars and points as numbers."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from numpy.typing import NDArray


def bars(axes: Axes) -> list[Rectangle]:
    """Returns the bars of a plot, in the order in which they were drawn."""
    return [patch for patch in axes.patches if isinstance(patch, Rectangle)]


def xs(line: Line2D) -> NDArray[np.float64]:
    """Returns where the points of a line stand along the axis below."""
    return np.asarray(line.get_xdata(), np.float64)


def ys(line: Line2D) -> NDArray[np.float64]:
    """Returns how high the points of a line stand; NaN where there is none."""
    return np.asarray(line.get_ydata(), np.float64)

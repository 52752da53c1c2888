"""What customers do: arrivals made before an engine starts, from named streams."""

from ccsim.workload.arrivals import Demand, make_workload
from ccsim.workload.model import Workload

__all__ = ["Demand", "Workload", "make_workload"]

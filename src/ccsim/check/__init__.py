"""A design explained before anything is simulated: who takes what, load against staff, warnings."""

from ccsim.check.check import Check, check
from ccsim.check.load import TeamLoad

__all__ = ["Check", "TeamLoad", "check"]

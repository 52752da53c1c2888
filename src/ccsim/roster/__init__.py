"""When agents work: spans on duty for the engine, a schedule for the payroll."""

from ccsim.roster.builder import RosterBuilder, make_roster
from ccsim.roster.model import Activity, Roster

__all__ = ["Activity", "Roster", "RosterBuilder", "make_roster"]

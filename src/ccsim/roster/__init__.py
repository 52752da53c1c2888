"""When agents work: spans on duty for the engine, a schedule for the payroll."""

from ccsim.roster.model import Activity, Roster
from ccsim.roster.rosters import Rota, make_roster

__all__ = ["Activity", "Roster", "Rota", "make_roster"]

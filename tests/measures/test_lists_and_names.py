"""What is left of a list of customers to call, and names that are scopes of measures."""

from __future__ import annotations

from pathlib import Path

import pytest

import ccsim
from ccsim.errors import ScenarioProblems

LIST = """
ccsim: 1
name: List
calendar: {start: 2027-03-01, days: 7}
contacts:
  w: {outbound: {list: 3000, reached: 100 %, handle: {family: constant, mean: 4 min}}}
channels: {phone: {answer_within: 20 s, target: 80 %, patience: endless}}
opens: {outbound: {mon-fri: "10:00-19:00"}}
teams: {a: {staffing: [1], hands: {outbound: in gaps}}}
routing: {w: [a]}
"""


def test_customers_who_were_never_called_are_on_the_list_at_the_end(tmp_path: Path) -> None:
    # One person calls for 5 days x 9 h x 15 calls an hour = 675, and ends the call of each evening.
    # The calendar ends 6 days and 14 hours after the calling hours of Monday began.
    (tmp_path / "s.yaml").write_text(LIST)
    found = ccsim.run(tmp_path / "s.yaml", replications=1, workers=1).result
    value = {key: found[f"w.outbound.{key}"].value or 0.0 for key in (
        "attempts", "contacts", "answered", "backlog_end", "oldest_end",
    )}  # fmt: skip
    called = value["contacts"]
    assert 675 <= called <= 680
    assert value["attempts"] == 3000
    assert value["answered"] == pytest.approx(called / 3000)
    assert value["backlog_end"] == 3000 - called
    assert value["oldest_end"] == (6 * 24 + 14) * 3600


@pytest.mark.parametrize("name", ["all", "cost", "revenue", "tier1"])
@pytest.mark.parametrize("what", ["contacts", "teams", "segments", "roles"])
def test_a_name_that_measures_have_as_a_scope_is_refused(
    tmp_path: Path, what: str, name: str
) -> None:
    types, teams = ("w", "a") if what not in ("contacts", "teams") else (
        (name, "a") if what == "contacts" else ("w", name)
    )  # fmt: skip
    more = {
        "segments": f"segments: {{{name}: {{share: 10 %}}}}\n",
        "roles": f"roles: {{{name}: {{count: 1, pay: {{wage: 20 / h}}}}}}\n",
    }.get(what, "")
    (tmp_path / "s.yaml").write_text(
        f"""
ccsim: 1
name: Names
calendar: {{start: 2027-03-01, days: 1}}
contacts: {{{types}: {{arrivals: {{per_day: 10}}, phone: {{handle: 4 min}}}}}}
channels: {{phone: {{patience: endless}}}}
teams: {{{teams}: {{staffing: [1]}}}}
routing: {{{types}: [{teams}]}}
{more}"""
    )
    with pytest.raises(ScenarioProblems, match="is a word of the language"):
        ccsim.load(tmp_path / "s.yaml")

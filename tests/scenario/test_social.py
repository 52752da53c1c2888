"""Social media, played: three mentions through three stages, against the minutes by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccsim.experiment.execution.result import Run
from ccsim.experiment.execution.run import run
from ccsim.experiment.replications.replicate import Engine

FILE = Path(__file__).parent / "valid" / "social.yaml"

# Minutes after 08:00, desk - press office - directors; one person each, 10, 20 and 5 minutes:
#   first    0 - 10,  10 - 30,  30 - 35
#   second  10 - 20 (came at 5),  30 - 50 (waits for the first),  50 - 55
#   third  420 - 430, 430 - 450, 450 - 455
EXPECTED = {
    "social.attempts": 3,
    "social.speed_of_answer": 5 * 60 / 3,
    "social.service_level": 2 / 3,  # the second waits five minutes, four are promised
    "mentions.social@press.wait": 10 * 60 / 3,
    "mentions.social@board.wait": 0,
    "social.resolution_time": (35 + 50 + 35) * 60 / 3,
    "social.agent_time_per_contact": 35 * 60,
    "social.escalations": 6,
    "social.escalated": 1,
    "desk.contacts_handled": 3,
    "directors.contacts_handled": 3,
    "social.backlog_end": 0,
}


@pytest.fixture(scope="module", params=["compiled", "simpy"])
def played(request: pytest.FixtureRequest) -> Run:
    engine: Engine = request.param
    return run(FILE, engine=engine, workers=1)


@pytest.mark.parametrize("key", EXPECTED)
def test_the_minutes_are_those_by_hand(played: Run, key: str) -> None:
    assert played[key].value == pytest.approx(EXPECTED[key])

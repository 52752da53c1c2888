"""Steps of a route, and the time in which people on call are reached.

People on call start when they have been reached: a contact must have waited the `reaction` from the
instant at which their step would open. That is a step of its own with so much `after`. It stands
before the other steps: a step opens at once when nobody of the step before it is on duty, and
nobody is reached sooner because the others have gone home. The order among steps says nothing else
here, since at the instant at which the step opens nobody of the others was free.
"""

from __future__ import annotations

from ccsim.network.model import Step
from ccsim.network.names import QueueName
from ccsim.network.plan import NetworkPlan, teams_of_step


def steps_of(plan: NetworkPlan, name: QueueName, waited: int = 0) -> tuple[Step, ...]:
    """The steps of a queue's route as the engines see them, for contacts that have waited so many
    us before they enter it."""
    at_hand: list[Step] = []
    on_call: list[Step] = []
    for step in plan.route(name).route:
        present = []
        opens = max(step.after - waited, 0)
        for team in teams_of_step(step):
            reaction = reaction_of(plan, team)
            if not reaction:
                present.append(plan.team_index(team))
                continue
            number = (plan.team_index(team),)
            on_call.append(Step(number, opens + reaction, step.when_waiting, step.keep_idle))
        if present:
            at_hand.append(Step(tuple(present), opens, step.when_waiting, step.keep_idle))
    # the slowest first: where nobody of a step is on duty, the next opens at its own time
    return (*sorted(on_call, key=lambda step: -step.after), *at_hand)


def reaction_of(plan: NetworkPlan, team: str) -> int:
    """How long it takes to reach people on call, us; 0 for everybody else."""
    block = plan.scenario.teams.get(team)
    return 0 if block is None or block.drawn_from is None else block.reaction or 0

"""What a team needs to serve a queue: its handle time, its units, and whom it asks for help."""

from __future__ import annotations

from ccsim.network.capacity import units_of_item
from ccsim.network.model import Branch, Consult, Service
from ccsim.network.names import QueueName, escalations_from
from ccsim.network.plan import NetworkPlan
from ccsim.scenario.conversations import consult_line
from ccsim.scenario.schema import Handle
from ccsim.scenario.side_lines import MESSAGE


def service_of(
    plan: NetworkPlan, name: QueueName, team: str, handle: Handle, served: tuple[Branch, ...]
) -> Service:
    """The team's service of a queue with this handling. What a machine has passed on is harder."""
    harder = harder_rest(plan, name)
    mean = plan.tables.mean(handle)
    return Service(
        mean=mean if harder == 1.0 else round(mean * harder),
        units=units_of_item(plan.scenario.teams[team], name.channel),
        served=served,
        wrap_up=plan.tables.wrap_up_mean(handle),
        consult=consult_of(plan, name, team),
    )


def harder_rest(plan: NetworkPlan, name: QueueName) -> float:
    """The handle time of what a machine passes on, against the written one; 1 where none does. Who
    leaves a message has met the machine only where it answers while the channel is closed."""
    machine = plan.machine(name)
    if machine is None or (name.stage == MESSAGE and not machine.always_open):
        return 1.0
    return machine.harder_rest


def consult_of(plan: NetworkPlan, name: QueueName, team: str) -> Consult | None:
    """Whom the team asks for help in this queue: helpers of a later stage, or a role's people."""
    contact = plan.scenario.contacts[name.contact]
    base = name.first if plan.is_side_line(name) else name
    for row in escalations_from(contact, base, "handled"):
        if row.how == "consult" and (row.at is None or team in row.at):
            stage = consult_line(plan.scenario, name.contact, name.channel, row.to)
            line = QueueName(name.contact, name.channel, stage)
            return Consult(plan.index(line), row.share, row.at_effort)
    for helper in plan.helpers:
        role = plan.scenario.roles[helper]
        if role.consults is not None and (not role.of or team in role.of):
            line = QueueName(name.contact, name.channel, helper)
            return Consult(plan.index(line), role.consults.share, role.consults.at_effort)
    return None

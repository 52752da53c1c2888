"""A design in words: who takes what and when it overflows, what follows, what is left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ccsim.network.capacity import ALONE, IN_GAPS, hands_of
from ccsim.network.explain import OF_EQUAL_RANK, duration, rows_words
from ccsim.network.model import NO_LIMIT, Branch, LimitClock, Network, OwnAgent, Queue
from ccsim.network.names import kind_of
from ccsim.network.plan import teams_of_step
from ccsim.network.reaction import reaction_of
from ccsim.scenario.conversations import (
    BACKLOG,
    CONSULT,
    HANDOVER,
    RESUMED,
    TURNS,
    base_stage,
    line_kind,
)
from ccsim.scenario.side_lines import CALLBACK, INFORMED, MACHINES, MESSAGE, TRY

if TYPE_CHECKING:
    from ccsim.network.names import QueueName
    from ccsim.network.plan import NetworkPlan
    from ccsim.scenario.schema import RouteStep


SIDE_LINES = {
    CALLBACK: "callbacks",
    TRY: "calls in vain",
    MESSAGE: "messages left",
    INFORMED: "after message",
    "ivr": "before people do",
    "bot": "before people do",
    "help": "help",
    TURNS: "later turns",
    RESUMED: "resumed",
    BACKLOG: "there at the start",
    HANDOVER: "warm transfers",
    CONSULT: "consults",
}


@dataclass(frozen=True, slots=True)
class Taking:
    """Who takes the contacts of one queue, as a sentence."""

    contact: str
    channel: str
    stage: str
    sentence: str


@dataclass(frozen=True, slots=True)
class AfterExit:
    """What follows one exit of a queue: shares that total 100 %, in words."""

    queue: str
    exit: str  # "handled by frontline", "hangs up", ...
    shares: tuple[str, ...]


def takings(plan: NetworkPlan, network: Network) -> tuple[Taking, ...]:
    """Who takes what, one sentence a queue in the order of the network."""
    return tuple(
        Taking(name.contact, name.channel, name.stage, _sentence(plan, name, queue))
        for name, queue in zip(plan.queues, network.queues, strict=True)
    )


def after_exits(network: Network) -> tuple[AfterExit, ...]:
    """What happens after each exit that can occur; exits of the same outcome are one."""
    found = []
    for queue in network.queues:
        exits = [
            (f"handled by {team.name}", service.served)
            for team, service in zip(network.teams, queue.services, strict=True)
            if service is not None
        ]
        exits += _other_exits(queue)
        merged: dict[tuple[str, ...], list[str]] = {}
        for name, rows in exits:
            merged.setdefault(tuple(rows_words(network, rows)), []).append(name)
        for shares, names in merged.items():
            found.append(AfterExit(queue.name, _joined_exits(names), shares))
    return tuple(found)


def left_out(plan: NetworkPlan) -> tuple[str, ...]:
    """What the model does not have, as far as it may matter for this design."""
    scenario = plan.scenario
    sentences = [
        "Everybody in a team has the same skills; a person belongs to one team.",
        "Handle times depend neither on the hour nor on the wait nor on how busy it is.",
        "Resolution, repeats and escalation are shares as written; they do not react to a design.",
        "Nobody is called in, sent home or moved between teams during the day.",
    ]
    if scenario.calendar.holidays is None:
        sentences.append("Public holidays are ordinary days.")
    if any(team.roster is not None for team in scenario.teams.values()):
        sentences.append("Whether shifts keep the law on rest and hours is not checked.")
    if any(team.drawn_from is not None for team in scenario.teams.values()):
        sentences.append(
            "Who is absent has swapped the turn on call; who was called out at night works the "
            "next shift like anybody."
        )
    if scenario.opens:
        sentences.append(
            "Customers who come for the first time while a channel is closed leave and do not try "
            "again; who comes again or redials waits for opening hours."
        )
    if any(contact.again is not None for contact in scenario.contacts.values()):
        sentences.append(
            "The calendar starts without yesterday's customers: the first repeats are those of "
            "contacts within it."
        )
    if "email" in {name.channel for name in plan.queues} and not _in_conversation(plan, "email"):
        sentences.append("An e-mail is one reply: no conversation, no waiting for others.")
    if _bounded_returns(plan):
        sentences.append(
            "`at_most` is counted apart for each way back: redials after giving up and after busy, "
            "at each stage; repeats at each team."
        )
    helpers = [role for role in scenario.roles.values() if role.consults is not None]
    if len(helpers) < len(scenario.roles):
        others = "Other roles" if helpers else "Roles"
        sentences.append(f"{others} beside the teams cost money and change nothing else.")
    if helpers:
        sentences.append("Who is asked for help does nothing else.")
    sentences += _left_out_beside(plan)
    return tuple(sentences)


def _left_out_beside(plan: NetworkPlan) -> list[str]:
    """What is not there of callbacks, machines, messages and campaigns."""
    kinds = {kind_of(plan.scenario, name) for name in plan.queues}
    sentences = []
    if CALLBACK in kinds or any(name.channel == "outbound" for name in plan.queues):
        sentences.append("Nobody who is to be called rings in meanwhile.")
        if any(channel.lines is not None for channel in plan.scenario.channels.values()):
            sentences.append("Calls to customers find a trunk line even where none is free.")
    if kinds & set(MACHINES):
        sentences.append("A bot or voice menu takes everybody at once and never fails.")
    if MESSAGE in kinds:
        sentences.append("Who has left a message does not ring again before it is answered.")
    if TURNS in kinds:
        sentences.append(
            "Nobody gives up between the turns of a conversation, and pauses do not depend on how "
            "long the reply took. The promise is of the first reply; waits of later turns are "
            "measured in their own line."
        )
    if RESUMED in kinds:
        sentences.append("Those who are waited for take as long as written, however many wait.")
    if BACKLOG in kinds:
        sentences.append("A backlog is work and no attempt: service levels do not count it.")
    if any(contact.arrivals.incident is not None for contact in plan.scenario.contacts.values()):
        sentences.append("An incident brings contacts of its own type only, one a day at most.")
    return sentences


def _in_conversation(plan: NetworkPlan, channel: str) -> bool:
    """Whether contacts of a channel have several turns or wait for others."""
    own = (name.stage for name in plan.queues if name.channel == channel)
    return any(line_kind(stage) in (TURNS, RESUMED) for stage in own)


def _bounded_returns(plan: NetworkPlan) -> bool:
    again = (contact.again for contact in plan.scenario.contacts.values())
    redial = (channel.redial for channel in plan.scenario.channels.values())
    return any(way is not None and way.at_most is not None for way in (*again, *redial))


def _sentence(plan: NetworkPlan, name: QueueName, queue: Queue) -> str:
    """`billing by phone: frontline; also specialists after 60 s; one at a time.`"""
    who = f"{name.contact} by {name.channel}" + _stage_words(plan, name)
    first, *others = plan.route(name).route
    parts = [_step_words(plan, first)]
    for step in others:
        at_once = not (step.after or step.when_waiting or step.keep_idle)
        parts.append(f"also {_step_words(plan, step)}" + (" when all of them are taken" * at_once))
    people = [plan.scenario.teams.get(team) for team in plan.teams_of(name)]
    hands = {hands_of(team, name.channel) for team in people if team is not None}
    if hands:
        parts.append(_hands_words(hands))
    if queue.affinity is not None and queue.affinity.hold:
        waits, who_first = duration(queue.affinity.hold), "who had it last"
        if queue.affinity.own is OwnAgent.NAMED:
            who_first = f"the customer's owner, one of {plan.teams[queue.affinity.team]}"
        parts.append(f"first for {waits} only {who_first}")
    if queue.head_start:
        parts.append(
            f"stands in the queue as if it had waited {duration(queue.head_start)} already"
        )
    return f"{who}: {'; '.join(parts)}."


def _stage_words(plan: NetworkPlan, name: QueueName) -> str:
    """`, stage tier2`, `, callbacks`, `, calls in vain 1`: which line of its type a queue is."""
    if not name.stage:
        return ""
    kind = kind_of(plan.scenario, name)
    stage = base_stage(name.stage)
    words = SIDE_LINES.get(kind, f"stage {name.stage}")
    if line_kind(name.stage) and stage:
        words = f"stage {stage}, {words}"
    number = name.stage.removeprefix(kind) if kind in (TRY, INFORMED) else ""
    return f", {words}" + (f" {number}" if number else "")


def _step_words(plan: NetworkPlan, step: RouteStep) -> str:
    teams = teams_of_step(step)
    words = [" or ".join(_team_words(plan, team) for team in teams)]
    if len(teams) > 1:
        words.append(f"({OF_EQUAL_RANK})")
    if step.after:
        words.append(f"after {duration(step.after)}")
    if step.when_waiting:
        words.append(f"when {step.when_waiting} wait")
    if step.keep_idle:
        free = "is" if step.keep_idle == 1 else "are"
        words.append(f"while more than {step.keep_idle} of them {free} free")
    return " ".join(words)


def _team_words(plan: NetworkPlan, team: str) -> str:
    """`specialists`, `night (reached within 10 min)`."""
    reaction = reaction_of(plan, team)
    return f"{team} (reached within {duration(reaction)})" if reaction else team


def _hands_words(hands: set[str | int]) -> str:
    words = []
    if ALONE in hands or 1 in hands:
        words.append("one at a time")
    words += [
        f"up to {n} at once" for n in sorted(n for n in hands if isinstance(n, int) and n > 1)
    ]
    if IN_GAPS in hands:
        words.append("in the gaps between live contacts")
    return " or ".join(words)


def _other_exits(queue: Queue) -> list[tuple[str, tuple[Branch, ...]]]:
    exits: list[tuple[str, tuple[Branch, ...]]] = []
    if queue.patience is not None:
        exits.append(("hangs up", queue.abandoned))
    if queue.lines >= 0:
        exits.append(("hears busy", queue.no_line))
    if queue.room != NO_LIMIT:
        exits.append(("finds no place to wait", queue.no_room))
    if queue.hours is not None and queue.closed:
        exits.append(("finds it closed", queue.closed))
    for limit in queue.limits:
        if limit.clock is LimitClock.CLOSING:
            exits.append(("still waits at closing time", limit.branches))
        else:
            open_hours = " of open hours" if limit.clock is LimitClock.OPEN_HOURS else ""
            exits.append((f"waits {duration(limit.after)}{open_hours}", limit.branches))
    return exits


def _joined_exits(names: list[str]) -> str:
    """`handled by a or b`, `hangs up or hears busy`."""
    prefix = "handled by "
    if len(names) > 1 and all(name.startswith(prefix) for name in names):
        return prefix + " or ".join(name.removeprefix(prefix) for name in names)
    return " or ".join(names)

"""Rules about callbacks, messages, voicemail, machines that answer first, campaigns, owners and
helpers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ccsim.scenario.blocks.demand import Escalation
from ccsim.scenario.conversations import (
    CONSULT,
    HANDOVER,
    LIVE_CHANNELS,
    WARM,
    base_stage,
    line_kind,
)
from ccsim.scenario.parsing.problem import Problem
from ccsim.scenario.parsing.tree import Path
from ccsim.scenario.rules.demand import channels_meet
from ccsim.scenario.rules.facts import Facts, listed, on_channels, unknown
from ccsim.scenario.segments import segment_of
from ccsim.scenario.side_lines import (
    RESERVED,
    consulting_roles,
    machine_of,
    machine_team,
    machines_of,
)


def stages_are_no_side_lines(facts: Facts) -> Iterator[Problem]:
    """`billing@callback` is the line of callbacks, so no stage can be called so."""
    roles = consulting_roles(facts.scenario)
    for name, contact in facts.scenario.contacts.items():
        for stage in contact.stages:
            if RESERVED.fullmatch(stage) or stage in roles:
                what = "a role" if stage in roles else "a word of the language"
                path: Path = ("contacts", name, "stages", stage)
                yield Problem(path, f"'{stage}' is {what}; call the stage otherwise", at_key=True)


def callbacks_make_sense(facts: Facts) -> Iterator[Problem]:
    """Callbacks are for the phone; tries in vain need customers who do not answer."""
    for name, channel in facts.scenario.channels.items():
        callback, path = channel.callback, ("channels", name, "callback")
        if callback is None:
            continue
        if name != "phone":
            yield Problem(path, "only phone calls can be called back", at_key=True)
        if callback.answered == 1.0 and callback.tries > 1:
            yield Problem(
                (*path, "tries"), "every customer answers; say at which share: answered: 80 %"
            )
        if callback.answered == 0.0:
            yield Problem((*path, "answered"), "nobody would ever be reached")


def messages_make_sense(facts: Facts) -> Iterator[Problem]:
    """Queue messages come one after the other, and each changes something."""
    for name, channel in facts.scenario.channels.items():
        path: Path = ("channels", name, "messages")
        if channel.messages and name in ("email", "outbound"):
            yield Problem(path, f"nobody listens while {name} waits", at_key=True)
        before = 0
        for number, message in enumerate(channel.messages):
            here = (*path, number)
            if message.after <= before:
                yield Problem((*here, "after"), "messages stand in the order in which they come")
            before = message.after
            if not message.leaves and message.patience is None:
                yield Problem(here, "it changes nothing: `leaves: 8 %`, or another `patience`")
            if message.patience is not None:
                yield from _patience_can_change(facts, name, here)


def _patience_can_change(facts: Facts, name: str, here: Path) -> Iterator[Problem]:
    """Who waits on with another patience stands in a line of its own."""
    channel = facts.scenario.channels[name]
    if channel.waiting_places is not None:
        yield Problem(
            (*here, "patience"),
            "with `waiting_places` a message cannot change patience, for places are counted by "
            "line; use `leaves`",
        )
    breached = any(
        row.when == "promise breached"
        for contact in facts.scenario.contacts.values()
        for row in contact.escalates
    )
    if channel.promise == "working" and breached:
        yield Problem(
            (*here, "patience"),
            "with `promise: working` and escalation at the breached promise a message cannot "
            "change patience; use `leaves`",
        )


def closed_channels_close(facts: Facts) -> Iterator[Problem]:
    """Voicemail is for the phone, and for hours in which it is closed."""
    scenario = facts.scenario
    for name, closed in scenario.when_closed.items():
        path: Path = ("when_closed", name)
        yield from unknown(path, name, scenario.channels, "channel", "channels", at_key=True)
        if name not in scenario.channels:
            continue
        if name != "phone":
            yield Problem(path, "messages are left by phone only", at_key=True)
        elif not isinstance(scenario.opens.get(name), dict):
            yield Problem(path, f"{name} never closes: `opens` does not limit it", at_key=True)
        if closed.target is not None and closed.answer_within is None:
            yield Problem((*path, "target"), "there is no promise: 'answer_within' is missing")


def machines_make_sense(facts: Facts) -> Iterator[Problem]:
    """One machine answers first on a channel, and for types that come there."""
    scenario = facts.scenario
    for name, channel in scenario.channels.items():
        path: Path = ("channels", name)
        if channel.ivr is not None and name != "phone":
            yield Problem((*path, "ivr"), "a voice menu is for the phone; write `bot`", at_key=True)
        if channel.ivr is not None and channel.bot is not None:
            yield Problem((*path, "bot"), "`ivr` or `bot` answers first; keep one", at_key=True)
        if channel.bot is not None and name in ("email", "outbound"):
            yield Problem((*path, "bot"), f"nobody answers {name} at once", at_key=True)
        for key in ("ivr", "bot"):
            machine = getattr(channel, key)
            if machine is None:
                continue
            own = [
                each for each, contact in scenario.contacts.items() if name in on_channels(contact)
            ]
            if isinstance(machine.contains, dict):
                for each in machine.contains:
                    here = (*path, key, "contains", each)
                    kind, kinds = f"contact type by {name}", f"contact types by {name}"
                    yield from unknown(here, each, own, kind, kinds, at_key=True)
            if machine.always_open and not isinstance(scenario.opens.get(name), dict):
                yield Problem(
                    (*path, key, "always_open"), f"{name} never closes: `opens` does not limit it"
                )


def volumes_are_before_the_machine(facts: Facts) -> Iterator[Problem]:
    """An ACD counts behind the machine, redials included; volumes are those before it."""
    scenario = facts.scenario
    for name, contact in scenario.contacts.items():
        met = [channel for channel in on_channels(contact) if machine_of(scenario, name, channel)]
        if contact.arrivals.counts == "offered" and met:
            yield Problem(
                ("contacts", name, "arrivals", "counts"),
                f"a machine answers {listed(met)} first, and volumes are those before it; count "
                "customers",
            )


def machines_have_names(facts: Facts) -> Iterator[Problem]:
    """A machine is a team of the network, called after its channel."""
    taken = {machine_team(channel, kind) for channel, kind in machines_of(facts.scenario)}
    for name in facts.scenario.teams:
        if name in taken:
            yield Problem(
                ("teams", name), f"'{name}' is the machine that answers first", at_key=True
            )


def campaigns_make_sense(facts: Facts) -> Iterator[Problem]:
    """A list has somebody on it; what waits to be called has no promise and no patience."""
    for name, contact in facts.scenario.contacts.items():
        outbound, path = contact.outbound, ("contacts", name, "outbound")
        if outbound is None:
            continue
        volume = outbound.list
        if isinstance(volume, dict):
            if not any(volume[day] for day in volume if day in facts.weekdays):
                yield Problem((*path, "list"), "nobody is on the list on a day of the calendar")
        elif volume == 0.0:
            yield Problem((*path, "list"), "nobody is on the list")
        if outbound.reached == 0.0:
            yield Problem((*path, "reached"), "nobody would ever be reached")
        if outbound.reached == 1.0 and outbound.tries > 1:
            yield Problem((*path, "tries"), "everybody answers the first time; leave `tries` out")
        for key in ("answer_within", "target", "patience"):
            if getattr(outbound, key) is not None:
                yield Problem(
                    (*path, key), "who is on a list does not wait in a line; leave it out"
                )


def owners_exist(facts: Facts) -> Iterator[Problem]:
    """The owners' team exists and can hold what comes."""
    for key, route in facts.scenario.routing.items():
        if route.owner is not None:
            path: Path = ("routing", key, "owner", "team")
            yield from unknown(path, route.owner.team, facts.scenario.teams, "team", "teams")


def cases_come_back(facts: Facts) -> Iterator[Problem]:
    """A case is kept for those who come again."""
    for name, contact in facts.scenario.contacts.items():
        for stage, block in contact.stages.items():
            if block.keeps_case is not None and contact.again is None:
                yield Problem(
                    ("contacts", name, "stages", stage, "keeps_case"),
                    "nobody comes again: 'again' is missing",
                )


# --- consults -------------------------------------------------------------------------------------
def helpers_are_told_apart(facts: Facts) -> Iterator[Problem]:
    """Roles that are asked for help are teams of the network: their names are their own, and who
    they help works shifts."""
    scenario = facts.scenario
    for name in consulting_roles(scenario):
        path: Path = ("roles", name)
        if RESERVED.fullmatch(name):
            yield Problem(path, f"'{name}' is a word of the language", at_key=True)
        role = scenario.roles[name]
        if role.one_per is None and role.count == 0:
            yield Problem((*path, "count"), "nobody is there to be asked")


def one_helper_is_asked(facts: Facts) -> Iterator[Problem]:
    """An agent asks for help once in a contact, and helpers who wait for helpers could wait for one
    another for ever."""
    scenario = facts.scenario
    asked: dict[tuple[str, str, str, str], str] = {}
    for line in facts.lines:
        if segment_of(line.contact):
            continue  # as its type
        contact = scenario.contacts[line.contact]
        for team in facts.teams_of(line):
            helpers = [
                f"stage {row.to}"
                for row in contact.escalates
                if row.how == "consult"
                and (row.from_ or "") == line.stage
                and (row.at is None or team in row.at)
                and (row.channels is None or line.channel in row.channels)
            ]
            helpers += [
                f"role {name}"
                for name in consulting_roles(scenario)
                if not scenario.roles[name].of or team in scenario.roles[name].of
            ]
            if len(helpers) > 1:
                yield Problem(
                    ("contacts", line.contact),
                    f"the team '{team}' would ask {listed(helpers)} in one contact of {line}; "
                    "keep one",
                    at_key=True,
                )
            if helpers:
                asked[team, line.contact, line.channel, line.stage] = helpers[0]
    yield from _helpers_who_ask(facts, asked)


def _helpers_who_ask(
    facts: Facts, asked: dict[tuple[str, str, str, str], str]
) -> Iterator[Problem]:
    """A consult without a limit at helpers who may ask themselves."""
    askers = {team for team, *_ in asked}
    for name, contact in facts.scenario.contacts.items():
        for number, row in enumerate(contact.escalates):
            if row.how != "consult":
                continue
            lines = [line for line in facts.lines if (line.contact, line.stage) == (name, row.to)]
            helpers = dict.fromkeys(team for line in lines for team in facts.teams_of(line))
            for team in helpers:
                if team in askers:
                    yield Problem(
                        ("contacts", name, "escalates", number, "how"),
                        f"the team '{team}', which helps here, asks for help itself; two people "
                        "could wait for one another for ever; `at` says who asks",
                    )
                    break


def who_waits_asks_nobody(facts: Facts) -> Iterator[Problem]:
    """A contact that has no agent yet can be given no helper, and handed over by nobody."""
    what = {CONSULT: "ask for help", WARM: "hand over"}
    for name, contact in facts.scenario.contacts.items():
        for number, row in enumerate(contact.escalates):
            if row.how in what and row.when == "promise breached":
                yield Problem(
                    ("contacts", name, "escalates", number, "how"),
                    f"who still waits has no agent to {what[row.how]}; write `transfer`",
                )


def warm_transfers_make_sense(facts: Facts) -> Iterator[Problem]:
    """They say how long both agents talk, alike for one stage, on channels where the customer is
    there all the time."""
    for name, contact in facts.scenario.contacts.items():
        first: dict[str, Escalation] = {}
        for number, row in enumerate(contact.escalates):
            path: Path = ("contacts", name, "escalates", number)
            if row.how != WARM:
                if row.handover is not None:
                    yield Problem((*path, "handover"), "only a warm transfer has this", at_key=True)
                if row.waits is not None and row.how != CONSULT:
                    yield Problem(
                        (*path, "waits"), "only warm transfers and consults have this", at_key=True
                    )
                continue
            if row.handover is None:
                yield Problem(
                    (*path, "how"), "'handover' is missing: how long both agents talk: 90 s"
                )
            alike = first.setdefault(row.to, row)
            if (row.handover, row.waits) != (alike.handover, alike.waits):
                yield Problem(
                    path, f"another warm transfer to '{row.to}' has other times; keep one"
                )
            for channel in on_channels(contact):
                done_here = row.channels is None or channel in row.channels
                if done_here and channel not in (*LIVE_CHANNELS, "outbound"):
                    yield Problem(
                        (*path, "how"),
                        f"nobody stays on the line in {channel}; `channels` says where it is done",
                    )


def help_is_waited_for_alike(facts: Facts) -> Iterator[Problem]:
    """A wait for help ends for all who ask in one line after the same time."""
    for name, contact in facts.scenario.contacts.items():
        for number, row in enumerate(contact.escalates):
            if row.how != CONSULT:
                continue
            path: Path = ("contacts", name, "escalates", number)
            others = [
                other
                for other in contact.escalates
                if other.how == CONSULT
                and other.to == row.to
                and channels_meet(other.channels, row.channels)
            ]
            if row.waits != others[0].waits:
                yield Problem(
                    path, f"another consult of '{row.to}' waits for another time; keep one"
                )


def who_takes_over_goes_on(facts: Facts) -> Iterator[Problem]:
    """Who joins a warm transfer goes on with the contact, so serves the stage."""
    found: dict[tuple[str, str], Problem] = {}
    for line in facts.lines:
        key = facts.route_key(line)
        if line_kind(line.stage) != HANDOVER or key is None:
            continue
        stage = base_stage(line.stage)
        serving = facts.teams_of(replace(line, stage=stage))
        for team in facts.teams_of(line):
            if team not in serving:
                message = (
                    f"the team '{team}' is to take over here, but does not serve "
                    f"'{replace(line, stage=stage)}' (teams: {', '.join(serving)})"
                )
                found.setdefault((key, team), Problem(("routing", key), message, at_key=True))
    yield from found.values()


RULES = (
    stages_are_no_side_lines,
    callbacks_make_sense,
    messages_make_sense,
    closed_channels_close,
    machines_make_sense,
    volumes_are_before_the_machine,
    machines_have_names,
    campaigns_make_sense,
    owners_exist,
    cases_come_back,
    helpers_are_told_apart,
    one_helper_is_asked,
    who_waits_asks_nobody,
    warm_transfers_make_sense,
    help_is_waited_for_alike,
    who_takes_over_goes_on,
)

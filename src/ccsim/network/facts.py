"""What the queues and teams of a network are, and the targets that a scenario sets for them.

These facts are for readers: measures, check, experiments and reports. The engines do not use them,
so a fact added here changes no result. They follow from the scenario alone (`structure.py`).
"""

from __future__ import annotations

import enum
from dataclasses import dataclass


class QueueKind(enum.StrEnum):
    """What waits in a queue. The value is what stands behind `@` in its name, apart from numbers
    and names of stages and roles."""

    FIRST = ""  # customers who come, at the first stage
    CAMPAIGN = "campaign"  # customers of a list who answer when they are called
    TIER = "stage"  # contacts that were escalated to a later stage
    CALLBACK = "callback"  # customers who accepted a callback and answer when called
    TRY = "try"  # calls to customers who do not answer
    MESSAGE = "message"  # messages left while the channel was closed
    INFORMED = "informed"  # customers who heard a message in the queue and wait on
    IVR = "ivr"  # contacts that a voice menu answers first
    BOT = "bot"  # contacts that a bot answers first
    HELP = "help"  # agents who ask the people of a role for help
    TURNS = "turns"  # later replies of a conversation
    RESUMED = "resumed"  # work that goes on after others have done their part
    BACKLOG = "backlog"  # contacts that were there when the calendar started
    HANDOVER = "handover"  # agents who seek someone to take over in person (warm transfer)
    CONSULT = "consult"  # agents who ask the people of a stage for help

    @property
    def is_first(self) -> bool:
        """Whether attempts of a type on a channel are counted in this queue."""
        return self in (QueueKind.FIRST, QueueKind.CAMPAIGN)

    @property
    def is_machine(self) -> bool:
        """Whether a machine answers, before people do."""
        return self in (QueueKind.IVR, QueueKind.BOT)

    @property
    def is_conversation(self) -> bool:
        """Whether the queue continues or precedes the contacts of a stage: replies, resumed work,
        the backlog of the start."""
        return self in (QueueKind.TURNS, QueueKind.RESUMED, QueueKind.BACKLOG)

    @property
    def seeks_colleagues(self) -> bool:
        """Whether agents wait in it for a colleague, instead of customers for an agent."""
        return self in (QueueKind.HELP, QueueKind.HANDOVER, QueueKind.CONSULT)


class TeamKind(enum.StrEnum):
    """What a team is made of."""

    PEOPLE = "people"
    ON_CALL = "on call"  # people drawn from another team, who stand by
    HELPERS = "helpers"  # the people of a role who are asked for help
    MACHINE = "machine"  # a bot or a voice menu: answers every contact at once


class TargetClock(enum.StrEnum):
    """Which time a target counts."""

    ALWAYS = "always"
    WORKING = "working"  # the channel's working hours, else its opening hours
    OPEN = "open"  # the channel's opening hours


class TargetKind(enum.StrEnum):
    """What a target is about; the value is the measure that is compared with its share."""

    ANSWER = "service_level"
    RESOLUTION = "resolved_within"
    CALLBACK = "callbacks_kept"


@dataclass(frozen=True, slots=True)
class QueueFacts:
    """What a queue is."""

    name: str = ""  # "technical#vip.phone@tier2.turns"
    kind: QueueKind = QueueKind.FIRST
    contact: str = ""  # "technical#vip": the contact type, with the segment where there is one
    contact_type: str = ""  # "technical"
    segment: str = ""  # "vip"; "" for customers of no segment
    channel: str = ""
    stage: str = ""  # the later stage it belongs to; "" at the first stage
    role: str = ""  # whose people are asked here for help
    number: int = 0  # of a try, or of the message heard in the queue; from 1
    first: int = 0  # the index of the queue in which its attempts are counted
    answer_within: int | None = None  # us, for attempts counted in `first`
    target: float | None = None  # the share that should be answered within it
    resolve_within: int | None = None  # us
    callback_within: int | None = None  # us, from acceptance
    clock: TargetClock = TargetClock.ALWAYS  # of `answer_within` and `resolve_within`
    attempt_scopes: tuple[str, ...] = ()  # scopes of measures in which its attempts count
    stay_scopes: tuple[str, ...] = ()  # scopes in which items and time in this queue count


@dataclass(frozen=True, slots=True)
class TeamFacts:
    """What a team is."""

    name: str = ""
    kind: TeamKind = TeamKind.PEOPLE
    tier: int | None = None  # of people only
    drawn_from: str = ""  # the team whose people are on call

    @property
    def is_staffed(self) -> bool:
        """Whether it is one of the scenario's `teams`."""
        return self.kind in (TeamKind.PEOPLE, TeamKind.ON_CALL)


@dataclass(frozen=True, slots=True)
class Target:
    """A target of the scenario, and the measure that tells whether it is met.

    `share` is None where the language states a time but no share: the measure is worth showing, and
    nothing is met or missed.
    """

    key: str  # of the measure: "phone.service_level", "vip.service_level"
    kind: TargetKind
    scope: str  # the first part of the key
    share: float | None
    within: int | None  # us; None where the queues of the scope have different times
    clock: TargetClock
    source: str  # where it is written: "channels.phone.target"
    queues: tuple[int, ...]  # indices of the queues whose attempts it is about

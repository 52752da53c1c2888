"""What people read in place of the keys of a scenario: channels, contacts, designs, teams, types.

A design, team or contact type may have a `label`; without one its key is shown as it is written.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from ccsim.experiment.results import expectations
from ccsim.report.words.rounding import duration
from ccsim.scenario.conversations import base_stage, line_kind
from ccsim.scenario.labels import label_of
from ccsim.scenario.segments import base_type, segment_of

if TYPE_CHECKING:
    from ccsim.scenario.schema import Scenario

CHANNEL_WORDS = {"phone": "phone", "chat": "chat", "email": "e-mail", "outbound": "outbound calls"}
CONTACTS = {  # one call, two calls
    "phone": "calls",
    "chat": "chats",
    "messaging": "conversations",
    "social": "conversations",
    "email": "e-mails",
    "tickets": "tickets",
    "outbound": "customers on the list",
}
LIVE = ("phone", "chat")
# Lines beside a type's own, by what follows the @: how their contacts are called.
BESIDE = {
    "callback": "callbacks",
    "message": "voicemails",
    "turns": "later replies",
    "resumed": "resumed {}",
    "backlog": "{} from the opening backlog",
}
INTERVALS = {15.0: "quarter-hours", 30.0: "half-hours", 60.0: "hours"}
PERIODS = {1.0: "the day", 7.0: "the week", 14.0: "the two weeks", 28.0: "the four weeks"}


JOINERS = "\u200c\u200d"  # parts of words in some scripts, and of emoji


def printable(text: str) -> str:
    """The text on one line, without the characters that a terminal would take as commands: each is
    shown as its code, `\\x1b`; spaces of other widths become spaces."""
    if text.isprintable():
        return text
    return "".join(_printable(letter) for letter in text)


def _printable(letter: str) -> str:
    if letter.isprintable() or letter in JOINERS:
        return letter
    if unicodedata.category(letter) == "Zs":
        return " "
    return letter.encode("unicode_escape", "surrogatepass").decode("ascii")


def sentence_case(text: str) -> str:
    """The text with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """The text with its first letter in lower case, unless it begins with an abbreviation."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def joined(words: list[str] | tuple[str, ...], last: str = "and") -> str:
    """The words as a list in a sentence: `a`, `a and b`, `a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def design_label(name: str, scenario: Scenario) -> str:
    """What a design is called: the label of its scenario, else its key."""
    return scenario.label or name


def team_label(name: str, scenario: Scenario) -> str:
    """What a team or a role is called."""
    return label_of(scenario.teams if name in scenario.teams else scenario.roles, name)


def type_label(name: str, scenario: Scenario) -> str:
    """What a contact type is called, of a segment's customers of it `technical (enterprise)`; also
    what a segment is called."""
    segment = segment_of(name)
    if segment:
        return f"{type_label(base_type(name), scenario)} ({label_of(scenario.segments, segment)})"
    in_segments = name in scenario.segments and name not in scenario.contacts
    return label_of(scenario.segments if in_segments else scenario.contacts, name)


def stage_label(stage: str, scenario: Scenario) -> str:
    """What a later stage is called: its label in the first contact type that has the stage."""
    having = (contact.stages for contact in scenario.contacts.values() if stage in contact.stages)
    return next((label_of(stages, stage) for stages in having), stage)


def channel_name(channel: str, scenario: Scenario) -> str:
    """What a channel is called: its label, else `e-mail` for email, else its key."""
    label = label_of(scenario.channels, channel)
    return label if label != channel else CHANNEL_WORDS.get(channel, channel)


def contacts_of(channel: str, scenario: Scenario) -> str:
    """What the contacts of a channel are called: `calls`, `chats`, or `sms contacts` for a channel
    with a label or without a word of its own."""
    label = label_of(scenario.channels, channel)
    return f"{label} contacts" if label != channel else CONTACTS.get(channel, f"{channel} contacts")


def contacts_in(scope: str, scenario: Scenario) -> str:
    """What the contacts in a scope are called: `calls`, `billing calls`, `billing callbacks`,
    `calls in tier2 (billing)`, `vip contacts`; `contacts` for all."""
    if scope == "all":
        return "contacts"
    first, _, stage = scope.partition("@")
    contact, dot, channel = first.rpartition(".")
    if not dot:
        if first in scenario.contacts or first in scenario.segments or segment_of(first):
            return f"{type_label(first, scenario)} contacts"
        return contacts_of(first, scenario)
    name, contacts = type_label(contact, scenario), contacts_of(channel, scenario)
    kind, of = _line(stage)
    if kind:
        contacts = BESIDE[kind].format(contacts)
    if of:
        return f"{contacts} in {stage_label(of, scenario)} ({name})"
    return f"{contacts} ({name})" if " " in contacts else f"{name} {contacts}"


def _line(stage: str) -> tuple[str, str]:
    """The kind of a line (a key of BESIDE, "" for a type's own) and the stage it belongs to."""
    if stage in BESIDE:
        return stage, ""
    kind = line_kind(stage)
    return (kind, base_stage(stage)) if kind in BESIDE else ("", stage)


def place_of(scope: str, scenario: Scenario) -> str:
    """Where something was measured: `phone`, `billing, phone`, `billing, phone, tier2`,
    `frontline`; of a line beside a type's own also its kind, `billing, phone, callbacks`."""
    first, _, stage = scope.partition("@")
    contact, dot, channel = first.rpartition(".")
    if dot:
        kind, of = _line(stage)
        beside = BESIDE[kind].format(contacts_of(channel, scenario)) if kind else ""
        places = [type_label(contact, scenario), channel_name(channel, scenario)]
        return ", ".join(filter(None, [*places, of and stage_label(of, scenario), beside]))
    if scope in scenario.contacts or scope in scenario.segments or segment_of(scope):
        return type_label(scope, scenario)
    if scope in scenario.teams or scope in scenario.roles:
        return team_label(scope, scenario)
    return channel_name(scope, scenario)


def path_words(path: str, scenario: Scenario) -> str:
    """A path of the scenario in words: `people (frontline)` for `teams.frontline.people`.

    Names of teams, types and channels stand in brackets, by their labels; a path without such a
    name keeps the word of its section: `seat (costs)`. Words without a dot are as they are.
    """
    if "." not in path:
        return path
    section, *rest = path.split(".")
    places, keys = [], []
    for part in rest:
        if part == "*":
            places.append(f"all {section}")
        elif part in CHANNEL_WORDS or part in scenario.channels:
            places.append(channel_name(part, scenario))
        elif part in scenario.teams or part in scenario.roles:
            places.append(team_label(part, scenario))
        elif part in scenario.contacts:
            places.append(type_label(part, scenario))
        else:
            keys.append(part.replace("_", " "))
    words = " ".join(keys) or section.replace("_", " ")
    return f"{words} ({', '.join(places) or section})" if keys else f"{words}: {', '.join(places)}"


def interval_words(length_us: int) -> str:
    """What intervals of this length (us) are called: `half-hours`, `intervals of 10 min`."""
    return INTERVALS.get(length_us / 60_000_000, f"intervals of {duration(length_us)}")


def measured_days(scenario: Scenario) -> float:
    """The days of the scenario's calendar that are measured, without the warm-up."""
    return expectations.measured_days(scenario.calendar)


def period(scenario: Scenario) -> str:
    """What is simulated, with its article: `the week`, `the 30 days`."""
    days = measured_days(scenario)
    return PERIODS.get(days, f"the {days:g} days")

"""Rules about contacts of several replies, waiting on others, backlogs and what is reopened."""

from __future__ import annotations

from collections.abc import Iterator

from ccsim.scenario.conversations import LIVE_CHANNELS
from ccsim.scenario.parsing.problem import Problem
from ccsim.scenario.parsing.tree import Path
from ccsim.scenario.rules.facts import Facts, on_channels

ONE_STRETCH = (*LIVE_CHANNELS, "outbound")


def turns_are_of_written_channels(facts: Facts) -> Iterator[Problem]:
    """A call or a chat is one stretch of work; nothing of it is there before the calendar."""
    scenario = facts.scenario
    for name, channel in scenario.channels.items():
        if channel.turns is not None and name in ONE_STRETCH:
            yield _one_stretch(("channels", name, "turns"), name)
    for name, contact in scenario.contacts.items():
        for key, block in on_channels(contact).items():
            path: Path = ("contacts", name, key)
            if key in ONE_STRETCH and block.turns is not None:
                yield _one_stretch((*path, "turns"), key)
            if key in ONE_STRETCH and block.backlog is not None:
                yield Problem(
                    (*path, "backlog"), f"nobody waits by {key} before the calendar", at_key=True
                )


def _one_stretch(path: Path, channel: str) -> Problem:
    what = "a chat" if channel == "chat" else "a call"
    return Problem(
        path,
        f"{what} has no pauses; conversations of several turns are messaging, social, email or "
        "tickets",
        at_key=True,
    )


def what_is_reopened_was_resolved(facts: Facts) -> Iterator[Problem]:
    for name, contact in facts.scenario.contacts.items():
        if contact.reopened is not None and contact.reopened.share == 1.0:
            yield Problem(
                ("contacts", name, "reopened", "share"), "nothing would ever stay resolved"
            )


RULES = (turns_are_of_written_channels, what_is_reopened_was_resolved)

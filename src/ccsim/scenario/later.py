"""What the language will say later: keys and words that are known but not supported yet.

One table, by path; `*` stands for one step. Whoever writes such a key is told what it will be,
rather than that it does not exist.
"""

from __future__ import annotations

from typing import Final

from ccsim.scenario.tree import Path

LATER: Final[dict[str, str]] = {
    "extends": "a scenario that goes on from another file",
    "segments": "shares of the customers with promises of their own",
    "when_closed": "voicemail when a channel is closed",
    "contacts.*.arrivals.incident": "incidents: sudden surges of contacts",
    "contacts.*.arrivals.campaign": "campaigns",
    "contacts.*.arrivals.season": "seasons",
    "contacts.*.messaging": "asynchronous messaging",
    "contacts.*.social": "social media",
    "contacts.*.sms": "text messages",
    "contacts.*.outbound": "outbound calls",
    "contacts.*.owned": "customers with an owner",
    "contacts.*.language": "languages",
    "contacts.*.backlog": "a backlog at the start",
    "contacts.*.upsell": "revenue from upselling",
    "contacts.*.satisfaction": "satisfaction (CSAT, NPS, CES)",
    "contacts.*.*.replies": "tickets of several replies",
    "contacts.*.*.resolve_within": "promises of resolution",
    "contacts.*.*.waits_on": "waiting on third parties",
    "contacts.*.escalates.*.consult": "consults",
    "channels.messaging": "asynchronous messaging",
    "channels.social": "social media",
    "channels.sms": "text messages",
    "channels.bot": "bots",
    "channels.ivr": "interactive voice response",
    "channels.self_service": "self-service",
    "channels.outbound": "outbound calls",
    "channels.voicemail": "voicemail",
    "channels.tickets": "tickets of several replies; e-mail is supported",
    "channels.*.callback": "callback offers",
    "channels.*.voicemail": "voicemail",
    "channels.*.resolve_within": "promises of resolution",
    "channels.*.turns": "conversations of several turns",
    "channels.*.messages": "queue messages that change patience",
    "channels.*.replies": "tickets of several replies",
    "channels.*.backlog": "a backlog at the start",
    "teams.*.shrinkage.projects": "time for projects is written `available: 50 %` on the team",
    "teams.*.attrition": "people who leave, by tenure and load",
    "teams.*.hiring": "hiring with its lead times",
    "teams.*.promotion": "promotion",
    "teams.*.stays": "overtime until the line is empty; write planned `overtime`",
    "teams.*.languages": "languages",
    "teams.*.unlimited": "servers for every comer (bots, self-service)",
    "routing.*.owner": "customers with an owner",
    "routing.*.same_agent_for": "the same agent for a while",
    "routing.*.home_first": "a preference of lines; write `take: home_first` on the team",
    "routing.*.weight": "weights between lines",
    "shifts.*.split": "split shifts are written `parts: [{from: ..., to: ...}, ...]`",
    "shifts.*.handover": "hand-over between shifts",
    "roles.*.consults": "leaders who are asked for help",
    "roles.*.changes": "the effects of a role on the operation",
    "costs.hire": "the cost of hiring",
    "costs.training": "the cost of training",
    "costs.tools": "the cost of tools; put it into `seat`",
    "costs.bot": "the cost of bots",
    "costs.penalty": "penalties for missed promises",
}
LATER_WORDS: Final[dict[str, dict[str, str]]] = {
    "contacts.*.escalates.*.how": {
        "consult": "consults",
        "warm transfer": "warm transfers",
        "warm_transfer": "warm transfers",
    },
}


def _matches(pattern: str, path: Path) -> bool:
    steps = pattern.split(".")
    return len(steps) == len(path) and all(
        want in ("*", step) for want, step in zip(steps, path, strict=True)
    )


def not_supported(path: Path, word: str | None = None) -> str | None:
    """What the key at `path` (or the word there) will be; None where it is simply unknown."""
    if word is None:
        table = LATER
        what = next((text for pattern, text in table.items() if _matches(pattern, path)), None)
        name = str(path[-1])
    else:
        words = (table for pattern, table in LATER_WORDS.items() if _matches(pattern, path))
        what = next((table[word] for table in words if word in table), None)
        name = word
    return f"'{name}' is not supported yet ({what})" if what else None

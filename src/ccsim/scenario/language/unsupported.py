"""What the language will say later: keys that are known but not supported yet.

One table, by path; `*` stands for one step. Whoever writes such a key is told what it will be,
rather than that it does not exist.
"""

from __future__ import annotations

from typing import Final

from ccsim.scenario.parsing.tree import Path

LATER: Final[dict[str, str]] = {
    "contacts.*.arrivals.campaign": "one campaign; write `campaigns: [{on: 2027-03-10, ...}]`",
    "contacts.*.sms": "text messages; write `messaging`",
    "contacts.*.owned": "customers with an owner; write `owner` in their line of `routing`",
    "contacts.*.language": "languages; write a type for each, and route it to who speaks it",
    "contacts.*.backlog": "a backlog of all channels; write it under a channel of the type",
    "contacts.*.satisfaction": "satisfaction (CSAT, NPS, CES)",
    "contacts.*.*.replies": "several replies; write `turns: {mean: 2.5, pause: 4 h}`",
    "contacts.*.*.waits_on": "waiting on third parties; write `waits_for`",
    "contacts.*.escalates.*.consult": "consults; write `how: consult`",
    "channels.sms": "text messages; write `messaging`",
    "channels.bot": "a bot that is a channel of its own; write `bot` under the channel it answers",
    "channels.ivr": "a voice menu of its own; write `ivr` under `phone`",
    "channels.self_service": "self-service; write `bot` under the channel it answers",
    "channels.outbound": "outbound calls; write `outbound` under a contact type",
    "channels.voicemail": "voicemail; write `when_closed: {phone: {leaves_message: 20 %, ...}}`",
    "channels.*.voicemail": "voicemail; write `when_closed: {phone: {leaves_message: 20 %, ...}}`",
    "channels.*.replies": "several replies; write `turns: {mean: 2.5, pause: 4 h}`",
    "channels.*.backlog": "a backlog of all types; write it under a channel of a type",
    "teams.*.shrinkage.projects": "time for projects is written `available: 50 %` on the team",
    "teams.*.attrition": "people who leave, by tenure and load",
    "teams.*.hiring": "hiring with its lead times",
    "teams.*.promotion": "promotion",
    "teams.*.contracts": "several contracts in a team; write a team for each, in one step",
    "teams.*.stays": "overtime until the line is empty; write planned `overtime`",
    "teams.*.languages": "languages; write a contact type for each, and routes to the teams",
    "teams.*.unlimited": "servers for every comer; write `bot` or `ivr` under a channel",
    "routing.*.same_agent_for": "the same agent for a while",
    "routing.*.home_first": "a preference of lines; write `take: home_first` on the team",
    "routing.*.weight": "weights between lines",
    "shifts.*.split": "split shifts are written `parts: [{from: ..., to: ...}, ...]`",
    "shifts.*.handover": "hand-over between shifts; let the shifts overlap",
    "roles.*.changes": "the effects of a role on the operation",
    "costs.hire": "the cost of hiring",
    "costs.training": "the cost of training",
    "costs.bot": "the cost of bots; write `cost` under the bot",
}


def _matches(pattern: str, path: Path) -> bool:
    steps = pattern.split(".")
    return len(steps) == len(path) and all(
        want in ("*", step) for want, step in zip(steps, path, strict=True)
    )


def not_supported(path: Path) -> str | None:
    """What the key at `path` will be; None where it is simply unknown."""
    what = next((text for pattern, text in LATER.items() if _matches(pattern, path)), None)
    return f"'{path[-1]}' is not supported yet ({what})" if what else None

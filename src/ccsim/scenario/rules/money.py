"""Rules about money: its currency, the pay that costs need, penalties and sales."""

from __future__ import annotations

from collections.abc import Iterator

from ccsim import units
from ccsim.errors import suggestion
from ccsim.scenario.problem import Problem
from ccsim.scenario.rules.facts import Facts, unknown
from ccsim.scenario.rules.people import pays
from ccsim.scenario.schema import Penalty
from ccsim.scenario.side_lines import machines_of
from ccsim.scenario.tree import Path

PRICES = ("seat", "tools", "phone_minute")  # of `costs`
KEPT = {"answer": "service_level", "resolution": "resolved_within"}  # measures of promises


def money_has_a_currency(facts: Facts) -> Iterator[Problem]:
    scenario = facts.scenario
    if scenario.currency is not None:
        if not scenario.currency.strip():
            yield Problem(("currency",), "is empty")
        return
    path = next(_money(facts), None)
    if path is not None:
        yield Problem(path, "money is written, but the scenario has no `currency: UAH`")


def _money(facts: Facts) -> Iterator[Path]:
    """The places of money, in the order of the file's blocks."""
    for name, contact in facts.scenario.contacts.items():
        for key in ("lost_if_abandoned", "upsell"):
            if getattr(contact, key) is not None:
                yield ("contacts", name, key)
    for path, _ in pays(facts):
        yield path
    yield from _fees(facts)
    yield from _prices(facts)


def _fees(facts: Facts) -> Iterator[Path]:
    """The places of what machines cost for each contact."""
    for channel, kind in machines_of(facts.scenario):
        if getattr(facts.scenario.channels[channel], kind).cost is not None:
            yield ("channels", channel, kind, "cost")


def _prices(facts: Facts) -> Iterator[Path]:
    """The places of what is paid beside people."""
    for key in PRICES:
        if getattr(facts.scenario.costs, key) is not None:
            yield ("costs", key)
    if facts.scenario.costs.penalties:
        yield ("costs", "penalties")


def pay_is_given_when_costs_are_asked(facts: Facts) -> Iterator[Problem]:
    """With any money in the scenario, every team's pay is a fact that must be given."""
    scenario = facts.scenario
    asked = (
        any(team.pay is not None for team in scenario.teams.values())
        or bool(scenario.roles)
        or any(True for _ in _prices(facts))
        or any(True for _ in _fees(facts))
        or any(contact.upsell is not None for contact in facts.whole.contacts.values())
        or any(one.measure.startswith("cost.") for one in scenario.expect)
    )
    for name, team in scenario.teams.items():
        if asked and team.pay is None:
            yield Problem(
                ("teams", name),
                "'pay' is missing: costs are asked for, and no wage is assumed "
                "(pay: {wage: 0 / h} for those who cost nothing)",
            )


def penalties_are_of_promises(facts: Facts) -> Iterator[Problem]:
    """What is owed is owed for a promise that is there, and for a share that is known."""
    penalties = facts.scenario.costs.penalties
    if not penalties:
        return
    keys = frozenset(facts.known_measures(facts.scenario)) if facts.known_measures else frozenset()
    scopes = tuple(
        dict.fromkeys(
            scope for key in keys for scope, _, name in [key.rpartition(".")] if name == "attempts"
        )
    )
    for number, penalty in enumerate(penalties):
        path: Path = ("costs", "penalties", number)
        if keys and penalty.of not in scopes:
            hint = suggestion(penalty.of, sorted(scopes), "promises")
            shown = units.found(penalty.of)
            yield Problem((*path, "of"), f"nothing called {shown} has promises{hint}")
        elif keys and f"{penalty.of}.{KEPT[penalty.promise]}" not in keys:
            key = "answer_within" if penalty.promise == "answer" else "resolve_within"
            yield Problem((*path, "of"), f"there is no promise to miss: no `{key}` in {penalty.of}")
        else:
            yield from _share_is_known(penalty, keys, path)


def _share_is_known(penalty: Penalty, keys: frozenset[str], path: Path) -> Iterator[Problem]:
    if penalty.costs.per == "contact":
        if penalty.under is not None:
            yield Problem(
                (*path, "under"), "an amount for each contact needs no share; leave `under` out"
            )
    elif penalty.under == 0.0:
        yield Problem(
            (*path, "under"), "no share is below 0 %: this could never be owed; write 80 %"
        )
    elif penalty.under is None and (
        penalty.promise == "resolution" or (keys and f"{penalty.of}.days_kept" not in keys)
    ):
        yield Problem(
            path, "'under' is missing: in which share the promise must have been kept: 80 %"
        )


def sales_are_of_teams(facts: Facts) -> Iterator[Problem]:
    """Teams that sell are teams."""
    scenario = facts.scenario
    places = [
        (("contacts", name), contact.upsell) for name, contact in scenario.contacts.items()
    ] + [(("segments", name), segment.upsell) for name, segment in scenario.segments.items()]
    for place, upsell in places:
        if upsell is not None and isinstance(upsell.share, dict):
            for team in upsell.share:
                path: Path = (*place, "upsell", "share", team)
                yield from unknown(path, team, scenario.teams, "team", "teams", at_key=True)


RULES = (
    money_has_a_currency,
    pay_is_given_when_costs_are_asked,
    penalties_are_of_promises,
    sales_are_of_teams,
)

"""Rules about money: its currency, the pay that costs need, penalties and sales."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ccsim import units
from ccsim.errors import suggestion
from ccsim.scenario.parsing.problem import Problem
from ccsim.scenario.parsing.tree import Path
from ccsim.scenario.rules.facts import Facts, unknown
from ccsim.scenario.rules.people import pays
from ccsim.scenario.schema import Penalty
from ccsim.scenario.side_lines import machines_of

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
    keys = _measures(facts)
    scopes = _promising(keys)
    for number, penalty in enumerate(facts.scenario.costs.penalties):
        path: Path = ("costs", "penalties", number)
        if keys and penalty.of not in scopes:
            yield _nothing_called(penalty, path, scopes)
        elif keys and f"{penalty.of}.{KEPT[penalty.promise]}" not in keys:
            key = "answer_within" if penalty.promise == "answer" else "resolve_within"
            yield Problem((*path, "of"), f"there is no promise to miss: no `{key}` in {penalty.of}")
        else:
            yield from _share_is_known(penalty, frozenset(keys), path)


def penalties_name_something(facts: Facts) -> Iterator[Problem]:
    """Of a scenario that is not whole: what promises is there, or may be."""
    scenario = facts.scenario
    known = (*scenario.channels, *scenario.contacts, *scenario.segments)
    scopes = _promising(_measures(facts))
    for number, penalty in enumerate(scenario.costs.penalties):
        if scopes and penalty.of not in (*scopes, *known):
            yield _nothing_called(penalty, ("costs", "penalties", number), scopes)


def _measures(facts: Facts) -> dict[str, None]:
    """The keys of all measures, where they are known and somebody is to pay."""
    if not facts.scenario.costs.penalties or facts.known_measures is None:
        return {}
    return dict.fromkeys(facts.known_measures(facts.scenario))


def _promising(keys: Iterable[str]) -> tuple[str, ...]:
    """What promises can be of, by its name in measures."""
    parts = (key.rpartition(".") for key in keys)
    return tuple(sorted({scope for scope, _, name in parts if name == "attempts"}))


def _nothing_called(penalty: Penalty, path: Path, scopes: tuple[str, ...]) -> Problem:
    hint = suggestion(penalty.of, scopes, "promises")
    return Problem((*path, "of"), f"nothing called {units.found(penalty.of)} has promises{hint}")


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

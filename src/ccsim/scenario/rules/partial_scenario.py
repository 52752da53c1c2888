"""What the rules can say about a scenario of which some values could not be read.

Rules about names and totals are silent about what is in or around what was left out; rules that
look at one thing by itself (a team, a type, a shift) about the whole thing; rules that put several
blocks together say nothing where something was left out of one of them, for what they would say
may only follow from that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ccsim.scenario.parsing.problem import Problem
from ccsim.scenario.rules import (
    RULES,
    conversations,
    degenerate,
    demand,
    distributions,
    money,
    names,
    people,
    plausible,
    segments,
    service,
    shifts,
    told_by,
    waiting,
)
from ccsim.scenario.rules.facts import Facts, KnownMeasures, Rule
from ccsim.scenario.tables.files import FileTable
from ccsim.scenario.validation.readable_part import Part
from ccsim.scenario.validation.size_limits import too_many_lines

NAMES: tuple[Rule, ...] = (
    names.names_are_distinct,
    names.names_are_no_words,
    names.labels_are_distinct,
    names.channels_exist,
    names.shifts_exist,
    names.distributions_exist,
    names.teams_exist,
    names.stages_exist,
    distributions.distributions_are_whole,
    distributions.samples_say_enough,
    people.people_are_given,
    shifts.shifts_are_whole,
    shifts.breaks_fit_their_shift,
    shifts.rotations_exist,
    service.routing_names_exist,
    service.steps_name_a_team_once,
    service.expectations_name_something,
    money.penalties_name_something,
    money.sales_are_of_teams,
    segments.segments_are_of_types,
    waiting.owners_exist,
    degenerate.nothing_stands_twice,
)
ONE_THING: tuple[Rule, ...] = (
    demand.escalation_shares_fit,
    people.somebody_is_left,
    people.net_teams_have_no_shifts,
    people.pay_is_one_of_two,
    people.roles_have_heads,
    plausible.handling_takes_hours_at_most,
    plausible.short_things_are_short,
    plausible.weeks_have_168_hours,
    plausible.days_vary_within_bounds,
    plausible.absence_is_of_this_world,
    plausible.overtime_is_paid_in_full,
    plausible.shares_are_at_most_all,
    degenerate.somebody_gets_through,
    degenerate.promises_are_to_somebody,
    degenerate.weeks_have_hours,
    degenerate.new_people_are_new,
    degenerate.somebody_is_helped_at_last,
    degenerate.bounds_can_be_missed,
    service.expectations_have_bounds,
    money.pay_is_given_when_costs_are_asked,
    waiting.callbacks_make_sense,
    waiting.cases_come_back,
    waiting.who_waits_asks_nobody,
    waiting.warm_transfers_make_sense,
    conversations.what_is_reopened_was_resolved,
)
# Which blocks a rule puts together; one that stands nowhere here looks at the whole operation
TOGETHER: dict[Rule, frozenset[str]] = {
    rule: frozenset(blocks.split())
    for rule, blocks in (
        (demand.volume_is_given, "calendar"),
        (demand.surges_make_sense, "calendar"),
        (demand.type_has_channels, "contacts"),
        (demand.volume_can_be_played, "calendar contacts"),
        (demand.trace_channels_are_handled, "contacts"),
        (demand.traces_lie_in_the_calendar, "calendar contacts"),
        (demand.shapes_have_weight, "calendar contacts"),
        (demand.breached_promises_exist, "contacts channels"),
        (distributions.wrap_up_has_mean, "contacts distributions"),
        (distributions.distributions_can_be_scaled, "contacts distributions"),
        (distributions.work_ends, "contacts distributions teams"),
        (names.stages_are_reached, "contacts"),
        (money.money_has_a_currency, "currency"),
        (money.penalties_are_of_promises, "contacts channels segments costs"),
        (plausible.steps_can_open, "teams routing"),
        (segments.segments_fit_into_their_type, "contacts segments"),
        (service.calendar_is_whole, "calendar"),
        (service.routing_keys_mean_something, "contacts channels segments roles"),
        (service.every_line_has_a_route, "contacts channels segments roles routing"),
        (service.promises_have_hours, "contacts channels segments opens"),
        (service.patience_is_given, "contacts channels segments"),
        (service.hours_make_sense, "calendar opens channels"),
        (service.busy_can_happen, "channels"),
        (shifts.shifts_are_worked, "calendar teams shifts"),
        (shifts.overtime_is_of_the_roster, "teams shifts"),
        (shifts.on_call_is_drawn_from_a_team, "teams"),
        (shifts.on_call_stands_last, "teams routing"),
        (shifts.holidays_are_known, "calendar teams"),
        (waiting.stages_are_no_side_lines, "contacts roles"),
        (waiting.messages_make_sense, "contacts channels"),
        (waiting.closed_channels_close, "channels opens when_closed"),
        (waiting.machines_make_sense, "contacts channels opens"),
        (waiting.volumes_are_before_the_machine, "contacts channels"),
        (waiting.campaigns_make_sense, "calendar contacts channels opens"),
        (conversations.turns_are_of_written_channels, "contacts channels"),
    )
}
BESIDE = frozenset(("ccsim", "name", "about", "run", "uncertain", "designs"))


def check_part(
    part: Part, files: Mapping[str, FileTable], known_measures: KnownMeasures | None
) -> Iterator[Problem]:
    """The problems of a part of a scenario that cannot follow from what was left out of it."""
    if too_many_lines(part.scenario) is not None:
        return
    facts = Facts(part.scenario, files, known_measures)
    yield from part.about_names(told_by(NAMES, facts))
    broken = frozenset(str(path[0]) for path in part.left_out) - BESIDE
    whole = [
        rule
        for rule in RULES
        if rule not in (*NAMES, *ONE_THING)
        and not (broken & TOGETHER[rule] if rule in TOGETHER else broken)
    ]
    yield from part.about_one_thing(told_by((*ONE_THING, *whole), facts))

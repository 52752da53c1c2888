"""Designs and `--set`: what merges, what replaces, what changes, and what matches nothing."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from ccsim.errors import ScenarioProblems
from ccsim.measures.catalogue import known_measures
from ccsim.scenario.drawn import drawn
from ccsim.scenario.resolve import all_from_dict, from_dict, to_plain
from ccsim.scenario.schema import Scenario

S, MIN = 10**6, 60 * 10**6
BASE: dict[str, Any] = {
    "ccsim": 1,
    "name": "Two teams",
    "calendar": {"start": "2027-03-01", "days": 7},
    "contacts": {
        "calls": {
            "arrivals": {"per_day": {"mon-fri": 400, "sat": 100, "sun": 0}},
            "phone": {"handle": {"mean": "5 min", "cv": "80 %"}},
            "resolved": "80 %",
        }
    },
    "channels": {"phone": {"answer_within": "20 s", "target": "80 %", "patience": "3 min"}},
    "teams": {
        "desk": {"people": 46, "shrinkage": {"sick": "5 % of days", "late": "2 % of hours"}},
        "experts": {"people": 3, "shrinkage": {"sick": {"share": "4 % of days", "spell": "3 d"}}},
    },
    "routing": {"calls": ["desk", {"team": "experts", "after": "60 s"}]},
}


def scenario(patch: dict[str, Any] | None = None, *settings: str) -> Scenario:
    """BASE with a patch as a design and with settings."""
    data = deepcopy(BASE)
    if patch is not None:
        data["designs"] = {"other": patch}
    return from_dict(
        data, design="other" if patch is not None else None, settings=settings
    ).scenario


def problems(patch: dict[str, Any] | None = None, *settings: str) -> list[str]:
    with pytest.raises(ScenarioProblems) as raised:
        scenario(patch, *settings)
    return [f"{problem.path}: {problem.message}" for problem in raised.value.problems]


def volume(of: Scenario) -> dict[str, float]:
    per_day = of.contacts["calls"].arrivals.per_day
    assert isinstance(per_day, dict)
    return {str(day): number for day, number in per_day.items()}


def test_maps_merge_and_lists_replace() -> None:
    got = scenario({"teams": {"desk": {"people": 50}}, "routing": {"calls": ["experts", "desk"]}})
    assert got.teams["desk"].people == 50
    assert got.teams["desk"].shrinkage.late == 0.02
    assert [step.team for step in got.routing["calls"].route] == [("experts",), ("desk",)]


def test_none_removes_and_only_replaces() -> None:
    got = scenario({"teams": {"desk": {"shrinkage": {"late": "none"}}}})
    assert got.teams["desk"].shrinkage.late == 0.0
    got = scenario(
        {"teams": {"only": {"all_of_us": {"people": 49}}}, "routing": {"calls": ["all_of_us"]}}
    )
    assert list(got.teams) == ["all_of_us"]


def test_only_in_the_depth() -> None:
    patch = {"teams": {"desk": {"shrinkage": {"only": {"leave": "10 % of days"}}}}}
    got = scenario(patch).teams["desk"].shrinkage
    assert (got.leave, got.sick, got.late) == (0.1, None, 0.0)


@pytest.mark.parametrize(
    ("value", "people"), [("+10 %", 51), ("-10 %", 41), ("-50 %", 23), ("+1.1 %", 47)]
)
def test_changes_of_counts_round_half_up(value: str, people: int) -> None:
    # 50.6, 41.4, 23, 46.506
    assert scenario({"teams": {"desk": {"people": value}}}).teams["desk"].people == people
    assert scenario(None, f"teams.desk.people={value}").teams["desk"].people == people


def test_a_change_of_a_map_of_numbers_changes_each() -> None:
    got = scenario({"contacts": {"calls": {"arrivals": {"per_day": "+10 %"}}}})
    assert volume(got)["tue"] == pytest.approx(440, rel=1e-12)
    assert volume(got)["sun"] == 0


def test_a_change_of_a_block_changes_its_mean() -> None:
    handle = (
        scenario({"contacts": {"calls": {"phone": {"handle": "-10 %"}}}}).contacts["calls"].phone
    )
    assert handle is not None
    assert (handle.handle.mean, handle.handle.cv) == (270 * S, 0.8)
    sick = scenario({"teams.*.shrinkage.sick": "-50 %"}).teams
    assert [team.shrinkage.sick.share for team in sick.values() if team.shrinkage.sick] == [
        0.025,
        0.02,
    ]


def test_signed_is_a_change_and_unsigned_a_value() -> None:
    assert (
        scenario({"contacts": {"calls": {"resolved": "+5 %"}}}).contacts["calls"].resolved == 0.84
    )
    assert scenario({"contacts": {"calls": {"resolved": "5 %"}}}).contacts["calls"].resolved == 0.05
    assert (
        scenario({"contacts": {"calls": {"resolved": "-5 points"}}}).contacts["calls"].resolved
        == 0.75
    )


def test_a_patch_goes_into_short_forms() -> None:
    got = scenario({"channels": {"phone": {"patience": {"hangs_up_at_once": "3 %"}}}})
    patience = got.channels["phone"].patience
    assert patience is not None and (patience.mean, patience.hangs_up_at_once) == (180 * S, 0.03)
    got = scenario({"routing": {"calls": {"head_start": "10 s"}}})
    assert got.routing["calls"].head_start == 10 * S and len(got.routing["calls"].route) == 2
    got = scenario({"teams": {"desk": {"shrinkage": {"sick": {"spell": "2 d"}}}}})
    sick = got.teams["desk"].shrinkage.sick
    assert sick is not None and (sick.share, sick.spell) == (0.05, 2 * 86_400 * S)


def test_dotted_paths_and_wildcards() -> None:
    got = scenario({"teams.*.people": 7, "channels.phone.patience.mean": "1 min"})
    assert [team.people for team in got.teams.values()] == [7, 7]
    patience = got.channels["phone"].patience
    assert patience is not None and patience.mean == MIN
    got = scenario(None, "*.*.people=8", "run.seed=5")
    assert [team.people for team in got.teams.values()] == [8, 8]
    assert got.run.seed == 5


def test_a_change_under_a_wildcard_passes_those_without() -> None:
    got = scenario({"teams.*.shrinkage.late": "-50 %"})
    assert [team.shrinkage.late for team in got.teams.values()] == [0.01, 0.0]


def test_a_wildcard_removes_where_something_stands() -> None:
    """Only the desk has lateness of its own to remove; of a list every item goes."""
    data = deepcopy(BASE)
    data["teams"]["experts"].pop("shrinkage")
    data["designs"] = {"other": {"teams.*.shrinkage": "none"}}
    got = from_dict(data, design="other").scenario
    assert [team.shrinkage.late for team in got.teams.values()] == [0.0, 0.0]
    breaks = [{"at": f"{hour}:00", "for": "15 min"} for hour in (10, 12, 14)]
    shift = {"days": "daily", "from": "08:00", "to": "16:00", "breaks": breaks}
    data["shifts"] = {"day": shift, "bare": {**shift, "breaks": []}}
    data["teams"]["desk"]["roster"] = {"day": "50 %", "bare": "rest"}
    for path, left in (("shifts.*.breaks.*", 0), ("shifts.day.breaks.2", 2)):
        data["designs"] = {"other": {path: "none"}}
        assert len(from_dict(data, design="other").scenario.shifts["day"].breaks) == left
        assert len(from_dict(data, settings=[f"{path}=none"]).scenario.shifts["day"].breaks) == left


def test_no_design_is_like_the_base() -> None:
    (told,) = problems({"like": "base", "teams.desk.people": 5})
    assert told.endswith("every design goes on from the base; leave `like` out")


def test_paths_into_lists_and_names_with_dots() -> None:
    assert scenario(None, "routing.calls.2.after=90 s").routing["calls"].route[1].after == 90 * S
    patch = {"routing": {"calls.phone": ["desk", "experts"]}}
    got = scenario(patch, "designs.other.routing.calls.phone.2.after=5 s")
    assert [step.after for step in got.routing["calls.phone"].route] == [0, 5 * S]
    got = scenario(None, "routing.calls.phone=[desk, experts]")
    assert list(got.routing) == ["calls", "calls.phone"]


def test_the_order_is_base_then_like_then_design_then_set() -> None:
    data = deepcopy(BASE)
    data["designs"] = {
        "first": {"teams": {"desk": {"people": 10}, "experts": {"people": 10}}},
        "second": {"like": "first", "teams": {"desk": {"people": 20}}},
    }
    designs = all_from_dict(data, settings=["teams.experts.people=+1 %", "run.seed=3"])
    people = {
        name: tuple(team.people for team in design.scenario.teams.values())
        for name, design in designs.items()
    }
    assert people == {"base": (46, 3), "first": (10, 10), "second": (20, 10)}
    assert {design.scenario.run.seed for design in designs.values()} == {3}
    only = all_from_dict(data, settings=["designs.second.teams.desk.people=30"])
    assert [only[name].scenario.teams["desk"].people for name in only] == [46, 10, 30]


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("teams.desk.people", "write --set PATH=VALUE"),
        ("=5", "write --set PATH=VALUE"),
        ("teams.desk.people=", "write --set PATH=VALUE"),
        ("teams.desk.people=[", "is not closed"),
        ("teams.desk.peple=5", "there is no key 'peple' here; did you mean 'people'?"),
        ("teams.desk.people=many", "a count is a whole number; found 'many'"),
        ("teams.desk.people=+1", "'+1': a value is written without a sign; a change of what"),
        ("teams.desk.people=+1.5", "'+1.5': a value is written without a sign"),
        ("teams.desk.people=-1", "a count lies between 1 and 100000; found -1"),
        ("contacts.calls.arrivals.per_day=+20", "is a percentage, +10 % or -15 %"),
        ("channels.phone.answer_within=-5 s", "'-5 s': a value is written without a sign"),
        ("channels.phone.answer_within=+5 s", "is a percentage, +10 % or -15 %"),
        ("routing.cals.2.after=5 s", "there is no line 'cals' that goes so far; did you mean"),
        ("routing.calls.9.after=5 s", "matches nothing (items of a list are counted from 1)"),
        ("designs.base=none", "write what changes in it: designs.base.PATH=VALUE"),
        ("calendar.days=none", "'days' is missing: how many days are simulated"),
        ("teams=none", "'teams' is missing: the teams by name"),
        ("tems.*.people=5", "'tems.*.people' matches nothing; did you mean 'teams'?"),
        ("teams..people=5", "a dotted path has a word between its dots"),
        ("teams.desk.people.more=5", "'more' cannot be set: here stands '46'"),
        ("teams.desk.slowdown=-5 %", "there is nothing here to change"),
        ("teams.desk.pay=none", "there is nothing here to remove"),
        ("designs.nobody.run.seed=5", "there is no design 'nobody' (designs: base)"),
        ("channels.phone.answer_within=20", "a duration needs a unit"),
        ("name=~", "nothing is written here"),
    ],
)
def test_settings_that_will_not_do(setting: str, words: str) -> None:
    with pytest.raises(ScenarioProblems) as raised:
        scenario(None, setting)
    (problem,) = raised.value.problems
    assert words in problem.message
    assert problem.file == f"--set {setting}"
    assert str(problem).startswith(f"--set {setting}  ")


def test_a_setting_into_an_unknown_thing_names_the_nearest() -> None:
    """`teams.dsek.people=5` is a slip of the pen, not a new team without pay and route."""
    (told,) = problems({"teams": {"desk": {"people": 9}}}, "teams.dsek.people=5")
    assert told.startswith("teams.dsek: there is no team 'dsek'; did you mean 'desk'?")
    (told,) = problems({"teams.dsek.people": 5})
    assert "did you mean 'desk'?" in told
    (told,) = problems(None, "contacts.calls.stages.tier2.handle=5 min")
    assert "there is no stage 'tier2' (there are no stages)" in told


def test_a_setting_is_for_the_designs_that_have_what_it_changes() -> None:
    pooled = {"teams": {"experts": "none"}, "routing": {"calls": ["desk"]}}
    data = {**deepcopy(BASE), "designs": {"pooled": pooled}}
    made = all_from_dict(data, settings=["teams.experts.people=7", "routing.calls.2.after=30 s"])
    assert made["base"].scenario.teams["experts"].people == 7
    assert made["base"].scenario.routing["calls"].route[1].after == 30 * S
    assert list(made["pooled"].scenario.teams) == ["desk"]
    assert len(made["pooled"].scenario.routing["calls"].route) == 1
    with pytest.raises(ScenarioProblems, match=r"no team 'experts' \(teams: desk\)"):
        all_from_dict(data, settings=["designs.pooled.teams.experts.people=7"])


def test_a_problem_of_the_base_is_told_once() -> None:
    told = problems({"teams": {"desk": {"people": 50}}}, "channels.phone.target=2")
    assert len(told) == 1 and "(in the design" not in told[0]


def test_a_problem_of_a_design_names_it() -> None:
    told = problems({"teams": {"experts": "none"}})
    assert told == [
        "routing.calls.2.team: there is no team 'experts'; did you mean 'desk'? (teams: desk) "
        "(in the design 'other')"
    ] or told == [
        "routing.calls.2.team: there is no team 'experts' (teams: desk) (in the design 'other')"
    ]


def test_all_problems_are_told_at_once() -> None:
    told = problems({"routing": {"calls": ["??", {"team": "dsk"}]}}, "channels.phone.target=2")
    assert sorted(one.split(":")[0] for one in told) == [
        "channels.phone.target",
        "routing.calls.1",
        "routing.calls.2.team",
    ]
    told = problems({"routing": {"calls": ["??"]}})
    assert [one.split(":")[0] for one in told] == ["routing.calls.1"]  # and not that it is empty


def test_unknown_designs_are_told() -> None:
    with pytest.raises(ScenarioProblems, match="there is no design 'pooled'"):
        from_dict(BASE, design="pooled")


def test_python_data_has_no_files_without_a_folder() -> None:
    told = problems(None, "contacts.calls.arrivals.shape=day.csv")
    assert "a scenario without a folder of its own cannot name files" in told[0]


def test_resolving_a_changed_design_is_idempotent() -> None:
    data = deepcopy(BASE)
    data["designs"] = {"other": {"teams.*.people": "-10 %", "contacts.calls.phone.handle": "-7 %"}}
    design = from_dict(data, design="other")
    assert from_dict(to_plain(design)).scenario == design.scenario


# --- expectations of designs ----------------------------------------------------------------------


def test_an_expectation_is_held_by_the_designs_that_it_names() -> None:
    data = deepcopy(BASE)
    answered, heads = "phone.service_level", "all.heads"
    data["expect"] = [
        {"measure": answered, "at_least": "80 %", "designs": ["more", "many"]},
        f"{heads} <= 90",
        {"measure": answered, "at_least": "70 %", "designs": "base"},
    ]
    data["designs"] = {
        "more": {"teams": {"desk": {"people": 50}}},
        "many": {"expect": [{"measure": answered, "at_least": "90 %", "designs": ["many"]}]},
        "other": {"teams": {"desk": {"people": 40}}},
    }
    designs = all_from_dict(data)

    def held(name: str) -> list[tuple[str, float | None]]:
        return [(one.measure, one.at_least) for one in designs[name].scenario.expect]

    assert held("base") == [(heads, None), (answered, 0.7)]
    assert held("more") == [(answered, 0.8), (heads, None)]
    assert held("many") == [(answered, 0.9)]
    assert held("other") == [(heads, None)]
    for design in designs.values():
        assert all(one.designs is None for one in design.scenario.expect)
        assert from_dict(to_plain(design)).scenario == design.scenario


def test_an_expectation_may_ask_for_what_only_its_design_has() -> None:
    """A measure of a team of the design is unknown in the base, which it is not meant for."""
    patch = {"teams": {"night": {"people": 2}}, "routing": {"calls": ["desk", "experts", "night"]}}
    data = deepcopy(BASE) | {
        "expect": [{"measure": "night.occupancy", "at_most": "80 %", "designs": ["nights"]}],
        "designs": {"nights": patch},
    }
    designs = all_from_dict(data, known_measures=known_measures)
    assert [len(design.scenario.expect) for design in designs.values()] == [0, 1]
    del data["expect"][0]["designs"]
    with pytest.raises(ScenarioProblems, match="there is nothing called 'night' to measure"):
        all_from_dict(data, known_measures=known_measures)


def test_a_drawn_design_holds_the_same_expectations() -> None:
    answered = {"measure": "phone.service_level", "at_least": "80 %", "designs": "more"}
    data = deepcopy(BASE) | {
        "expect": [answered, "phone.abandoned <= 9 %"],
        "designs": {"more": {"teams": {"desk": {"people": 50}}}},
        "uncertain": {"teams.desk.people": {"by": ["-10 %", "+10 %"], "source": "illustrative"}},
    }
    for name, held in (("base", 1), ("more", 2)):
        design = all_from_dict(data)[name]
        again = drawn(replace(design, name="a point"), {"teams.desk.people": 0.9})
        assert len(design.scenario.expect) == held
        assert again.scenario.expect == design.scenario.expect
        assert again.scenario.teams["desk"].people != design.scenario.teams["desk"].people

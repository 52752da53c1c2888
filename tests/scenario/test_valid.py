"""Every file of `valid/` resolves; what is resolved resolves to itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from ccsim.measures.catalogue import known_measures
from ccsim.scenario.patching.designs import BASE
from ccsim.scenario.resolve import Design, from_dict, load, load_all, to_plain

FOLDER = Path(__file__).parent / "valid"
REPOSITORY = Path(__file__).parents[2]
FILES = sorted(FOLDER.glob("*.yaml")) + sorted((REPOSITORY / "scenarios").rglob("*.yaml"))
S, MIN, H = 10**6, 60 * 10**6, 3600 * 10**6


@pytest.fixture(scope="module")
def full() -> dict[str, Design]:
    return load_all(FOLDER / "full.yaml", known_measures=known_measures)


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_resolving_is_idempotent(path: Path) -> None:
    for name, design in load_all(path, known_measures=known_measures).items():
        plain = to_plain(design)
        again = from_dict(json.loads(json.dumps(plain)), design.folder)
        assert again.scenario == design.scenario, name
        assert {k: v.sha256 for k, v in again.files.items()} == {
            k: v.sha256 for k, v in design.files.items()
        }
        assert to_plain(again) == plain


def test_the_resolved_form_is_yaml_too(full: dict[str, Design], tmp_path: Path) -> None:
    plain = to_plain(full["pooled"])
    (tmp_path / "profiles").symlink_to(FOLDER / "profiles")
    again = tmp_path / "resolved.yaml"
    again.write_text(yaml.safe_dump(plain, sort_keys=False), encoding="utf-8")
    with pytest.raises(Exception, match="leads out of the scenario's folder"):
        load(again)  # the link leads out of the folder: refused, as every path outside is
    (tmp_path / "profiles").unlink()
    (tmp_path / "profiles").mkdir()
    for file in (FOLDER / "profiles").iterdir():
        (tmp_path / "profiles" / file.name).write_bytes(file.read_bytes())
    assert load(again).scenario == full["pooled"].scenario


def test_quantities_are_held_plainly(full: dict[str, Design]) -> None:
    base = full[BASE].scenario
    assert base.calendar.interval == 30 * MIN
    phone = base.channels["phone"]
    assert (phone.answer_within, phone.target) == (20 * S, 0.8)
    assert phone.patience is not None
    assert (phone.patience.mean, phone.patience.hangs_up_at_once) == (144 * S, 0.03)
    frontline = base.teams["frontline"]
    assert frontline.roster == {"early": 0.45, "mid": 0.3, "late": "rest"}
    assert frontline.hands == {"phone": "alone", "chat": 3, "email": "in gaps"}
    assert frontline.pay is not None and frontline.pay.salary is not None
    assert (frontline.pay.salary.amount, frontline.pay.salary.per) == (14_400.0, "year")
    assert frontline.pay.premium == {"22:00-06:00": 0.2, "sun": 0.5}
    assert frontline.contract is not None
    assert (frontline.contract.full_time, frontline.contract.works) == (40 * H, (5, 7))
    assert frontline.shrinkage.training == 2 * H
    assert base.teams["specialists"].roster == {"early": 4, "late": 4, "night": 2}
    assert base.teams["specialists"].handle_time == 0.9
    night = base.shifts["night"]
    assert (night.from_, night.to) == (22 * 3600, 7 * 3600)
    assert night.days == ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    assert base.shifts["early"].breaks[1].between == (11 * 3600 + 1800, 13 * 3600 + 1800)
    assert base.roles["team_leader"].one_per == 12


def test_short_forms_mean_the_long_ones(full: dict[str, Design]) -> None:
    base = full[BASE].scenario
    billing = base.contacts["billing"]
    assert set(billing.stages) == {"tier2"}
    assert billing.stages["tier2"].handle.mean == 14 * MIN
    assert billing.escalates[0].at == ("frontline",)
    assert base.contacts["technical"].arrivals.busyness is not None
    assert base.contacts["technical"].arrivals.busyness.cv == 0.1
    chat = base.routing["billing.chat"].route
    assert len(chat) == 1 and chat[0].team == ("frontline", "specialists")
    phone = base.routing["billing.phone"].route
    assert [step.team for step in phone] == [("frontline",), ("specialists",)]
    assert (phone[1].after, phone[1].keep_idle) == (60 * S, 2)
    assert base.routing["technical"].head_start == 90 * S
    hours = base.opens["chat"]
    assert isinstance(hours, dict)
    assert [(span.start, span.until) for span in hours["tue"]] == [
        (7 * 3600, 12 * 3600),
        (13 * 3600, 21 * 3600),
    ]
    assert "sat" not in hours


def test_expectations(full: dict[str, Design]) -> None:
    service, abandoned, cost = full[BASE].scenario.expect
    assert (service.measure, service.at_least, service.unit) == (
        "phone.service_level",
        0.8,
        "share",
    )
    assert (abandoned.at_most, abandoned.over, abandoned.in_) == (0.05, "day", 0.95)
    assert (cost.at_most, cost.unit, cost.per) == (1_450_000.0, "money", "month")


def test_designs_patch_the_base(full: dict[str, Design]) -> None:
    pooled = full["pooled"].scenario
    assert list(pooled.teams) == ["generalists"]
    assert list(pooled.routing) == ["*"]
    assert not pooled.contacts["billing"].stages
    handle = pooled.contacts["billing"].phone
    assert handle is not None and handle.handle.mean == round(5.2 * 1.1 * MIN)
    assert handle.handle.as_ == "calls"
    assert full["pooled"].about == "everyone does everything"
    assert full[BASE].scenario.teams["frontline"].people == 46

    cheaper = full["cheaper"].scenario
    assert cheaper.teams["frontline"].people == 41  # 46 less 10 % is 41.4
    sick = cheaper.teams["frontline"].shrinkage.sick
    assert sick is not None
    assert (sick.share, sick.spell) == (0.04, 72 * H)  # the share changes, the spell stays
    assert cheaper.contacts["billing"].resolved == {"frontline": 0.84, "specialists": 0.97}
    volume = cheaper.contacts["billing"].arrivals.per_day
    assert isinstance(volume, dict) and volume["mon"] == 1377.5
    assert cheaper.routing["billing.phone"].route[1].after == 90 * S
    assert cheaper.expect == ()


def test_places_lead_to_the_text(full: dict[str, Design]) -> None:
    places = full[BASE].places
    text = (FOLDER / "full.yaml").read_text(encoding="utf-8").splitlines()
    for path, start in (
        ("teams.frontline.people", "46"),
        ("routing.billing.phone.2.after", "60 s"),
        ("teams.frontline.shrinkage", "shrinkage:"),
        ("expect.3", "cost.total"),
    ):
        file, line, column = places[path]
        assert file == str(FOLDER / "full.yaml")
        assert text[line - 1][column - 1 :].startswith(start), path


def test_files_are_read_at_resolve_time() -> None:
    design = load(FOLDER / "files.yaml")
    assert set(design.files) == {
        "profiles/patience.csv",
        "profiles/billing-day.csv",
        "profiles/heads.csv",
        "profiles/duty.csv",
    }
    heads = design.files["profiles/heads.csv"]
    assert heads.columns["mon-fri"] == ("0", "3", "2")
    assert len(heads.sha256) == 64
    assert len(design.files["profiles/billing-day.csv"].columns["sat"]) == 48


def test_many_designs() -> None:
    designs = load_all(FOLDER / "many-designs.yaml")
    people = {name: design.scenario.teams["agents"].people for name, design in designs.items()}
    assert people["more"] == 11 and people["still_more"] == 12 and people[BASE] == 10
    assert designs["still_more"].about == "" and designs["more"].about == "one more"
    faster = designs["faster"].scenario.contacts["calls"].phone
    assert faster is not None and faster.handle.mean == 270 * S
    spread = designs["spread"].scenario.contacts["calls"].phone
    assert spread is not None
    assert (spread.handle.mean, spread.handle.cv) == (300 * S, 0.9)
    patient = designs["patient"].scenario.channels["phone"]
    assert patient.patience is not None
    assert (patient.patience.mean, patient.patience.hangs_up_at_once) == (180 * S, 0.02)
    assert patient.target == 0.75
    helped = designs["helped"].scenario.routing
    assert helped["calls"].head_start == 10 * S
    assert [step.team for step in helped["calls.phone"].route] == [("agents",), ("helpers",)]

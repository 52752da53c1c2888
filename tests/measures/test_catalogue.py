"""Keys and their definitions."""

from __future__ import annotations

import subprocess
import sys
from typing import get_args

import pytest

from ccsim.measures.catalogue import (
    MEASURES,
    describe,
    interval_measures,
    known_measures,
    quantile_of,
    split_key,
)
from ccsim.measures.measure import ScopeKind
from tests.measures.desk import Blocks, design, kpis, nobody


def test_definitions_are_whole() -> None:
    names = [measure.name for measure in MEASURES]
    assert len(set(names)) == len(names)
    for measure in MEASURES:
        assert measure.definition.endswith(".") and measure.definition[0].isupper()
        assert measure.numerator
        assert bool(measure.denominator) == (measure.kind == "ratio")
        assert set(measure.scopes) <= set(get_args(ScopeKind))
        assert "." not in measure.name
        assert not (measure.by_interval and measure.kind in ("quantile", "longest"))


def test_keys_of_the_desk() -> None:
    keys = known_measures(design().scenario)
    assert len(set(keys)) == len(keys)
    for key in (
        "all.attempts",
        "phone.service_level",
        "phone.wait_p80",
        "email.first_response_time_p95",
        "phone.intervals_kept",
        "billing.abandoned_by_customer",
        "technical.phone.first_contact_resolution",
        "technical.phone@tier2.wait_p50",
        "frontline.occupancy_live",
        "tier2.net_fte",
    ):
        assert key in keys
    for key in (
        "billing.intervals_kept",  # a type has no one target
        "technical.phone@tier2.service_level",  # nor a later stage a promise
        "chat.attempts",
        "cost.total",
        "frontline.people_cost",
        "frontline.service_level",
    ):
        assert key not in keys


def test_no_promise_no_service_level() -> None:
    silent: Blocks = {"channels": {"phone": {"answer_within": None, "target": None}}}
    keys = known_measures(design(silent).scenario)
    assert "phone.service_level" not in keys and "phone.days_kept" not in keys
    assert "phone.abandoned" in keys
    assert "all.service_level" in keys  # the e-mails still have one


def test_a_type_may_promise_where_its_channel_does_not() -> None:
    own: Blocks = {
        "channels": {"phone": {"answer_within": None, "target": None}},
        "contacts": {"billing": {"phone": {"answer_within": 20_000_000}}},
    }
    keys = known_measures(design(own).scenario)
    assert "billing.phone.service_level" in keys and "technical.phone.service_level" not in keys
    assert "phone.service_level" in keys


def test_evaluation_gives_the_keys_that_the_catalogue_promises() -> None:
    for records in (nobody(), None):
        got = kpis() if records is None else kpis(records=records)
        known = known_measures(design().scenario)
        assert got.keys == tuple(k for k in known if describe(k).kind != "quantile")
        assert got.components.keys == interval_measures(design().scenario)
        assert got.totals.shape == (len(got.keys), 2)
        assert got.cells.shape == (len(got.components.cells), 8)
        wanted = {quantile_of(k)[0] for k in known if describe(k).kind == "quantile"}
        assert set(got.histograms) == wanted


def test_describing_and_splitting() -> None:
    assert describe("technical.phone@tier2.wait").unit == "s"
    assert split_key("technical.phone@tier2.wait") == ("technical.phone@tier2", "wait")
    assert quantile_of("billing.phone.wait_p95") == ("billing.phone.wait", 0.95)
    with pytest.raises(KeyError):
        describe("phone.happiness")
    with pytest.raises(KeyError):
        quantile_of("phone.wait")


def test_the_catalogue_is_light() -> None:
    code = (
        "import sys, ccsim.measures.catalogue\n"
        "print([m for m in ('scipy', 'matplotlib', 'numba', 'pyarrow') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"

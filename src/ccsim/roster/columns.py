"""Planned shifts as the columns of a roster: what the engine sees, and what the payroll sees."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ccsim.roster.model import DUTY, SCHEDULE, SPANS
from ccsim.roster.shift_plan import BREAKS, ShiftPlans
from ccsim.roster.workforce import Paces


def scheduled(plans: ShiftPlans, first: int) -> NDArray[np.void]:
    """All that people are scheduled for, without premiums; person 0 is agent number `first`."""
    rows = np.zeros(len(plans.shift), dtype=SCHEDULE)
    rows["agent"] = plans.person[plans.shift] + first
    rows["start"], rows["until"], rows["activity"] = plans.start, plans.until, plans.what
    return rows


def duty_spans(plans: ShiftPlans, first: int, paces: Paces) -> NDArray[np.void]:
    """Spans on duty; person 0 is agent number `first`. Touching spans of one pace are one."""
    duty = np.flatnonzero(np.isin(plans.what, DUTY))
    person = plans.person[plans.shift[duty]]
    start, until = plans.start[duty], plans.until[duty]
    pace = paces.of(person, _shift_starts(plans)[duty])
    touches = (person[1:] == person[:-1]) & (start[1:] == until[:-1])
    touches &= pace[1:] == pace[:-1]
    begins = np.flatnonzero(np.append(True, ~touches)[: len(duty)])
    ends = np.append(begins[1:], len(duty))[: len(begins)] - 1
    rows = np.empty(len(begins), dtype=SPANS)
    rows["agent"] = person[begins] + first
    rows["start"], rows["until"] = start[begins], until[ends]
    rows["pace"] = pace[begins]
    rows["then_break"] = _goes_on_after_break(plans, duty)[ends]
    return rows


def _shift_starts(plans: ShiftPlans) -> NDArray[np.int64]:
    """When the shift begins that each part is of."""
    first = np.searchsorted(plans.shift, plans.shift)
    return plans.start[first]


def _goes_on_after_break(plans: ShiftPlans, duty: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Whether a break follows each part on duty, and duty again without time off in between."""
    is_gap = np.ones(len(plans.shift), dtype=np.bool_)
    is_gap[1:] = (plans.shift[1:] != plans.shift[:-1]) | (plans.start[1:] != plans.until[:-1])
    stretch = np.cumsum(is_gap)[duty]
    goes_on = np.zeros(len(duty), dtype=np.bool_)
    goes_on[:-1] = stretch[1:] == stretch[:-1]
    follows = np.minimum(duty + 1, len(plans.what) - 1)
    return goes_on & np.isin(plans.what[follows], BREAKS)

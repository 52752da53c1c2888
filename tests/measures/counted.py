"""Numerators and denominators of the hand-made desk, counted by hand."""

from __future__ import annotations

from tests.measures.desk import HORIZON, HOUR

BILLING_PHONE = {
    # 7 attempts: 3 answered (waits 10, 30, 0), 1 hung up (10), 1 busy, 1 closed, 1 cut off (60)
    "attempts": (7, 1),
    "contacts": (3, 1),
    "customers": (5, 1),
    "redials": (1, 1),
    "repeats": (1, 1),
    "redial_share": (1, 7),
    "repeat_share": (1, 7),
    "service_level": (2, 6),
    "service_level_abandons_good": (3, 6),
    "service_level_short_abandons_left_out": (2, 5),
    "service_level_answered": (2, 3),
    "service_level_by_customer": (1, 4),  # 0 in time; 1 late; 2, 4 gave up; 3 found it closed
    "answered": (3, 6),
    "abandoned": (1, 6),
    "abandoned_by_customer": (2, 4),  # busy and cut off; of these and the two who got through
    "blocked": (1, 6),
    "closed": (1, 7),
    "cut_off": (1, 6),
    "waited": (4, 5),
    "speed_of_answer": (40, 3),
    "wait": (110, 5),
    "wait_given_wait": (110, 4),
    "wait_abandoned": (10, 1),
    "longest_wait": (60, 1),
    "first_response_time": (40, 3),
    "resolution_time": (210 + 29_980, 2),
    "first_contact_resolution": (1, 2),
    "first_contact_resolution_first_agent": (1, 2),
    "resolved": (2, 3),
    "contacts_resolved": (2, 1),
    "escalations": (0, 1),
    "escalated": (0, 3),
    "promoted": (0, 7),
    "handle_time": (500, 3),
    "talk_time": (470, 3),
    "wrap_up_time": (30, 3),
    "agent_time_per_contact": (500, 3),
    "contacts_handled": (3, 1),
    "backlog_mean": (110, HORIZON),
    "in_system": (110 + 470, HORIZON),
    "backlog_end": (0, 1),
    "backlog_peak": (1, 1),
    "oldest_end": (0, 1),
    # four intervals of day one: 1 of 5 in the first (c1's third try came in the second: 1 of 1)
    "intervals_kept": (1, 2),
    "days_kept": (0, 1),
    "worst_day": (2 / 6, 1),
}
TECHNICAL_PHONE = {
    # 6 attempts: 5 (5 s), 6 (100 s), 12 (10 s) answered, 11 hung up (100 s), 7 and 8 still wait
    "attempts": (6, 1),
    "contacts": (3, 1),
    "customers": (6, 1),
    "redials": (0, 1),
    "repeats": (0, 1),
    "redial_share": (0, 6),
    "repeat_share": (0, 6),
    "service_level": (2, 5),  # 7 has outwaited its promise, 8 has not
    "service_level_abandons_good": (2, 5),
    "service_level_short_abandons_left_out": (2, 5),
    "service_level_answered": (2, 3),
    "service_level_by_customer": (2, 5),
    "answered": (3, 4),
    "abandoned": (1, 4),
    "abandoned_by_customer": (1, 4),
    "blocked": (0, 4),
    "closed": (0, 6),
    "cut_off": (0, 4),
    "waited": (4, 4),
    "speed_of_answer": (115, 3),
    "wait": (215, 4),
    "wait_given_wait": (215, 4),
    "wait_abandoned": (100, 1),
    "longest_wait": (800, 1),
    "first_response_time": (115, 3),
    "resolution_time": (465, 1),
    "first_contact_resolution": (1, 2),  # 12 has not ended
    "first_contact_resolution_first_agent": (0, 2),
    "resolved": (1, 2),
    "contacts_resolved": (1, 1),
    "escalations": (1, 1),
    "escalated": (1, 3),
    "promoted": (1, 6),
    "handle_time": (60 + 330 + 100, 3),
    "talk_time": (60 + 300 + 100, 3),
    "wrap_up_time": (30, 3),
    "agent_time_per_contact": (60 + 330 + 100 + 30, 2),  # with the helper
    "contacts_handled": (3, 1),
    "backlog_mean": (5 + 100 + 20 + 80 + 800 + 10 + 100 + 10, HORIZON),
    "in_system": (465 + 200 + 800 + 10 + 100 + 300, HORIZON),
    "backlog_end": (2, 1),
    "backlog_peak": (2, 1),
    "oldest_end": (800, 1),
    "intervals_kept": (1, 2),  # 1 of 2 in the first, 1 of 3 in the last
    "days_kept": (1, 2),
    "worst_day": (1 / 3, 1),
}
TIER2_QUEUE = {
    "attempts": (2, 1),
    "contacts": (2, 1),
    "answered": (2, 2),
    "abandoned": (0, 2),
    "blocked": (0, 2),
    "closed": (0, 2),
    "cut_off": (0, 2),
    "waited": (2, 2),
    "speed_of_answer": (180, 2),
    "wait": (180, 2),
    "wait_given_wait": (180, 2),
    "wait_abandoned": (0, 0),
    "longest_wait": (100, 1),
    "promoted": (0, 2),
    "escalations": (0, 1),
    "handle_time": (430, 2),
    "talk_time": (400, 2),
    "wrap_up_time": (30, 2),
    "contacts_handled": (2, 1),
    "backlog_mean": (180, HORIZON),
    "in_system": (400 + 180, HORIZON),
    "backlog_end": (0, 1),
    "backlog_peak": (1, 1),
    "oldest_end": (0, 1),
}
EMAIL = {
    "attempts": (2, 1),
    "service_level": (1, 1),  # 30 working minutes; the other has not begun to count
    "service_level_by_customer": (1, 1),
    "wait": (33_200, 1),
    "first_response_time": (34_100, 1),  # when the reply is sent
    "resolution_time": (34_100, 1),
    "handle_time": (600, 1),  # without the 300 s set aside
    "backlog_mean": (33_200 + 300 + 1800, HORIZON),
    "in_system": (34_100 + 1800, HORIZON),
    "backlog_end": (1, 1),
    "oldest_end": (1800, 1),
    "intervals_kept": (1, 1),
    "days_kept": (1, 1),
    "worst_day": (1, 1),
}
ALL = {
    "attempts": (15, 1),
    "customers": (13, 1),
    "service_level": (2 + 2 + 1, 6 + 5 + 1),
    "contacts_handled": (7, 1),
    "backlog_end": (3, 1),
    "backlog_peak": (3, 1),  # at the end: 7, 8 and the e-mail
    "oldest_end": (1800, 1),
    "longest_wait": (33_200, 1),
    "handle_time": (500 + 490 + 600, 7),
    "worst_day": (1 / 3, 1),
}
ON_FRONTLINE = 40_000 + 172_600
FRONTLINE = {
    "occupancy": (1100 + 180, ON_FRONTLINE),
    "occupancy_live": (500 + 180, ON_FRONTLINE),
    "occupancy_with_overtime": (1280 + 200, ON_FRONTLINE + 200),
    "busy": (1280, ON_FRONTLINE),
    "utilisation": (1480, ON_FRONTLINE + 100 + 100),  # half of the overtime falls into paid time
    "shrinkage": (100, ON_FRONTLINE + 100),  # sick from 172 700 to the horizon
    "concurrency": (1480, 1480),
    "contacts_per_agent_hour": (5, ON_FRONTLINE / HOUR),
    "heads_on_duty": (ON_FRONTLINE, HORIZON),
    "heads_busy": (1480, HORIZON),
    "heads_scheduled": (40_900 + 172_700, HORIZON),
    "heads": (2, 1),
    "paid_hours": ((ON_FRONTLINE + 100) / HOUR, 1),
    "duty_hours": (ON_FRONTLINE / HOUR, 1),
    "overtime_hours": (200 / HOUR, 1),
    "standby_hours": (0, 1),
    # full time is 40 h a week: 40 x 2/7 in two days
    "paid_fte": ((ON_FRONTLINE + 100) / HOUR / (40 * 2 / 7), 1),
    "net_fte": (ON_FRONTLINE / HOUR / (40 * 2 / 7), 1),
    "handle_time": (500 + 60 + 600, 5),
    "talk_time": (470 + 60 + 600, 5),
    "wrap_up_time": (30, 5),
    "contacts_handled": (5, 1),
}
TIER2 = {
    "occupancy": (430, 2000),
    "shrinkage": (500, 2700),
    "heads": (1, 1),
    "contacts_handled": (2, 1),
    "heads_scheduled": (2700, HORIZON),
}
ALL_STAFF = {
    "occupancy": (1280 + 430, ON_FRONTLINE + 2000),
    "heads_on_duty": (ON_FRONTLINE + 2000, HORIZON),
    "heads": (3, 1),
    "heads_with_roles": (3, 1),
}
CASES = [
    (f"{scope}.{name}", expected)
    for scope, table in (
        ("billing.phone", BILLING_PHONE),
        ("technical.phone", TECHNICAL_PHONE),
        ("technical", {k: v for k, v in TECHNICAL_PHONE.items() if not k.endswith("_kept")}),
        ("technical.phone@tier2", TIER2_QUEUE),
        ("email", EMAIL),
        ("all", ALL | ALL_STAFF),
        ("frontline", FRONTLINE),
        ("tier1", FRONTLINE),
        ("tier2", TIER2),
    )
    for name, expected in table.items()
]

"""The measures, one definition each. `docs/reference/measures.md` is made from this list.

Words: a *customer* is one case, from its first attempt until it is resolved or given up. An
*attempt* begins when the customer comes for the first time, again after an unresolved contact, or
redials; transfers and moves to another line continue it. A *contact* is an attempt that was
answered. An *item* is an answered stay in one queue: a contact passed on once is two items. Parts
of helpers are none of these. *Offered* attempts came while the channel was open and their fate is
known: answered, abandoned, blocked, cut off, or called back in vain; of a list of customers to
call, also those who have not been called yet. What a machine (bot, voice
menu) settles is not offered to people; what it passes on is an attempt from the handover on. Who
accepts a callback waits until somebody talks to them. Campaigns (customers who are called from a
list) are counted in their own scopes and not in `all`. A *decided* attempt was offered, or still
waits unanswered at the end and has already outwaited its promise.
"""

from __future__ import annotations

from ccsim.measures.measure import (
    ALL,
    CONTACT,
    COST,
    HELP,
    LINE,
    QUANTILES,
    REVENUE,
    STAFF,
    TARGET,
    WORK,
    Measure,
    ScopeKind,
    count,
    mean_time,
    money,
    quantiles,
    share,
)

_PROMISE = (
    share(
        "service_level", "higher",
        "Attempts answered within the promise, of all that were made while the channel was open; "
        "those who hung up, met a busy tone or were cut off count as not answered in time.",
        "attempts answered within the promise", "decided attempts", needs="promise",
    ),
    share(
        "service_level_abandons_good", "higher",
        "As the service level, but who hung up within the promise counts as served in time.",
        "attempts answered or abandoned within the promise", "decided attempts", needs="promise",
    ),
    share(
        "service_level_short_abandons_left_out", "higher",
        "As the service level, but who hung up within the promise is not counted at all.",
        "attempts answered within the promise",
        "decided attempts less those abandoned within the promise", needs="promise",
    ),
    share(
        "service_level_answered", "higher",
        "Attempts answered within the promise, of the answered ones only.",
        "attempts answered within the promise", "attempts answered", needs="promise",
    ),
    share(
        "service_level_by_customer", "higher",
        "Customers who reached somebody within the promise counted from their first attempt, "
        "redials included, of all customers.",
        "customers first answered within the promise of their first attempt",
        "customers answered, gone unanswered, or unanswered for longer than the promise; "
        "without those who only ever found the channel closed", needs="promise",
    ),
    Measure(
        "intervals_kept", "share", "ratio", TARGET, "higher",
        "Intervals whose service level reached the target, of those in which anybody came.",
        "intervals with service level >= target", "intervals with decided attempts",
        by_interval=True, needs="target",
    ),
    Measure(
        "days_kept", "share", "ratio", TARGET, "higher",
        "Days whose service level reached the target, of those on which anybody came.",
        "days with service level >= target", "days with decided attempts", needs="target",
    ),
    Measure(
        "worst_day", "share", "longest", CONTACT, "higher",
        "Service level of the worst day of the horizon, on average over replications.",
        "the lowest service level of a day with decided attempts", "", needs="promise",
    ),
)  # fmt: skip

_VOLUME = (
    count(
        "attempts", "attempts",
        "Attempts made: first ones, redials and repeats; answered or not.",
        "attempts entered", LINE,
    ),
    count(
        "contacts", "contacts", "Attempts that were answered.", "attempts answered", LINE,
    ),
    count(
        "customers", "customers", "Customers who came, however often they tried.",
        "first attempts entered",
    ),
    count(
        "redials", "attempts", "Attempts after giving up in a line or meeting a busy tone.",
        "attempts whose predecessor ended in a line", better="lower",
    ),
    count(
        "repeats", "attempts",
        "Attempts after a contact that left the problem unresolved, or that was reopened.",
        "attempts whose predecessor was handled and unresolved or reopened",
        better="lower", assumed=True,
    ),
    share(
        "redial_share", "lower", "Redials, of all attempts.", "redials", "attempts",
    ),
    share(
        "repeat_share", "lower", "Repeats, of all attempts.", "repeats", "attempts", assumed=True,
    ),
)  # fmt: skip

_WAITING = (
    share("answered", "higher", "Attempts answered, of those offered.",
           "attempts answered", "offered attempts", LINE),
    share("abandoned", "lower", "Attempts that hung up before an answer, of those offered.",
           "attempts abandoned unanswered", "offered attempts", LINE),
    share("abandoned_by_customer", "lower",
           "Customers who gave up without ever reaching anybody, of those who reached somebody or "
           "gave up.",
           "customers never answered and gone: abandoned, blocked or cut off, and not coming again",
           "those and the customers answered"),
    share("blocked", "lower",
           "Attempts that met a busy tone or a full waiting room, of those offered.",
           "attempts blocked: no line, no waiting place", "offered attempts", LINE),
    share("closed", "lower", "Attempts made while the channel was closed, of all attempts.",
           "attempts that found it closed", "attempts", LINE),
    share("cut_off", "lower",
           "Attempts disconnected in the line (cleared at closing time), of those offered.",
           "attempts that ended unanswered at a limit of the line", "offered attempts", LINE),
    share("waited", "lower", "Attempts that had to wait at all, of those with a known wait.",
           "attempts with a wait above 0", "attempts answered, abandoned or cut off", LINE),
    mean_time("speed_of_answer", "Mean wait of the answered attempts (ASA).",
               "waits of the answered", "attempts answered", LINE),
    mean_time("wait", "Mean wait of all attempts, also of those who hung up.",
               "waits of the answered, abandoned and cut off",
               "attempts answered, abandoned or cut off", LINE),
    mean_time("wait_given_wait", "Mean wait of those who had to wait.",
               "waits of the answered, abandoned and cut off",
               "of these, those with a wait above 0", LINE),
    mean_time("wait_abandoned", "Mean time after which callers hung up.",
               "waits of the abandoned", "attempts abandoned unanswered", LINE, better=None),
    *quantiles("wait", "wait", "attempts answered, abandoned or cut off", LINE),
    *quantiles("answer_time",
               "time to the answer, on the clock of the promise (all hours, or working hours),",
               "attempts answered", CONTACT),
    Measure("longest_wait", "s", "longest", LINE, "lower",
            "The longest wait of the horizon, so far for those who still wait at its end.",
            "the longest wait of an attempt answered, abandoned, cut off or still waiting", ""),
)  # fmt: skip

_BACKLOG = (
    Measure("backlog_mean", "contacts", "ratio", LINE, "lower",
            "How many wait in line on average over time.",
            "time in line, unanswered or set aside, summed", "time measured", by_interval=True),
    Measure("in_system", "contacts", "ratio", LINE, None,
            "How many wait or are being handled on average over time.",
            "time from entry to the end of handling, summed", "time measured", by_interval=True),
    Measure("backlog_end", "contacts", "total", LINE, "lower",
            "How many wait in line at the end, unanswered or set aside.",
            "stays in line at the end", ""),
    Measure("backlog_peak", "contacts", "longest", LINE, "lower",
            "The most that waited in line at one time.",
            "maximum over time of those in line", ""),
    Measure("oldest_end", "s", "longest", LINE, "lower",
            "How long the oldest one in line at the end has been there; 0 when the line is empty.",
            "the longest time since entry of those in line at the end", ""),
)  # fmt: skip

_RESPONSE = (
    mean_time("first_response_time",
               "Mean time until the first response: a call or chat answered, a reply to an e-mail "
               "sent.",
               "time from the attempt's entry to its first response", "attempts responded to"),
    *quantiles("first_response_time", "time until the first response", "attempts responded to",
                CONTACT),
    mean_time("resolution_time",
               "Mean time from a customer's first attempt until the problem is resolved.",
               "time from first attempt to the end of the resolving contact",
               "customers resolved", assumed=True),
    *quantiles("resolution_time", "time until resolution", "customers resolved", CONTACT, True),
)  # fmt: skip

_RESOLUTION = (
    share("first_contact_resolution", "higher",
           "Customers whose first contact resolved the problem, also when it was passed on, of "
           "those whose first contact has ended.",
           "customers whose first contact ended resolved",
           "customers whose first contact has ended",
           assumed=True),
    share("first_contact_resolution_first_agent", "higher",
           "Customers whose problem the first agent resolved without passing it on, of those "
           "whose first contact has ended.",
           "customers whose first contact ended resolved and was passed on by nobody",
           "customers whose first contact has ended", assumed=True),
    share("resolved", "higher", "Contacts that ended resolved, of those that ended.",
           "contacts that ended resolved", "contacts that ended", assumed=True),
    count("contacts_resolved", "contacts", "Contacts that ended resolved.",
           "contacts that ended resolved", better="higher", assumed=True),
    share("resolved_within", "higher",
           "Customers whose problem was solved within the promise of resolution, counted from "
           "their first attempt, of all customers.",
           "customers resolved within `resolve_within`",
           "customers resolved, gone unresolved, or unresolved for longer than the promise; "
           "without those who only ever found the channel closed",
           assumed=True, needs="resolution"),
    share("reopened", "lower",
           "Contacts that came back although they had counted as resolved, of those that so "
           "counted.",
           "contacts that were reopened", "contacts that ended resolved or were reopened",
           assumed=True, needs="reopened"),
    Measure("replies_per_contact", "items", "ratio", CONTACT, None,
            "How often a contact was handled: all turns, transfers and resumed work.",
            "items of contacts that ended", "contacts that ended", assumed=True, by_interval=True,
            needs="turns"),
    count("escalations", "items", "Times that a contact was passed on to another stage.",
           "items that ended escalated", LINE, "lower", True),
    share("escalated", "lower", "Contacts that were passed on at least once, of all contacts.",
           "contacts with an item that ended escalated", "contacts", assumed=True),
    share("promoted", "lower",
           "Attempts moved to another line because a limit such as the promise had passed, of all "
           "attempts.",
           "attempts moved while waiting", "attempts", LINE),
)  # fmt: skip

_BESIDE = (
    share("contained", "higher",
           "Contacts that the bot or voice menu settled, of those that it answered.",
           "attempts contained", "attempts that a machine answered first", assumed=True,
           needs="machine"),
    count("contained_attempts", "attempts",
           "Attempts settled by a machine that answers first; they are not offered to people.",
           "attempts contained", assumed=True, needs="machine"),
    count("callbacks", "attempts", "Callbacks accepted in the line.",
           "attempts that accepted a callback", needs="callback"),
    share("callback_share", None, "Attempts that accepted a callback, of those offered.",
           "attempts that accepted a callback", "offered attempts", needs="callback"),
    share("callbacks_reached", "higher",
           "Callbacks at which somebody talked to the customer, of those that came to an end.",
           "callbacks reached", "callbacks reached, or called in vain as often as it is tried",
           needs="callback"),
    share("callbacks_kept", "higher",
           "Callbacks at which somebody talked to the customer within the promise of a callback.",
           "callbacks reached within the promise of their acceptance",
           "callbacks reached, called in vain to the last, or outstanding for longer than the "
           "promise", needs="callback"),
    mean_time("callback_wait", "Mean time from accepting a callback until somebody talks to the "
               "customer.", "time from acceptance to the talk", "callbacks reached",
               needs="callback"),
    count("messages", "attempts", "Messages left by those who found it closed.",
           "attempts that left a message", needs="message"),
    count("calls_made", "calls", "Calls that agents made, callbacks and campaigns, also in vain.",
           "calls made", needs="calls"),
    share("right_party", None, "Calls made at which the customer answered.",
           "calls answered by the customer", "calls made", assumed=True, needs="calls"),
    count("consults", "items", "Times that an agent asked for help while handling a contact, or "
          "for somebody to take over in person (a warm transfer).",
           "requests for help, answered or given up", HELP, needs="help"),
    share("consults_helped", "higher", "Requests for help that a helper answered.",
           "requests answered", "requests for help, answered or given up", HELP, needs="help"),
    mean_time("consult_wait", "Mean time for which agent and customer waited for a helper, also "
               "in vain.", "waits of requests, answered or given up",
               "requests for help, answered or given up", HELP, needs="help"),
)  # fmt: skip

_HANDLING = (
    mean_time("handle_time",
               "Mean handle time of an item (AHT): talk or writing, and wrap-up.",
               "handling and wrap-up of the items", "items whose wrap-up has ended", WORK, None),
    mean_time("talk_time", "Mean handling of an item without its wrap-up.",
               "handling of the items", "items whose wrap-up has ended", WORK, None),
    mean_time("wrap_up_time", "Mean wrap-up of an item.",
               "wrap-up of the items", "items whose wrap-up has ended", WORK, None),
    mean_time("agent_time_per_contact",
               "Agent time that a contact took in all: every item, wrap-up and helper.",
               "handling and wrap-up for contacts that ended, helpers' parts included",
               "contacts that ended", better=None),
    count("contacts_handled", "items",
           "Items handled: a contact passed on counts for each team that handled it.",
           "items whose handling ended", WORK),
)  # fmt: skip

_STAFF = (
    Measure("occupancy", "share", "ratio", STAFF, None,
            "Share of the capacity on duty that is taken by work of any kind.",
            "capacity taken while on duty, over time", "capacity on duty, over time",
            by_interval=True),
    Measure("occupancy_live", "share", "ratio", STAFF, None,
            "Share of the capacity on duty that is taken by live work (phone, chat).",
            "capacity taken while on duty by channels other than e-mail, over time",
            "capacity on duty, over time", by_interval=True),
    Measure("occupancy_with_overtime", "share", "ratio", STAFF, None,
            "As occupancy, with the capacity taken in overtime added above and below.",
            "capacity taken, on duty and in overtime, over time",
            "capacity on duty and that taken in overtime, over time", by_interval=True),
    Measure("busy", "share", "ratio", STAFF, None,
            "Share of the time on duty with at least one item in hand.",
            "agent time on duty with work", "agent time on duty", by_interval=True),
    Measure("utilisation", "share", "ratio", STAFF, None,
            "Share of paid time with work in hand, overtime included.",
            "agent time with work, on duty and in overtime",
            "paid time, and overtime outside of it"),
    Measure("shrinkage", "share", "ratio", STAFF, "lower",
            "Share of paid time lost to leave, sickness, lateness, training, meetings and paid "
            "work elsewhere.",
            "paid time in these activities", "paid time", assumed=True),
    Measure("concurrency", "items", "ratio", STAFF, None,
            "How many items an agent with work has in hand on average.",
            "time in hand, summed over items", "agent time with work", by_interval=True),
    Measure("contacts_per_agent_hour", "items per h", "ratio", STAFF, None,
            "Items handled in an hour on duty.",
            "items whose handling ended", "hours on duty", by_interval=True),
    Measure("heads_on_duty", "people", "ratio", STAFF, None,
            "How many are on duty on average over time.",
            "agent time on duty", "time measured", by_interval=True),
    Measure("heads_busy", "people", "ratio", STAFF, None,
            "How many people's capacity is taken by work on average over time.",
            "shares of agents' capacity taken, over time", "time measured", by_interval=True),
    Measure("heads_scheduled", "people", "ratio", STAFF, None,
            "How many are scheduled on average over time, gross of breaks and shrinkage.",
            "scheduled time, grossed up where the schedule is net", "time measured",
            by_interval=True),
    Measure("heads", "people", "total", STAFF, None,
            "People of the team by name, whether or not they work in the horizon; people on call "
            "count in the team that they are from.",
            "agents, but those on call", ""),
    Measure("heads_with_roles", "people", "total", ALL, "lower",
            "People of all teams and the roles that lead and support them.",
            "agents and people in roles", ""),
    Measure("paid_fte", "FTE", "total", STAFF, "lower",
            "Paid time in full-time equivalents, overtime apart.",
            "paid time / full-time hours of the horizon", ""),
    Measure("net_fte", "FTE", "total", STAFF, None,
            "Time on duty in full-time equivalents.",
            "time on duty / full-time hours of the horizon", ""),
    Measure("paid_hours", "h", "total", STAFF, "lower", "Paid hours, overtime apart.",
            "scheduled time but unpaid breaks, grossed up where the schedule is net", ""),
    Measure("duty_hours", "h", "total", STAFF, None, "Hours on duty.", "agent time on duty", ""),
    Measure("overtime_hours", "h", "total", STAFF, "lower",
            "Hours of finishing work after duty or into a break, of planned overtime, and at work "
            "while on call.",
            "agent time in overtime, planned overtime, time with work of people on call", ""),
    Measure("standby_hours", "h", "total", STAFF, "lower",
            "Hours of standing by on call, at work or not.", "scheduled time on call", ""),
    Measure("people_cost", "money", "total", STAFF, "lower",
            "Pay of the team: salaries or wages, overtime, standby, premiums and on-costs.",
            "pay, overtime, standby, premiums, on-costs", "", needs="pay"),
)  # fmt: skip

_COST = (
    money("total", "Everything that running the design costs over the horizon.",
           "pay, overtime, standby, premiums, on-costs, roles, seats, tools, telecom, machines, "
           "overhead, penalties; revenue is not taken off", part_of=""),
    money("pay", "Salaries and wages of the agents.",
           "paid hours x hourly pay (of a salary: over full-time hours)"),
    money("overtime", "Pay of overtime at its rate.",
           "overtime hours outside paid time, planned ones and those of people on call included, x "
           "hourly pay x rate"),
    money("standby", "What people on call are paid for standing by.",
           "standby hours x standby pay"),
    money("premiums", "Premiums for unsocial hours.", "paid hours x hourly pay x premium"),
    money("on_costs", "What the employer pays on top of agents' pay.",
           "(pay, overtime, standby, premiums) x share on top"),
    money("roles", "Pay and on-costs of people who take no contacts.",
           "people in roles x pay x (1 + share on top)"),
    money("seats", "Seats of agents and roles.", "heads x seat"),
    money("tools", "Licences and tools of agents and roles.", "heads x tools"),
    money("telecom", "Minutes on the phone lines, waiting included.",
           "minutes from entry to the end of handling, of customers who are called those of the "
           "call, x price"),
    money("machines", "What bots and voice menus cost for the contacts that they answer.",
           "contacts answered by a machine x cost of a contact"),
    money("overhead", "Overhead on all of the above.", "overhead share x the sum of the others"),
    money("penalties", "What is owed for promises that were missed.",
          "contacts with a missed promise x amount; days, weeks and months in which too few had it "
          "kept x amount x the measured part of each"),
    Measure("net", "money", "total", COST, "lower",
            "Everything that running the design costs, less what is sold beside.",
            "total cost - revenue from upselling", "", assumed=True, needs="sales"),
    Measure("per_contact", "money", "ratio", COST, "lower",
            "Total cost for each contact with people, campaigns included.",
            "total cost", "contacts"),
    Measure("per_customer", "money", "ratio", COST, "lower",
            "Total cost for each customer who came, whoever answered, and each who was called.",
            "total cost", "customers"),
    Measure("per_resolved_contact", "money", "ratio", COST, "lower",
            "Total cost for each contact that ended resolved.",
            "total cost", "contacts that ended resolved", assumed=True),
    Measure("value_lost", "money", "total", COST, "lower",
            "Value lost with the customers who gave up without reaching anybody; no part of the "
            "total.",
            "customers who gave up x lost_if_abandoned", "", needs="value"),
)  # fmt: skip

_REVENUE = (
    Measure("upselling", "money", "total", REVENUE, "higher",
            "Revenue from what is sold beside; the total cost is not reduced by it, `cost.net` is.",
            "contacts that people resolved x share of sales (of the team) x value of a sale", "",
            assumed=True),
)  # fmt: skip

GROUPS: tuple[tuple[str, tuple[Measure, ...]], ...] = (
    ("Promises", _PROMISE),
    ("Volumes", _VOLUME),
    ("Answered, given up, waits", _WAITING),
    ("Lines and backlog", _BACKLOG),
    ("Responses and resolutions in time", _RESPONSE),
    ("Resolution and escalation", _RESOLUTION),
    ("Callbacks, machines, calls and help", _BESIDE),
    ("Handling", _HANDLING),
    ("People and their time", _STAFF),
    ("Money", (*_COST, *_REVENUE)),
)
DEFINITIONS: tuple[Measure, ...] = tuple(measure for _, group in GROUPS for measure in group)
__all__ = ["DEFINITIONS", "GROUPS", "QUANTILES", "Measure", "ScopeKind"]

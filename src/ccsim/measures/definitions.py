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
waits unanswered at the end and has already waited longer than its target time.
"""

from __future__ import annotations

from ccsim.measures.contact_measures import CONTACT_GROUPS
from ccsim.measures.measure import Measure
from ccsim.measures.staff_measures import STAFF_GROUPS

GROUPS: tuple[tuple[str, tuple[Measure, ...]], ...] = (*CONTACT_GROUPS, *STAFF_GROUPS)
DEFINITIONS: tuple[Measure, ...] = tuple(measure for _, group in GROUPS for measure in group)

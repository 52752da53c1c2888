"""What an hour of work and a stretch of time are paid.

Time-based amounts are prorated by elapsed time: a year is 365.25 days, a month a twelfth of it.
The hourly pay of a salary is the salary over the contract's full-time hours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ccsim.units import US_PER_DAY, US_PER_HOUR, US_PER_MINUTE, US_PER_WEEK

if TYPE_CHECKING:
    from ccsim.scenario.schema import Contract, Money, Pay

PERIOD_US: Final[dict[str, float]] = {
    "minute": US_PER_MINUTE,
    "h": US_PER_HOUR,
    "day": US_PER_DAY,
    "week": US_PER_WEEK,
    "month": 365.25 / 12 * US_PER_DAY,
    "year": 365.25 * US_PER_DAY,
}
WORKING_DAYS: Final = 5  # of a week, where a contract does not say


def hourly_pay(pay: Pay, contract: Contract) -> float:
    """Pay of an hour: of the wage, or of the salary over full-time hours."""
    if pay.salary is not None:
        return over_time(pay.salary, US_PER_WEEK) / (contract.full_time / US_PER_HOUR)
    if pay.wage is None:
        return 0.0
    if pay.wage.per == "day":
        days = WORKING_DAYS if contract.works[0] == 7 else contract.works[0]
        return pay.wage.amount / (contract.full_time / US_PER_HOUR / days)
    return over_time(pay.wage, US_PER_HOUR)


def over_time(money: Money, us: float) -> float:
    """An amount for each period of time, over `us`; one that is paid once is paid once.

    Raises ValueError for an amount for each contact, which no time makes due.
    """
    if money.per == "once":
        return money.amount
    if money.per not in PERIOD_US:
        raise ValueError(f"an amount for each {money.per} is not paid by time")
    return money.amount * us / PERIOD_US[money.per]


def paid_without_hours(pay: Pay, contract: Contract, us: float) -> float:
    """Pay over `us` of one full-time person whose hours are not counted (a role beside the teams):
    the salary by time, or the wage for full-time hours."""
    if pay.salary is not None:
        return over_time(pay.salary, us)
    hours = contract.full_time / US_PER_HOUR * us / US_PER_WEEK
    return hours * hourly_pay(pay, contract)

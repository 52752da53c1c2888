"""Rules about distributions: what a family needs, a mean, and values that can be played."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from statistics import NormalDist

from ccsim import units
from ccsim.scenario.blocks.base import family_of
from ccsim.scenario.parsing.problem import Problem
from ccsim.scenario.parsing.tree import Path
from ccsim.scenario.rules.demand import TOTAL_TOLERANCE, total_problem
from ccsim.scenario.rules.facts import Facts, distributions, listed
from ccsim.scenario.rules.plausible import LONGEST_HANDLING, LONGEST_WRAP_UP
from ccsim.scenario.schema import Distribution, Handle, Tenure
from ccsim.scenario.tables.files import FileTable

_NEEDS = {
    "lognormal": ("cv",),
    "gamma": ("cv", "shape"),
    "weibull": ("shape", "cv"),
    "erlang": ("shape",),
    "uniform": ("between",),
    "hyperexponential": ("parts",),
    "sample": ("file",),
}
_SHAPES = ("cv", "shape", "between", "parts", "file")
_OWN_MEAN = ("uniform", "hyperexponential", "sample")
_LEAST_CV = 0.001  # narrower than this is a constant to the microsecond, and to a planner
LONGEST_WORK = 2 * units.US_PER_YEAR  # that one person spends on one contact; engines hold so much
_RAREST = 2.0**-32  # the share of values beyond the end of a tail; docs/background/model.md
_NEVER_ENDED = ("no", "0", "false")  # in a sample's second column: the wait was cut short


def distributions_are_whole(facts: Facts) -> Iterator[Problem]:
    """Each family has what it needs, nothing that it ignores, and a mean."""
    named = facts.scenario.distributions
    for path, distribution in distributions(facts.scenario):
        is_named = path[0] == "distributions"
        if distribution.as_ is None:
            yield from _shape_problems(path, distribution)
        else:
            for key in ("family", *_SHAPES):
                if getattr(distribution, key) is not None:
                    yield Problem(
                        (*path, key), f"`as` says the form; `{key}` cannot stand beside it"
                    )
        if not is_named and distribution.never < 1 and not _has_mean(distribution, named):
            yield Problem(path, "'mean' is missing: 5 min, or a distribution that has a mean")
        if path[-1] != "patience" and not is_named:
            for key in ("hangs_up_at_once", "never"):
                if getattr(distribution, key) > 0:
                    yield Problem((*path, key), f"only patience has `{key}`")
        if distribution.hangs_up_at_once + distribution.never > 1 + TOTAL_TOLERANCE:
            yield Problem(path, "hangs_up_at_once and never total more than 100 %")


def _shape_problems(path: Path, distribution: Distribution) -> Iterator[Problem]:
    family = family_of(distribution)
    needs = _NEEDS.get(family, ())
    given = [key for key in _SHAPES if getattr(distribution, key) is not None]
    if needs and not any(key in given for key in needs):
        yield Problem(path, f"{_a(family)} distribution needs {' or '.join(needs)}")
    for number, key in enumerate(given):
        if key not in needs:
            yield Problem((*path, key), f"{_a(family)} distribution has no `{key}`")
        elif number:
            yield Problem((*path, key), f"one of {listed(given)} is enough")
    if family in ("lognormal", "gamma", "weibull") and distribution.cv is not None:
        if distribution.cv == 0:
            yield Problem((*path, "cv"), "without any spread the family is `constant`")
        elif distribution.cv < _LEAST_CV:
            least, found = units.print_share(_LEAST_CV), units.print_share(distribution.cv)
            message = f"a cv of {found} is no spread (at least {least}); the family is `constant`"
            yield Problem((*path, "cv"), message)
    if family == "erlang" and distribution.shape is not None and distribution.shape % 1:
        yield Problem((*path, "shape"), "the shape of an erlang is its number of phases, whole")
    if distribution.between is not None and distribution.between[0] > distribution.between[1]:
        yield Problem((*path, "between"), "the lower bound comes first: [1 min, 3 min]")
    if distribution.parts is not None:
        shares = {str(i): share for i, (share, _) in enumerate(distribution.parts)}
        for problem in total_problem(shares, (*path, "parts")):
            yield Problem(problem.path, problem.message.removesuffix("; one may be `rest`"))


def _a(family: str) -> str:
    return f"an {family}" if family[0] in "aeiou" and family != "uniform" else f"a {family}"


def _has_mean(distribution: Distribution, named: Mapping[str, Distribution]) -> bool:
    seen: set[str] = set()
    current: Distribution | None = distribution
    while current is not None:
        if current.mean is not None or family_of(current) in _OWN_MEAN:
            return True
        if current.as_ is None or current.as_ in seen:
            return False
        seen.add(current.as_)
        current = named.get(current.as_)
        if current is None:
            return True  # the unknown name is reported already
    return False


def wrap_up_has_mean(facts: Facts) -> Iterator[Problem]:
    """The spread of wrap-up alone needs a mean: its own or that of its distribution."""
    named = facts.scenario.distributions
    for path, distribution in distributions(facts.scenario):
        name = getattr(distribution, "wrap_up_as", None)
        wrap_up = getattr(distribution, "wrap_up", 0)
        if name in named and not wrap_up and not _has_mean(named[name], named):
            yield Problem((*path, "wrap_up_as"), "'wrap_up' is missing: its mean, 35 s")


# --- values ---------------------------------------------------------------------------------------
def samples_say_enough(facts: Facts) -> Iterator[Problem]:
    """Where some waits were cut short by an answer, others must have been seen to end."""
    for path, distribution in distributions(facts.scenario):
        table = facts.files.get(distribution.file or "")
        columns = list(table.columns.values()) if table is not None else []
        if len(columns) != 2:
            continue
        ended = [
            float(wait)
            for wait, how in zip(*columns, strict=True)
            if how.strip().lower() not in _NEVER_ENDED
        ]
        if not ended or (max(ended) == 0.0 and len(ended) < len(columns[0])):
            which = "wait" if not ended else "wait above 0 s"
            yield Problem((*path, "file"), f"no {which} was observed to its end: nothing is known")


def distributions_can_be_scaled(facts: Facts) -> Iterator[Problem]:
    """Values that are all zero cannot be given another mean."""
    for path, distribution in distributions(facts.scenario):
        for key, mean, shape in _uses(facts, distribution):
            own = _own_mean(facts, shape)
            if mean and own == 0.0:
                told = units.print_duration(mean)
                message = f"the values are all 0 s; they cannot have a mean of {told}"
                yield Problem((*path, key), message)


def work_ends(facts: Facts) -> Iterator[Problem]:
    """The longest of some billion contacts takes one person no more than two years: what is longer
    comes of a mean or a spread that cannot be meant."""
    slowest = _slowest(facts)
    for path, distribution in distributions(facts.scenario):
        if not isinstance(distribution, Handle) and path[-1] not in ("takes", "handover"):
            continue
        pace = 1.0 if path[-1] == "takes" else slowest  # machines have no pace
        for key, mean, shape in _uses(facts, distribution):
            handling = key == "mean" and isinstance(distribution, Handle)
            if (mean or 0) > (LONGEST_HANDLING if handling else LONGEST_WRAP_UP):
                continue  # the mean itself is reported
            longest = (mean or _own_mean(facts, shape) or 0.0) * _tail(facts, shape) * pace
            if longest >= LONGEST_WORK:
                years = units.print_number(round(longest / units.US_PER_YEAR, 1))
                yield Problem(
                    (*path, key) if key != "mean" else path,
                    f"one contact of some billion would take {years} years (at most 2); is its "
                    "mean or its spread (cv, shape, parts, file) right?",
                )


def _uses(
    facts: Facts, distribution: Distribution
) -> Iterator[tuple[str, int | None, Distribution]]:
    """The means that a distribution is scaled to: (key, mean as written, the distribution that
    says the form), for the time itself and for wrap-up."""
    named = facts.scenario.distributions
    form, mean = _form(distribution, named)
    if form is not None:
        yield "mean", mean, form
    wrap_up_as = getattr(distribution, "wrap_up_as", None)
    if wrap_up_as in named:
        form, mean = _form(named[wrap_up_as], named)
        if form is not None:
            yield "wrap_up", getattr(distribution, "wrap_up", 0) or mean, form


def _form(
    distribution: Distribution, named: Mapping[str, Distribution]
) -> tuple[Distribution | None, int | None]:
    """The distribution at the end of `as`, and the first mean on the way there; None for a name
    that does not exist, or names that go round."""
    mean, current, seen = distribution.mean, distribution, set[str]()
    while current.as_ is not None:
        if current.as_ in seen or current.as_ not in named:
            return None, mean
        seen.add(current.as_)
        current = named[current.as_]
        mean = current.mean if mean is None else mean
    return current, mean


def _own_mean(facts: Facts, form: Distribution) -> float | None:
    """The mean that bounds, parts or a sample have by themselves, us; None where a family has none,
    or is not whole."""
    family = family_of(form)
    if family == "uniform" and form.between is not None:
        return sum(form.between) / 2
    if family == "hyperexponential" and form.parts is not None:
        return math.fsum(share * mean for share, mean in form.parts)
    if family == "sample" and (table := facts.files.get(form.file or "")) is not None:
        values = _seconds(table)
        return math.fsum(values) / len(values) * units.US_PER_SECOND
    return None


def _seconds(table: FileTable) -> list[float]:
    return [float(cell) for cell in next(iter(table.columns.values()))]


def _longest_of(table: FileTable) -> float:
    """The longest value that a sample stands for, in seconds. Where the longest waits were cut
    short, it has an exponential tail through what is left then (product-limit estimate)."""
    values, (_, *ends) = _seconds(table), table.columns.values()
    how_ended = ends[0] if ends else ("yes",) * len(values)
    cut = [how.strip().lower() in _NEVER_ENDED for how in how_ended]
    left, last = 1.0, max(values)
    for number, (_, was_cut) in enumerate(sorted(zip(values, cut, strict=True))):
        left *= 1.0 if was_cut else 1.0 - 1.0 / (len(values) - number)
    return last if left in (0.0, 1.0) else max(last, last * math.log(_RAREST) / math.log(left))


def _tail(facts: Facts, form: Distribution) -> float:
    """How many times its mean the rarest value of a form is at most. By a cv, gamma and weibull are
    held to the tail of the lognormal, which is longer than theirs."""
    family, own = family_of(form), _own_mean(facts, form)
    if family == "constant" or own == 0.0:
        return 1.0
    if family == "uniform" and form.between is not None and own:
        return form.between[1] / own
    if family == "hyperexponential" and form.parts is not None and own:
        return -math.log(_RAREST) * max(mean for _, mean in form.parts) / own
    if family == "sample" and own:
        return _longest_of(facts.files[form.file or ""]) * units.US_PER_SECOND / own
    if family == "weibull" and form.shape is not None:
        power = 1.0 / form.shape
        return math.exp(power * math.log(-math.log(_RAREST)) - math.lgamma(1.0 + power))
    cv = form.cv if form.shape is None else 1.0 / math.sqrt(form.shape)
    if family in ("lognormal", "gamma", "weibull", "erlang") and cv is not None:
        sigma = math.sqrt(math.log1p(cv * cv))
        return math.exp(-sigma * NormalDist().inv_cdf(_RAREST) - sigma * sigma / 2)
    return -math.log(_RAREST)  # exponential


def _slowest(facts: Facts) -> float:
    """The most that any team's handle time is of the contact type's."""
    found = [1.0]
    for team in facts.scenario.teams.values():
        pace = team.handle_time
        found.append(max(pace.new, pace.experienced) if isinstance(pace, Tenure) else pace or 1.0)
    return max(found)


RULES = (
    distributions_are_whole,
    wrap_up_has_mean,
    samples_say_enough,
    distributions_can_be_scaled,
    work_ends,
)

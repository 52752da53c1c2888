"""What all blocks share, and the small quantities that have parts of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    SerializerFunctionWrapHandler,
    ValidationInfo,
    model_serializer,
    model_validator,
)
from pydantic_core import core_schema

from ccsim import units
from ccsim.scenario.quantities import (
    SPAN_PATTERN,
    Amount,
    Day,
    Duration,
    Percent,
    Period,
    Share,
    TimeOfDay,
    expand_days,
)
from ccsim.scenario.written import Written, schema_of
from ccsim.units import NUMBER, UnitError

_MONEY_SCHEMA: dict[str, Any] = {
    "anyOf": [
        {"type": "number", "minimum": 0},
        {
            "type": "string",
            "pattern": rf"^{NUMBER}( */ *(min|minute|h|hour|d|day|week|month|year|contact))?$",
            "examples": ["14 400 / year", "18.50 / h", "21 000"],
        },
    ]
}


Schemas: TypeAlias = tuple[dict[str, Any], ...]


SPAN_SCHEMA: dict[str, Any] = {
    "type": "string",
    "pattern": SPAN_PATTERN,
    "examples": ["07:00-21:00"],
}


class Block(BaseModel):
    """A map of the file. Keys that it does not know are errors; nothing is converted silently."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    # other ways to write the block, as JSON Schema, and whether they are the only ones in a file
    short: ClassVar[Schemas] = ()
    only_short: ClassVar[bool] = False
    # the block under keys of a person's own choice; the key that a short form stands for; the key
    # of the factor (100 % where it is not written) that a relative change of the block multiplies;
    # fields that are derived and no keys of a file
    other: ClassVar[type[Block] | None] = None
    short_key: ClassVar[str | None] = None
    scale_key: ClassVar[str | None] = None
    derived: ClassVar[frozenset[str]] = frozenset()


class Money(Block):
    """An amount in the scenario's currency: `14 400 / year`, `18.50 / h`, `21 000`."""

    short: ClassVar[Schemas] = (_MONEY_SCHEMA,)
    only_short: ClassVar[bool] = True

    amount: Amount = Field(description="The amount.")
    per: Period = Field(
        default="once", description="What it is paid for each of; `once` without a period."
    )

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: object, info: ValidationInfo) -> object:
        if isinstance(value, (Mapping, Money)) and info.context is None:
            return value  # the held form, when built in Python
        amount, per = units.parse_money(value)
        return {"amount": amount, "per": per}

    @model_serializer(mode="plain", when_used="json")
    def _print(self) -> str:
        return units.print_money(self.amount, self.per)


class PaidPer:
    """The annotation of an amount whose period must be one of a few."""

    def __init__(self, *periods: Period, example: str, bare: Period | None = None) -> None:
        self.periods, self.example, self.bare = periods, example, bare

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def _check(self, money: Money) -> Money:
        if money.per == "once" and self.bare is not None:
            return money.model_copy(update={"per": self.bare})
        if money.per not in self.periods:
            wanted = " or ".join(f"/ {period}" for period in self.periods)
            told = units.found(units.print_money(money.amount, money.per))
            needs = "its period" if self.bare is None else "no period but its own"
            raise UnitError(f"this amount needs {needs} ({wanted}): {self.example}; found {told}")
        return money


Salary = Annotated[Money, PaidPer("year", "month", "week", example="14 400 / year")]
Wage = Annotated[Money, PaidPer("h", "day", example="18.50 / h")]
Rent = Annotated[Money, PaidPer("day", "week", "month", "year", example="2 900 / month")]
MinutePrice = Annotated[Money, PaidPer("minute", bare="minute", example="0.9 / minute")]
Loss = Annotated[Money, PaidPer("once", "contact", example="38")]
Fee = Annotated[Money, PaidPer("contact", bare="contact", example="0.35 / contact")]
Forfeit = Annotated[
    Money,
    PaidPer("contact", "day", "week", "month", example="12 / contact, or 5 000 / month"),
]


class TimeSpan(Block):
    """`"07:00-21:00"`: times of a day; an end at or before the start is the next day's."""

    short: ClassVar[Schemas] = (SPAN_SCHEMA,)
    only_short: ClassVar[bool] = True

    start: int = Field(description="Seconds after midnight.")
    until: int = Field(description="Seconds after midnight; <= start: of the next day.")

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: object, info: ValidationInfo) -> object:
        if isinstance(value, (Mapping, TimeSpan)) and info.context is None:
            return value
        start, until = units.parse_span(value)
        return {"start": start, "until": until}

    @model_serializer(mode="plain", when_used="json")
    def _print(self) -> str:
        return units.print_span(self.start, self.until)


def _spans_of(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Spans = Annotated[
    tuple[TimeSpan, ...],
    Written(
        _spans_of,
        {
            "anyOf": [
                SPAN_SCHEMA,
                {"type": "array", "items": SPAN_SCHEMA},
            ]
        },
    ),
]
HoursByDay = Annotated[
    dict[Day, Spans],
    Written(
        expand_days,
        {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": {
                "anyOf": [
                    SPAN_SCHEMA,
                    {"type": "array", "items": SPAN_SCHEMA},
                ]
            },
        },
    ),
]


Family = Literal[
    "exponential",
    "lognormal",
    "gamma",
    "erlang",
    "weibull",
    "uniform",
    "constant",
    "hyperexponential",
    "sample",
]


class Distribution(Block):
    """How a duration varies. A bare duration (`5 min`) is its mean. Without a family it is
    exponential, unless what is given says which it is: `between` uniform, `parts` hyperexponential,
    `file` a sample, `cv` lognormal.
    """

    short: ClassVar[Schemas] = (schema_of(Duration), {"const": "endless"})
    short_key: ClassVar[str | None] = "mean"

    family: Family | None = Field(
        default=None, description="The family; exponential where nothing says."
    )
    mean: Duration | None = Field(default=None, description="The mean.")
    cv: Percent | None = Field(
        default=None,
        description="Standard deviation / mean (lognormal, gamma, weibull).",
    )
    shape: Annotated[float, Field(ge=0.1, le=1000)] | None = Field(
        default=None, description="Shape of a weibull or gamma; of an erlang, the number of phases."
    )
    between: tuple[Duration, Duration] | None = Field(
        default=None, description="The bounds of a uniform distribution: [1 min, 3 min]."
    )
    parts: tuple[tuple[Share, Duration], ...] | None = Field(
        default=None,
        description="Parts of a hyperexponential: [[80 %, 2 min], [20 %, 10 min]]; total 100 %.",
    )
    file: str | None = Field(
        default=None, description="A sample: a CSV file with a column of durations in seconds."
    )
    hangs_up_at_once: Share = Field(
        default=0.0, description="Patience only: the share that leaves at once when nobody answers."
    )
    never: Share = Field(default=0.0, description="Patience only: the share that waits for ever.")
    as_: str | None = Field(
        default=None,
        alias="as",
        description="The name of a distribution in `distributions` to go by.",
    )

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: object) -> object:
        if value == "endless":
            return {"never": "100 %"}
        if isinstance(value, (str, int, float)) and not isinstance(value, bool):
            return {"mean": value}
        return value

    @model_serializer(mode="wrap", when_used="json")
    def _print(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Only what is said: beside `as`, a default would override the named distribution."""
        said = {type(self).model_fields[field].alias or field for field in self.model_fields_set}
        return {key: value for key, value in handler(self).items() if key in said}


def family_of(distribution: Distribution) -> str:
    """The family of a distribution: as written, or by what is given. A distribution with `as` has
    the family of the one that it names, which is not looked up here."""
    if distribution.family is not None:
        return distribution.family
    for given, family in (
        (distribution.file, "sample"),
        (distribution.between, "uniform"),
        (distribution.parts, "hyperexponential"),
        (distribution.cv, "lognormal"),
    ):
        if given is not None:
            return family
    return "exponential"


class Handle(Distribution):
    """Handle time is talk plus hold; wrap-up is apart."""

    short: ClassVar[Schemas] = (schema_of(Duration),)

    wrap_up: Duration = Field(
        default=0, description="Work after the contact, on average; default none."
    )
    wrap_up_as: str | None = Field(
        default=None,
        description="The name of a distribution for the spread of wrap-up; default no spread.",
    )


__all__ = [
    "Block",
    "Distribution",
    "Family",
    "Fee",
    "Forfeit",
    "Handle",
    "HoursByDay",
    "Loss",
    "MinutePrice",
    "Money",
    "PaidPer",
    "Rent",
    "Salary",
    "Spans",
    "TimeOfDay",
    "TimeSpan",
    "Wage",
    "family_of",
]

"""How the type of a field is read from text, printed as text, and described to an editor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic_core import core_schema

FROM_FILE: Final = {"units": "written"}


@dataclass(frozen=True, eq=False)
class Written:
    """The annotation of a type that is written as text: how it is read, printed and described.

    `held` are the types that pass unread when a model is built in Python.
    """

    read: Callable[[Any], object]
    schema: Mapping[str, object]
    show: Callable[[Any], object] | None = None
    held: tuple[type, ...] = ()

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        serialization = None
        if self.show is not None:
            serialization = core_schema.plain_serializer_function_ser_schema(
                self.show, when_used="json"
            )
        return core_schema.with_info_before_validator_function(
            self._validate, handler(source), serialization=serialization
        )

    def __get_pydantic_json_schema__(
        self, core: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return dict(self.schema)

    def _validate(self, value: object, info: ValidationInfo) -> object:
        if info.context is None and isinstance(value, self.held) and not isinstance(value, bool):
            return value
        return self.read(value)


def schema_of(annotated: Any) -> dict[str, Any]:
    """The JSON Schema of a type with a `Written` annotation, for blocks with a short form."""
    written: Written = annotated.__metadata__[0]
    return dict(written.schema)


def pattern_of(pattern: str, *examples: str) -> dict[str, object]:
    return {"type": "string", "pattern": pattern, "examples": list(examples)}

"""Values of somebody else's API: whatever is missing or odd there is None here."""

from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator

Value = TypeVar("Value")


def _or_none(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    try:
        return handler(value)
    except ValidationError:
        return None


Maybe = Annotated[Value | None, WrapValidator(_or_none)]
Text = Maybe[Annotated[str, Field(min_length=1, max_length=200)]]
Number = Maybe[Annotated[float, Field(allow_inf_nan=False, strict=True)]]


class Answer(BaseModel):
    """A part of an answer; what it has beside our fields is passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")

"""The base of every contract: frozen, strict about types, deaf to fields it does not know."""

from typing import Annotated, Self, cast

from pydantic import BaseModel, ConfigDict, Field, JsonValue

#: An opaque name made by a platform or by Jeeves. Nothing may read meaning into its characters or its length.
Id = Annotated[str, Field(min_length=1, max_length=255)]
#: Words of a person or of an action: never read by a machine, escaped by the sender.
Words = Annotated[str, Field(max_length=40_000)]
#: A JSON object whose shape somebody else owns.
Json = dict[str, JsonValue]


class Contract(BaseModel):
    """A value that crosses a process border. Readers ignore unknown fields; a breaking change is a new version beside it."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore", hide_input_in_errors=True, defer_build=True)

    def to_bytes(self) -> bytes:
        """Return this value as UTF-8 JSON, the form in which it travels."""
        return self.__pydantic_serializer__.to_json(self, exclude_none=True)

    @classmethod
    def from_bytes(cls, data: bytes | str) -> Self:
        """Read UTF-8 JSON.

        Raises pydantic.ValidationError when it is no JSON or does not fit.
        """
        return cast("Self", cls.__pydantic_validator__.validate_json(data))

"""The base of whatever is read from inside the encryption."""

from typing import Self

from pydantic import BaseModel, ConfigDict

from safespace.crypto.encoding import canonical_json


class Sealed(BaseModel):
    """Exact fields, exact types, and one way to write each value."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)

    def written(self) -> bytes:
        """Canonical JSON, as it is hashed, signed and sealed."""
        return canonical_json(self.model_dump(mode="json", by_alias=True))

    @classmethod
    def read(cls, data: bytes) -> Self:
        """Raises ValueError for anything that `written` does not write."""
        found = cls.model_validate_json(data)
        # Every field is written out, so there is one way to write what was read.
        if found.written() != data:
            raise ValueError("this is not canonical JSON")
        return found

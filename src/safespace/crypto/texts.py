"""Texts that are only ever inside the encryption, and how long they may be (in Unicode code points)."""

from typing import Annotated

from pydantic import Field

GroupName = Annotated[str, Field(min_length=1, max_length=80)]
Welcome = Annotated[str, Field(max_length=500)]
GroundRules = Annotated[str, Field(min_length=1, max_length=4000)]
Pseudonym = Annotated[str, Field(min_length=1, max_length=40)]
Note = Annotated[str, Field(max_length=500)]
"""What a person says when asking to join."""

"""Answers that may be large: made and written beside the event loop, which sends them."""

from collections.abc import Callable

from pydantic import BaseModel
from starlette.responses import Response

from safespace.beside import beside


async def in_writing(make: Callable[[], BaseModel]) -> Response:
    """The answer that `make` gives, as JSON. A route says by `response_model` what it is."""
    return Response(await beside(lambda: make().model_dump_json()), media_type="application/json")

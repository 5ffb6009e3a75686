"""Every refusal as an RFC 9457 problem. What the client sent is never repeated, neither to it nor in the log."""

import json
from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import Response

from safespace.errors import CODES, SafeSpaceError
from safespace.logs import log, place_of
from safespace.storage import outages

ANSWERS: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "A problem (RFC 9457). `docs/errors.md` lists the codes.",
        "content": {
            "application/problem+json": {
                "schema": {
                    "type": "object",
                    "required": ["type", "title", "status", "detail", "code"],
                    "properties": {
                        "type": {"type": "string", "format": "uri"},
                        "title": {"type": "string"},
                        "status": {"type": "integer"},
                        "detail": {"type": "string"},
                        "code": {"type": "string", "enum": list(CODES)},
                        "retry_after": {"type": "integer", "description": "seconds"},
                    },
                }
            }
        },
    }
}
"""What the OpenAPI document says of refusals, on every route."""

HTTP_CODES = {
    400: "malformed_json",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    503: "unavailable",
}


def problem(error: SafeSpaceError) -> Response:
    """The answer for a refusal: `type`, `title`, `status`, `detail`, `code`, and `retry_after` where that is known."""
    body: dict[str, str | int] = {
        "type": f"urn:safespace:problem:{error.code}",
        "title": CODES[error.code].words,
        "status": error.status,
        "detail": error.detail,
        "code": error.code,
    }
    headers = {"Cache-Control": "no-store"}
    if error.retry_after is not None:
        body["retry_after"] = error.retry_after
        headers["Retry-After"] = str(error.retry_after)
    if error.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return Response(json.dumps(body), error.status, headers, "application/problem+json")


def invalid(errors: Sequence[Any]) -> SafeSpaceError:
    """The refusal for Pydantic's errors: the field and the rule, without the value."""
    if any(error["type"] == "json_invalid" for error in errors):
        return SafeSpaceError("malformed_json")
    first = next((error for error in errors if error["msg"].endswith("bad_base64")), errors[0])
    # A field that is not known is named by the client: its name is a value too.
    known = first["loc"][:-1] if first["type"] == "extra_forbidden" else first["loc"]
    place = ".".join(str(part) for part in known if part != "body") or "body"
    if first["msg"].endswith("bad_base64"):
        return SafeSpaceError("bad_base64", f"{place}: {CODES['bad_base64'].words}")
    return SafeSpaceError("invalid_field", f"{place}: {first['msg'].removeprefix('Value error, ')}")


def as_refusal(error: Exception) -> SafeSpaceError:
    """What a client is told of an unexpected error; the log gets its kind and place, never its text."""
    if isinstance(error, SafeSpaceError):
        return error
    refusal = outages.meaning(error)
    if refusal is not None:
        log.error("database", kind=type(error).__name__, code=refusal.code)
        return refusal
    log.error("unexpected", kind=type(error).__name__, place=place_of(error.__traceback__))
    return SafeSpaceError("internal")


async def _refuse(_: HTTPConnection, error: Exception) -> Response:
    answer = problem(known(error))
    _let_go(error)
    if isinstance(error, HTTPException) and error.headers and "Allow" in error.headers:
        answer.headers["Allow"] = error.headers["Allow"]
    return answer


def _let_go(error: Exception) -> None:
    """Forget the frames of an error, of those it came from and of a validator's: they hold the body, and the error.

    All of that would stay until garbage is looked for.
    """
    errors: list[object] = [error]
    if isinstance(error, RequestValidationError):
        errors += [one["ctx"]["error"] for one in error.errors() if "error" in one.get("ctx", ())]
    for one in errors:
        source = one if isinstance(one, BaseException) else None  # of what is no JSON there are words alone
        while source is not None:
            source.__traceback__ = None
            source = source.__cause__ or source.__context__


def known(error: Exception) -> SafeSpaceError:
    """The refusal that an error of a request means."""
    if isinstance(error, RequestValidationError):
        return invalid(error.errors())
    if isinstance(error, HTTPException):
        return SafeSpaceError(HTTP_CODES.get(error.status_code, "internal"))
    return as_refusal(error)


def add_problem_handlers(app: FastAPI) -> None:
    """Answer refusals, validation errors and the framework's own errors with problems."""
    for kind in (SafeSpaceError, RequestValidationError, HTTPException, DBAPIError, OSError):
        app.add_exception_handler(kind, _refuse)

"""The page beside the room: what the server stored, read from its database as its owner would."""

from importlib.resources import files

from fastapi import FastAPI, Query, Response
from sqlalchemy import func, select

from safespace.fields import b64encode
from safespace.storage.database import Database
from safespace.storage.tables import Account, Envelope, Group, Invite, Member

POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-ancestors 'none'"
TYPES = {"stored.html": "text/html", "stored.js": "text/javascript", "stored.css": "text/css"}
SHOWN = 96
"""Bytes of a body that the page shows."""


def create_page(database: Database) -> FastAPI:
    """An app with the page at `/` and what it polls at `/stored.json`."""
    page = FastAPI(openapi_url=None)

    @page.get("/")
    async def index() -> Response:
        return _asset("stored.html")

    @page.get("/stored.json")
    async def stored(after: int = Query(0, ge=0)) -> dict[str, object]:
        async with database.read() as connection:
            counts = {
                table.__tablename__: await connection.scalar(select(func.count()).select_from(table))
                for table in (Account, Group, Member, Invite, Envelope)
            }
            rows = await connection.execute(
                select(Envelope).where(Envelope.seq > after).order_by(Envelope.seq.desc()).limit(40)
            )
            envelopes = [
                {
                    "seq": row.seq,
                    "time": row.time,
                    "kind": row.kind,
                    "epoch": row.epoch,
                    "size": len(row.body),
                    "body": b64encode(row.body[:SHOWN]),
                }
                for row in rows
            ]
        return {"counts": counts, "envelopes": envelopes}

    @page.get("/{name}")
    async def asset(name: str) -> Response:
        return _asset(name) if name in TYPES else Response(status_code=404)

    return page


def _asset(name: str) -> Response:
    content = files("safespace.demo").joinpath(name).read_bytes()
    headers = {"Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type=TYPES[name], headers=headers)

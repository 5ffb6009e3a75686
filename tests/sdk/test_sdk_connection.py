"""A connection that is ended while the other side ends it."""

import asyncio

from websockets.asyncio.server import ServerConnection, serve

from safespace.sdk.connection import Connection

PATIENCE = 10.0


async def test_ended_at_whatever_moment_it_stays_ended() -> None:
    hung_up = asyncio.Event()

    async def hang_up(socket: ServerConnection) -> None:
        await socket.close()
        hung_up.set()

    async with serve(hang_up, "127.0.0.1", 0) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        for steps in range(150):
            hung_up.clear()
            connection = Connection(
                f"http://127.0.0.1:{port}",
                "",
                opened=lambda: None,
                received=lambda frame: None,
                closed=lambda: None,
                backoff=(60, 60),
            )
            running = asyncio.create_task(connection.run())
            await hung_up.wait()
            for _ in range(steps):
                await asyncio.sleep(0)
            running.cancel()
            done, _ = await asyncio.wait([running], timeout=PATIENCE)
            assert done, f"cancelled {steps} steps after the other side hung up, it goes on"
            assert running.cancelled()

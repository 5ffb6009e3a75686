"""A peer: a server that keeps nothing and hands each frame to everyone in the room by websockets' broadcast().

python -m bench.broadcast PORT
"""

import asyncio
import sys
from collections import defaultdict

import uvloop
from websockets.asyncio.server import ServerConnection, broadcast, serve


async def main(port: int) -> None:
    rooms: defaultdict[str, set[ServerConnection]] = defaultdict(set)

    async def meet(connection: ServerConnection) -> None:
        assert connection.request is not None
        room = rooms[connection.request.path]
        room.add(connection)
        async for frame in connection:
            broadcast(room, frame)
        room.discard(connection)

    async with serve(meet, "127.0.0.1", port, compression=None, backlog=2048):
        await asyncio.Future()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(int(sys.argv[1])))

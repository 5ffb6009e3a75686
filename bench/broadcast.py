"""The measure: a server that keeps nothing and hands each frame to everyone in the room by broadcast().

python -m bench.broadcast PORT
"""

import asyncio
import sys
from collections import defaultdict

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

    async with serve(meet, "127.0.0.1", port, compression=None):
        await asyncio.Future()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))

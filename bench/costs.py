"""What things cost by themselves, for docs/scaling.md: absolute figures of this machine, not ratios."""

import time
from collections.abc import Mapping
from contextlib import closing

from bench.peers import Shape
from bench.scenarios import Peers

CROWD = Shape(200, 10, 1)
"""2,000 connections."""
IDLE = 20.0
"""Seconds of watching them do nothing: two of their pings each."""
MESSAGES = 4_000
"""At least so many are written before the database is weighed."""


def costs(peers: Peers) -> Mapping[str, str]:
    """What was measured, in words, by what it is of."""
    ours = peers.ours
    ours.rooms(CROWD.rooms, CROWD.people)
    process = ours.start()
    with closing(ours.entered(Shape(1, 10, 1))):
        pass  # what is loaded with the first connections is not theirs
    before = process.cpu()
    with closing(ours.entered(CROWD)) as members:
        count = CROWD.rooms * CROWD.members
        entering = (process.cpu() - before) / count
        time.sleep(2)  # what entering leaves to do is done
        before = process.cpu()
        time.sleep(IDLE)
        idle = (process.cpu() - before) / count / IDLE
        size, sent = ours.size(), 0
        while sent < MESSAGES:
            sent += members.run(1, deliveries=0, ahead=5, spin=True).sent
        stored = (ours.size() - size) / sent
    return {
        "a connection: handshake, login, entering a room": f"{entering * 1e3:,.2f} ms of CPU",
        "a silent connection": f"{idle * 1e6:,.1f} µs of CPU a second",
        "a message of 300 bytes in the database": f"{stored:,.0f} bytes",
    }

"""The Python SDK: a full member of a group, with its own keys.

from safespace.sdk import Client

async with await Client.register(url, handle="…", passphrase="…", store="host.db") as host:
    group = await host.create_group("Tuesday evening", rules="What is said here stays here.")
    print(await group.create_invite())
"""

from safespace.rooms.live_actions import Segment
from safespace.sdk.any_room import Member
from safespace.sdk.ballots import Answer, Ballot
from safespace.sdk.client import Client
from safespace.sdk.conversation import Message
from safespace.sdk.deeds import Deed
from safespace.sdk.deeds import open_deeds as open_audit
from safespace.sdk.doors import Person
from safespace.sdk.errors import ClientError, RoomWarning
from safespace.sdk.floor import Floor
from safespace.sdk.further_room import FurtherRoom
from safespace.sdk.group import Group
from safespace.sdk.handovers import Handover
from safespace.sdk.reports import OwnReport, Report
from safespace.sdk.room import Room
from safespace.sdk.sessions import Session

__all__ = [
    "Answer",
    "Ballot",
    "Client",
    "ClientError",
    "Deed",
    "Floor",
    "FurtherRoom",
    "Group",
    "Handover",
    "Member",
    "Message",
    "OwnReport",
    "Person",
    "Report",
    "Room",
    "RoomWarning",
    "Segment",
    "Session",
    "open_audit",
]

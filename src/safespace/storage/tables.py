"""The tables. Bytes are stored as bytes, ids as UUIDs, times as milliseconds since 1970."""

from typing import ClassVar
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import JSON, Uuid


class Base(DeclarativeBase):
    type_annotation_map: ClassVar = {
        UUID: Uuid,
        bytes: LargeBinary,
        int: BigInteger,
        dict[str, object]: JSON,
        list[str]: JSON,
    }


class Account(Base):
    __tablename__ = "accounts"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    handle: Mapped[str] = mapped_column(unique=True)
    verifier: Mapped[str]
    """PyNaCl's Argon2id of the login key."""
    created: Mapped[int]


class Device(Base):
    __tablename__ = "devices"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    account: Mapped[UUID] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    created: Mapped[int]
    seen: Mapped[int]
    revoked: Mapped[bool]
    """A revoked device keeps its row, as leaves point to it, but has no login and never gets one again."""


class Login(Base):
    """A cookie's or a bearer token's SHA-256; revoking it deletes the row."""

    __tablename__ = "logins"
    digest: Mapped[bytes] = mapped_column(primary_key=True)
    account: Mapped[UUID] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    device: Mapped[UUID] = mapped_column(ForeignKey("devices.id", ondelete="CASCADE"), index=True)
    created: Mapped[int]
    expires: Mapped[int]


class Group(Base):
    __tablename__ = "groups"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    presence: Mapped[bool]
    days: Mapped[int]
    """How long messages are kept; 0 is for ever."""
    quiet: Mapped[bool]
    """Whether only moderators and above may write in the main room."""
    created: Mapped[int]


class Member(Base):
    """An account in a group. `member` is the leaf identity it was first admitted with."""

    __tablename__ = "members"
    group: Mapped[UUID] = mapped_column(ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True)
    member: Mapped[bytes] = mapped_column(primary_key=True)
    person: Mapped[bytes | None]
    """The member they first were, of who came back on another device."""
    account: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    role: Mapped[str]
    status: Mapped[str]
    """`member`, `left`, `removed` or `moved` (the account goes on as another member)."""
    muted_until: Mapped[int]
    """0 for not, `moderation.FOREVER` until someone lifts it."""
    muted_session: Mapped[bool]
    """Whether the mute ends with the session."""
    listening: Mapped[bool]
    agreed: Mapped[bool]
    """Whether to the ground rules that there are now."""
    spoke: Mapped[int]
    """When they last wrote in slow mode."""
    offered: Mapped[str | None]
    """A role that waits for the member's word, and the member who offers it."""
    offered_by: Mapped[bytes | None]
    came_by: Mapped[UUID | None]
    """The invite they were admitted by."""
    banned: Mapped[bool]
    """Whether the account may not ask to join again."""
    created: Mapped[int]


class Room(Base):
    """A room, the head of its log and its public MLS group (RFC 9420 sections 7, 8 and 12)."""

    __tablename__ = "rooms"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    group: Mapped[UUID] = mapped_column(ForeignKey("groups.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str]
    """`main`, or one of `fields.Purpose`."""
    about: Mapped[bytes | None]
    """The member id whom an aside is about."""
    head: Mapped[int]
    epoch: Mapped[int]
    policy_seq: Mapped[int]
    hand_seq: Mapped[int]
    """The seq of the last message about a hand."""
    live: Mapped[str | None]
    """The live session, as `storage.lives` writes it; None where there is nothing to say. In a passing room: what of
    main's binds there."""
    gated: Mapped[bool]
    """Whether `live` may be a reason to refuse a message."""
    due: Mapped[int | None] = mapped_column(index=True)
    """When a session in it begins or ends by itself next."""
    tree: Mapped[bytes]
    confirmed_transcript_hash: Mapped[bytes]
    confirmation_tag: Mapped[bytes]
    created: Mapped[int]
    expired_to: Mapped[int]
    """SQLite: messages up to this seq were kept long enough, and are gone."""
    filed: Mapped[int]
    """PostgreSQL: the retention by which messages were put into partitions; where the group has another one now, they
    are being moved."""
    unconfirmed: Mapped[int]
    """Until when nothing is taken in this epoch, as its commit is provisional; 0 once it is confirmed."""


class Change(Base):
    """The commit that made a room's epoch, while it is provisional, and the public group before it."""

    __tablename__ = "changes"
    room: Mapped[UUID] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int]
    """The commit's line."""
    last: Mapped[int]
    """The last line of its act."""
    author: Mapped[bytes]
    """The member who made it."""
    until: Mapped[int]
    """When silence confirms it."""
    epoch: Mapped[int]
    tree: Mapped[bytes]
    confirmed_transcript_hash: Mapped[bytes]
    confirmation_tag: Mapped[bytes]
    removed: Mapped[list[str]]
    """The leaves that it removes, in hexadecimal."""
    doubts: Mapped[list[str]]
    """The members who could not apply it, in hexadecimal."""
    opened: Mapped[bool]
    """Whether whom it lets in could open it."""


class Act(Base):
    """An act of which devices may still say that nobody folds it, and what it changed at the relay."""

    __tablename__ = "acts"
    room: Mapped[UUID] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    """Its policy message."""
    author: Mapped[bytes]
    """The member who did it."""
    rank: Mapped[int]
    """The lowest rank whose doubt takes it back."""
    until: Mapped[int]
    """When silence decides, once it is doubted; 0 before."""
    folded: Mapped[bool]
    """Whether another than its author said that they folded it."""
    undone: Mapped[bool]
    created: Mapped[int] = mapped_column(index=True)
    __table_args__ = (
        Index("acts_doubted", "room", sqlite_where=text("until > 0"), postgresql_where=text("until > 0")),
    )


class Effect(Base):
    """One thing that an act set, by its name as `storage.effects` has it, in the order in which it was set."""

    __tablename__ = "effects"
    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    group: Mapped[UUID] = mapped_column(ForeignKey("groups.id", ondelete="CASCADE"))
    room: Mapped[UUID]
    seq: Mapped[int]
    name: Mapped[str]
    before: Mapped[object] = mapped_column(JSON, nullable=True)
    after: Mapped[object] = mapped_column(JSON, nullable=True)
    __table_args__ = (
        ForeignKeyConstraint(["room", "seq"], ["acts.room", "acts.seq"], ondelete="CASCADE"),
        Index("effects_by_act", "room", "seq"),
        Index("effects_by_name", "group", "name"),
    )


class Doubt(Base):
    """A member who could not apply a commit of another that was voided, or could not fold an act of theirs."""

    __tablename__ = "doubts"
    group: Mapped[UUID] = mapped_column(ForeignKey("groups.id", ondelete="CASCADE"), index=True)
    room: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    by: Mapped[bytes] = mapped_column(primary_key=True)
    author: Mapped[bytes]
    about: Mapped[str]
    """`commit` or `act`."""
    created: Mapped[int] = mapped_column(index=True)


class Leaf(Base):
    """A device's place in a room's tree."""

    __tablename__ = "leaves"
    room: Mapped[UUID] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True)
    identity: Mapped[bytes] = mapped_column(primary_key=True)
    member: Mapped[bytes]
    account: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    device: Mapped[UUID] = mapped_column(ForeignKey("devices.id"), index=True)
    status: Mapped[str]
    """`active`, `departed` (still in the tree, must be removed), `contested` (departed by an act that somebody could
    not fold: may be removed, and nobody waits for it) or `removed`."""
    joined_seq: Mapped[int]
    """The device may read what comes after this seq."""
    left_seq: Mapped[int | None]
    """Nothing after this seq is for the device: the last line of the act by which it departed."""


class LeafIdentity(Base):
    """A leaf identity that is somebody's for ever, as `storage.identities` hides it, and whose."""

    __tablename__ = "leaf_identities"
    identity: Mapped[bytes] = mapped_column(primary_key=True)
    owner: Mapped[bytes]
    __table_args__ = ({"sqlite_with_rowid": False},)


class PastLeaf(Base):
    """The trace of a leaf in a passing room that is over (`storage.vouching`): whose it was stands in `leaf` alone."""

    __tablename__ = "past_leaves"
    leaf: Mapped[bytes] = mapped_column(primary_key=True)
    group: Mapped[UUID] = mapped_column(ForeignKey("groups.id", ondelete="CASCADE"), index=True)
    room: Mapped[UUID] = mapped_column(index=True)
    began: Mapped[int]
    """When the room was made."""
    ended: Mapped[int]
    joined_seq: Mapped[int]
    left_seq: Mapped[int]
    """The last line that the leaf could send."""
    __table_args__ = ({"sqlite_with_rowid": False},)


class Envelope(Base):
    __tablename__ = "envelopes"
    room: Mapped[UUID] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    time: Mapped[int]
    kind: Mapped[str]
    leaf: Mapped[bytes]
    epoch: Mapped[int]
    client_id: Mapped[UUID]
    part: Mapped[int]
    """0 to 2: which envelope of an act this is; 3 takes back the act's commit."""
    body: Mapped[bytes | None]
    """None, as are commitment and stamp, once a message that was taken down can be restored no more."""
    commitment: Mapped[bytes | None]
    stamp: Mapped[bytes | None]
    policy: Mapped[dict[str, object] | None]
    taken_down: Mapped[int | None]
    """When; from then on nobody is handed the body."""
    expires: Mapped[int]
    """PostgreSQL: the partition (`storage.partitions`), part of every unique key there. 0 on SQLite."""
    __table_args__ = (
        UniqueConstraint("room", "client_id", "part"),
        Index(
            "envelopes_taken_down",
            "taken_down",
            sqlite_where=text("taken_down IS NOT NULL"),
            postgresql_where=text("taken_down IS NOT NULL"),
        ),
    )


class Invite(Base):
    __tablename__ = "invites"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    group: Mapped[UUID] = mapped_column(ForeignKey("groups.id", ondelete="CASCADE"), index=True)
    card: Mapped[bytes]
    uses: Mapped[int]
    used: Mapped[int]
    expires: Mapped[int]
    ended: Mapped[str | None]
    """Why nobody can come by it any more: one of `invites.Ending`."""
    maker: Mapped[bytes | None]
    """The member who made it; None where that was not written down yet."""
    created: Mapped[int]


class Calendar(Base):
    """An address at which an account's sessions are told, of one group or of all; `digest` is of its secret."""

    __tablename__ = "calendars"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    account: Mapped[UUID] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    group: Mapped[UUID | None] = mapped_column(ForeignKey("groups.id", ondelete="CASCADE"), index=True)
    digest: Mapped[bytes] = mapped_column(unique=True)
    created: Mapped[int]


class Ballot(Base):
    """Something that a group's members are asked, and the keys by which their tokens are signed."""

    __tablename__ = "ballots"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    group: Mapped[UUID] = mapped_column(ForeignKey("groups.id", ondelete="CASCADE"), index=True)
    public: Mapped[bytes]
    private: Mapped[bytes | None]
    """None once nobody can use a token any more."""
    created: Mapped[int]
    asks: Mapped[str | None]
    """This, `opened` and `closes` are None until it is opened in the room."""
    opened: Mapped[int | None]
    closes: Mapped[int | None] = mapped_column(index=True)
    came: Mapped[int | None]
    """How many answers came, once they are all in."""


class BallotToken(Base):
    """That a member had a token signed, blinded as it was; gone once no token can be used any more."""

    __tablename__ = "ballot_tokens"
    ballot: Mapped[UUID] = mapped_column(ForeignKey("ballots.id", ondelete="CASCADE"), primary_key=True)
    account: Mapped[UUID] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    blinded: Mapped[bytes]
    signature: Mapped[bytes]


class BallotAnswer(Base):
    """An answer, from nobody. SQLite stores these by their key, not in the order in which they came."""

    __tablename__ = "ballot_answers"
    ballot: Mapped[UUID] = mapped_column(ForeignKey("ballots.id", ondelete="CASCADE"), primary_key=True)
    digest: Mapped[bytes] = mapped_column(primary_key=True)
    """SHA-256 of the token's message."""
    message: Mapped[bytes]
    signature: Mapped[bytes]
    sealed: Mapped[bytes]
    __table_args__ = ({"sqlite_with_rowid": False},)


class InviteBox(Base):
    """The invite's material, sealed to one admitter."""

    __tablename__ = "invite_boxes"
    invite: Mapped[UUID] = mapped_column(ForeignKey("invites.id", ondelete="CASCADE"), primary_key=True)
    member: Mapped[bytes] = mapped_column(primary_key=True)
    box: Mapped[bytes]


class Request(Base):
    """Someone waiting to be admitted, and what they are handed once they are."""

    __tablename__ = "requests"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    invite: Mapped[UUID] = mapped_column(ForeignKey("invites.id", ondelete="CASCADE"))
    group: Mapped[UUID] = mapped_column(ForeignKey("groups.id", ondelete="CASCADE"))
    account: Mapped[UUID] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    device: Mapped[UUID] = mapped_column(ForeignKey("devices.id", ondelete="CASCADE"))
    package: Mapped[bytes]
    package_ref: Mapped[bytes] = mapped_column(unique=True)
    identity: Mapped[bytes]
    sealed: Mapped[bytes]
    expires: Mapped[int]
    mac: Mapped[bytes]
    status: Mapped[str]
    """`waiting`, `admitted`, `declined`, `withdrawn`, `ended`: without anybody deciding about who asked, or `undone`:
    admitted by a commit that was voided."""
    ended: Mapped[str | None]
    """Why: one of `invites.Ending`."""
    created: Mapped[int]
    seen: Mapped[bool]
    """Whether a device of somebody who admits has seen it."""
    room: Mapped[UUID | None]
    seq: Mapped[int | None]
    welcome: Mapped[bytes | None]
    tree: Mapped[bytes | None]
    reply: Mapped[bytes | None]
    word: Mapped[bytes | None]
    """What they were last told, sealed by one who admits."""
    __table_args__ = (
        Index("requests_by_group_status", "group", "status"),
        Index("requests_by_invite_status", "invite", "status"),
    )


class Decline(Base):
    """How often, and when last, an account was told no at a group's door; with `final` it is not to ask again."""

    __tablename__ = "declines"
    group: Mapped[UUID] = mapped_column(ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True)
    account: Mapped[UUID] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, index=True)
    count: Mapped[int]
    last: Mapped[int]
    final: Mapped[bool]


class Report(Base):
    """A sealed report. `reaches` is the time before which no line of it was sent: stamp keys are kept from then on."""

    __tablename__ = "reports"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    group: Mapped[UUID] = mapped_column(ForeignKey("groups.id", ondelete="CASCADE"))
    account: Mapped[UUID] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    sealed: Mapped[bytes]
    created: Mapped[int]
    reaches: Mapped[int]
    status: Mapped[str]
    """`open` or `resolved`."""
    resolved: Mapped[int | None]
    __table_args__ = (Index("reports_by_group_account", "group", "account"),)


class ReportBox(Base):
    """The key of a report, sealed to one recipient."""

    __tablename__ = "report_boxes"
    report: Mapped[UUID] = mapped_column(ForeignKey("reports.id", ondelete="CASCADE"), primary_key=True)
    member: Mapped[bytes] = mapped_column(primary_key=True)
    box: Mapped[bytes]
    __table_args__ = (Index("report_boxes_by_member", "member"),)


class ReportEntry(Base):
    """What a recipient wrote about a report; `answer` is sealed to who filed it."""

    __tablename__ = "report_entries"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    report: Mapped[UUID] = mapped_column(ForeignKey("reports.id", ondelete="CASCADE"), index=True)
    author: Mapped[bytes]
    created: Mapped[int]
    sealed: Mapped[bytes]
    answer: Mapped[bytes | None]


class ReportEntryBox(Base):
    __tablename__ = "report_entry_boxes"
    entry: Mapped[UUID] = mapped_column(ForeignKey("report_entries.id", ondelete="CASCADE"), primary_key=True)
    member: Mapped[bytes] = mapped_column(primary_key=True)
    box: Mapped[bytes]


class KeyPackage(Base):
    """A pool for each (device, group). Taken ones stay, so that a reference is never used twice."""

    __tablename__ = "key_packages"
    ref: Mapped[bytes] = mapped_column(primary_key=True)
    group: Mapped[UUID] = mapped_column(ForeignKey("groups.id", ondelete="CASCADE"))
    device: Mapped[UUID] = mapped_column(ForeignKey("devices.id", ondelete="CASCADE"))
    package: Mapped[bytes]
    endorsement: Mapped[bytes]
    """The signature by which its member says that it is theirs."""
    identity: Mapped[bytes]
    member: Mapped[bytes]
    """Who endorsed it: it is of use as long as its account is this member."""
    last_resort: Mapped[bool]
    created: Mapped[int]
    room: Mapped[UUID | None] = mapped_column(index=True)
    """The passing room that it is for; None for one of the pool."""
    taken_for: Mapped[UUID | None]
    """The room it was handed out for."""
    taken_by: Mapped[UUID | None]
    """The account that took it."""
    __table_args__ = (Index("key_packages_by_pool", "device", "group", "taken_for"),)


class Welcome(Base):
    """A Welcome into a further room, until its device has fetched it."""

    __tablename__ = "welcomes"
    room: Mapped[UUID] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True)
    device: Mapped[UUID] = mapped_column(ForeignKey("devices.id", ondelete="CASCADE"), primary_key=True, index=True)
    seq: Mapped[int]
    welcome: Mapped[bytes]
    tree: Mapped[bytes]


class StampKey(Base):
    """The keys K that stamp envelopes. They rotate; old ones stay while reports may need them."""

    __tablename__ = "stamp_keys"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[bytes]
    created: Mapped[int]


class Secret(Base):
    """Random bytes that the processes share, by what they are for."""

    __tablename__ = "secrets"
    name: Mapped[str] = mapped_column(primary_key=True)
    secret: Mapped[bytes]


class Lease(Base):
    """What one process at a time may do; `beat` counts up while its holder lives."""

    __tablename__ = "leases"
    name: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[UUID | None]
    beat: Mapped[int]


class Handover(Base):
    """What a facilitator left for the next; `author` is a member id."""

    __tablename__ = "handovers"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    group: Mapped[UUID] = mapped_column(ForeignKey("groups.id", ondelete="CASCADE"), index=True)
    author: Mapped[bytes]
    sealed: Mapped[bytes]
    created: Mapped[int]
    expires: Mapped[int] = mapped_column(index=True)


class HandoverBox(Base):
    """The key of a handover note, sealed to one who may read it."""

    __tablename__ = "handover_boxes"
    handover: Mapped[UUID] = mapped_column(ForeignKey("handovers.id", ondelete="CASCADE"), primary_key=True)
    member: Mapped[bytes] = mapped_column(primary_key=True)
    box: Mapped[bytes]

"""Everything the SDK raises. All of it is a `ClientError` with a `.code` and plain words.

ClientError
├── Refused            the server said no; `.code` is one of `safespace.errors.CODES`
│   └── WrongLogin     that handle and passphrase do not go together
├── Unreachable        no answer from the server; trying again is safe
├── Removed            a moderator removed this member (`.announced`: the group's own record says so)
├── Left               this member left the group
├── Moved              this member goes on on another device (`.announced` as above)
├── Undone             this member was let in by a change of keys that was voided, and has to ask again
├── Ended              this member is no longer in a further room of the group (`.announced` as above)
├── Declined           the request to join was declined (`.by`: who did; `.said`: a word about it, if there was one)
├── Stranded           the request ended though nobody decided about it; `.code` says why
├── UntrustedServer    a warning that stops all sending; `.warning` says what was seen
├── ClockWrong         this machine's clock is so wrong that the keys it makes or takes are not valid
├── BadLink            this is not an invite link of this server, or a part of it is missing
├── NotOpened          a file does not open: another passphrase, or another file
└── StoreError         the store cannot be opened: wrong passphrase, in use, or damaged
"""

# ruff: noqa: N818 - these are words that people who use the SDK read and catch
from dataclasses import dataclass
from typing import Final

from safespace.errors import CODES


class ClientError(Exception):
    """The root of the tree."""

    def __init__(self, code: str, words: str) -> None:
        self.code = code
        self.words = words
        super().__init__(f"{code}: {words}")


class Refused(ClientError):
    """The server, or the group's own rules, said no. Nothing of it was applied."""

    def __init__(self, code: str, words: str | None = None, *, retry_after: int | None = None) -> None:
        known = CODES.get(code)
        super().__init__(code, words or (known.words if known else "The server refused this."))
        self.retry_after = retry_after


class WrongLogin(Refused):
    """That handle and passphrase do not go together."""


class Unreachable(ClientError):
    """The server does not answer, or its answer makes no sense."""

    def __init__(self, words: str = "The server does not answer.") -> None:
        super().__init__("unreachable", words)


class Removed(ClientError):
    """This member is no longer in the group. `announced` is False when only the server says so."""

    def __init__(self, *, announced: bool) -> None:
        self.announced = announced
        super().__init__(
            "removed", "A moderator removed you." if announced else "The server says that you are not in this group."
        )


class Left(ClientError):
    """This member left the group."""

    def __init__(self) -> None:
        super().__init__("left", "You left this group.")


class Moved(ClientError):
    """This member was let in on another device, which takes this one's place. `announced` is as for `Removed`."""

    def __init__(self, *, announced: bool) -> None:
        self.announced = announced
        super().__init__("moved", "You moved this conversation to another device.")


class Undone(ClientError):
    """This member was let in by a change of keys that the others could not follow, and has to ask again."""

    def __init__(self) -> None:
        super().__init__("undone", "You were let in, but the others could not follow. Please ask again.")


class Ended(ClientError):
    """This member's part in a further room has ended. `announced` is False when only the server says so."""

    def __init__(self, *, announced: bool) -> None:
        self.announced = announced
        words = "You are no longer in this room." if announced else "The server says that you are not in this room."
        super().__init__("ended", words)


class Declined(ClientError):
    """The request to join was declined. `by` is the pseudonym of who did so, None when only the server says that
    someone did, and `said` what they wrote, if anything."""

    def __init__(self, by: str | None, said: str | None) -> None:
        self.by = by
        self.said = said
        words = "Your request to join was declined."
        super().__init__("declined", words if by else "The server says that your request to join was declined.")


STRANDED: Final[dict[str, str]] = {
    "rules_changed": "The ground rules have changed, and the link showed the old ones.",
    "invite_revoked": "The link was taken back.",
    "invite_used_up": "The link was for fewer people than asked, and they have come.",
    "invite_banned": "Somebody else who had this link may no longer come, so it has ended.",
    "staff_changed": "The people who look after the group have changed, and the link ended with that.",
    "removed": "You are no longer in this group.",
}
"""Why a request ended that nobody decided about, by the server's word."""


class Stranded(ClientError):
    """The request to join ended though nobody decided about it; `code` is one of STRANDED. Ask by another link."""

    def __init__(self, code: str) -> None:
        super().__init__(code, STRANDED.get(code, "The request no longer waits."))


class ClockWrong(ClientError):
    """This machine's clock is so wrong that the keys it makes or takes are not valid. Set it right, and try again."""

    def __init__(self) -> None:
        super().__init__("clock_wrong", "The clock of this device is wrong. Set it right, then try again.")


class BadLink(ClientError):
    """Not an invite link of this server, or not the whole of one."""

    def __init__(self, words: str = "This is not an invite link of this server.") -> None:
        super().__init__("bad_link", words)


class NotOpened(ClientError):
    """A file does not open: another passphrase, or another file."""

    def __init__(self) -> None:
        super().__init__("not_opened", "This passphrase does not open this file.")


class StoreError(ClientError):
    """The store cannot be opened. Codes: `wrong_passphrase`, `store_in_use`, `store_damaged`, `store_missing`,
    `store_exists`."""


WARNINGS: Final[dict[str, tuple[str, bool]]] = {
    # code: (plain words, does it stop all sending)
    "unannounced_change": ("The people who hold the keys would have changed without the group saying so.", True),
    "identity_changed": ("A member's keys would have been exchanged for someone else's.", True),
    "bad_commit": ("A change of keys is not genuine.", True),
    "unannounced_group": ("The server offered keys of a group that the invite does not name.", True),
    "state_mismatch": ("What a newcomer is told about the group does not fit, or does not come where it should.", True),
    "tree_mismatch": ("The list of key-holders is not the one the group has.", True),
    "wrong_card": ("The server shows another invitation than the one that the link is for.", True),
    "wrong_reply": ("The answer to a request to join does not come from the group.", True),
    "seq_hole": ("The server left out a part of the conversation.", True),
    "seq_rollback": ("The server has lost a part of the conversation that it had confirmed.", True),
    "void_unfounded": ("The server took back a change of keys that the group had followed.", True),
    "voided": ("A member's change of keys could not be followed by the others, so it was taken back.", False),
    "unendorsed_leaf": ("Someone whom the group does not know would have got the keys of this room.", True),
    "room_refused": ("The server offered a further room that is not what it says, so it is not shown.", False),
    "package_forged": ("The server handed out keys as a member's that are not, so they were not used.", False),
    "policy_forged": ("An act of moderation is not genuine, so it has no effect.", False),
    "undone": ("The server takes back something that was decided, as others could not follow it.", False),
    "state_forged": ("A newcomer was told something else about the group than it agreed.", False),
    "ballot_forged": (
        "A token or an answer was not signed by the key that all were shown, so it was left out.",
        False,
    ),
    "ballot_stuffed": ("More answers came than people were asked, so some are not from the group.", False),
    "report_forged": ("A report, or what was written about one, is not genuine, so it is not shown.", False),
    "unreached": ("Something could not be sealed to someone, whose device gave a key that is of no use.", False),
    "handover_forged": ("A handover note was not written by a facilitator, so it is not shown.", False),
    "seq_repeat": ("The server sent a part of the conversation again.", False),
    "bad_commitment": ("A message could not be reported if it had to be, so it is not shown.", False),
    "wrong_sender": ("A message does not come from whom the server says, so it is not shown.", False),
    "unreadable": ("A message cannot be read, so it is not shown.", False),
    "withheld": ("The server keeps back a message that nobody took down.", False),
    "gap_unexplained": ("The server no longer has messages that the group would still keep.", False),
    "refused_unfounded": ("The server refused a message without a reason that the group knows of.", False),
    "let_through": ("The server took a message from someone who could not write just then.", False),
    "forged_request": ("A request to join was not made with the invite it names, so it is not shown.", False),
}


@dataclass(frozen=True, slots=True)
class RoomWarning:
    """Something the server or a member did that an honest one would not. `seq` is where, if known. `who` are the
    pseudonyms of those it is about; of a member's doing, for those who moderate, whose it was by the server's word."""

    code: str
    seq: int | None = None
    who: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        words, _ = WARNINGS[self.code]
        return f"{words} ({', '.join(self.who)})" if self.who else words

    @property
    def halting(self) -> bool:
        """Whether nothing is sent to the room from then on."""
        return WARNINGS[self.code][1]


class UntrustedServer(ClientError):
    """A halting warning was seen. Nothing more is sent to this room."""

    def __init__(self, warning: RoomWarning) -> None:
        self.warning = warning
        super().__init__(warning.code, warning.words)

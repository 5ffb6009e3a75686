"""Every error a client can meet: one code, one HTTP status, plain words.

REST answers with RFC 9457 problems, the socket with a `refused` frame; both carry the same `code`.
The table in `docs/errors.md` is made from `CODES`.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Code:
    """What a code means. `close` is the WebSocket close code, if the socket is closed too."""

    status: int
    words: str
    close: int | None = None


CODES: Final[dict[str, Code]] = {
    # The request itself
    "malformed_json": Code(400, "This is not valid JSON."),
    "unknown_frame": Code(400, "There is no such frame."),
    "invalid_field": Code(422, "A field is missing, of the wrong type or out of range."),
    "bad_base64": Code(422, "A field is not base64url without padding."),
    "too_large": Code(413, "This is larger than the server takes."),
    "not_found": Code(404, "There is nothing here for you."),
    "method_not_allowed": Code(405, "This address does not take that method."),
    "throttled": Code(429, "That was much at once. Wait a little."),
    "quota_reached": Code(429, "You have as many of these as one account may have."),
    "unavailable": Code(503, "The server cannot do this now. Try again."),
    "storage_full": Code(507, "The server has no room to store this."),
    "internal": Code(500, "Something went wrong on the server."),
    # Logins
    "unauthenticated": Code(401, "Log in first.", close=4401),
    "wrong_login": Code(401, "That handle and passphrase do not go together."),
    "handle_taken": Code(409, "Someone has this handle already."),
    "handle_invalid": Code(422, "A handle is 3 to 32 letters a to z, digits or hyphens."),
    "origin_refused": Code(403, "This page may not talk to this server."),
    "forbidden": Code(403, "Your role does not allow this."),
    # Groups, rooms and membership
    "group_exists": Code(409, "This group or room exists already."),
    "unknown_room": Code(404, "There is no such room for you."),
    "not_a_member": Code(403, "You are not in this group."),
    "removed": Code(403, "You were removed from this group.", close=4403),
    "moved": Code(403, "You moved this conversation to another device."),
    "not_entered": Code(409, "Enter the room on this connection first."),
    "last_owner": Code(409, "The only owner cannot leave; hand the group over first."),
    "rank_too_low": Code(403, "You can only do this to someone of a lower rank."),
    "pseudonym_taken": Code(409, "Someone in the group has or had this name, or one that looks like it."),
    "pseudonym_reserved": Code(422, "This name could be taken for somebody who looks after the group, or for the app."),
    "renamed_often": Code(409, "You have changed your name three times of late; the next time is in some weeks."),
    "does_not_belong": Code(403, "This room is not for that member."),
    "unknown_member": Code(404, "There is no such member in this group."),
    # Moderation
    "muted": Code(403, "You are muted. You can read, and you keep your place."),
    "listening": Code(403, "You are here to listen until someone lets you speak."),
    "quiet": Code(403, "The room is quiet for now; only those who run it can write."),
    "already_muted": Code(409, "This member is muted for at least as long already."),
    "not_muted": Code(409, "This member is not muted."),
    "not_listening": Code(409, "This member may speak already."),
    "unchanged": Code(409, "This is so already."),
    "already_offered": Code(409, "This role was offered to this member already."),
    "no_offer": Code(409, "This role is not offered to this member."),
    "not_banned": Code(409, "This person is not banned."),
    "unknown_line": Code(404, "There is no such message in this room."),
    "already_taken_down": Code(409, "This message was taken down already."),
    "not_taken_down": Code(409, "This message was not taken down."),
    "too_late": Code(410, "It is too late to undo this."),
    # The live session
    "closed": Code(403, "There is no session now; between sessions this room is for reading."),
    "paused": Code(403, "The room is paused. What you are writing stays on your device."),
    "not_your_turn": Code(403, "It is somebody else's turn to speak."),
    "slow_mode": Code(403, "The room is in slow mode. Wait a little before the next message."),
    "agree_first": Code(403, "The ground rules changed. Read them and agree before you write."),
    "locked": Code(403, "The door is locked; nobody new comes in now."),
    "in_the_past": Code(422, "A session cannot begin in the past."),
    "overlapping": Code(409, "Two sessions would be on at once."),
    "too_many_plans": Code(409, "There are as many plans as a group can have."),
    "unknown_plan": Code(404, "No such session is planned."),
    "session_open": Code(409, "A session is on already."),
    "no_session": Code(409, "No session is on."),
    "floor_open": Code(409, "The floor is open; everyone may speak."),
    "hand_up": Code(409, "This hand is up already."),
    "no_hand": Code(409, "This hand is not up."),
    "cannot_speak": Code(409, "This member cannot write now, and so cannot use the floor."),
    "still_here": Code(409, "Whoever has the floor is here."),
    "turn_over": Code(409, "That turn is over already."),
    "unknown_segment": Code(404, "The run-sheet has no such segment."),
    "in_capsule": Code(403, "The session is held in a room that is not kept. Write there."),
    "room_held": Code(409, "Somebody in this room still holds its keys; they let you in."),
    "impossible_recurrence": Code(422, "No date fits this rule."),
    # Ballots
    "ballot_open": Code(409, "Something is being asked already."),
    "too_few": Code(409, "There are too few people here for an answer to be anonymous."),
    "ballot_unknown": Code(404, "There is no such ballot for you."),
    "ballot_over": Code(410, "It is too late to answer this."),
    "ballot_not_over": Code(409, "The answers to this are not all in yet."),
    "token_given": Code(409, "You have the token for this ballot already."),
    "token_invalid": Code(422, "This is not a token for this ballot."),
    "token_used": Code(409, "This token was used for another answer."),
    "not_anonymous": Code(422, "An anonymous answer is sent without a login."),
    # Reports
    "no_recipient": Code(409, "There is nobody else here who could read this report."),
    "report_unknown": Code(404, "There is no such report for you."),
    # Handover notes
    "handover_unknown": Code(404, "There is no such note of yours."),
    # Invites and requests
    "invite_unknown": Code(404, "This invite does not exist."),
    "invite_expired": Code(410, "This invite has expired."),
    "invite_used_up": Code(410, "This invite has been used up."),
    "invite_revoked": Code(410, "This invite was taken back."),
    "request_unknown": Code(404, "There is no such request."),
    "request_decided": Code(409, "This request was already answered."),
    "request_expired": Code(410, "This request is too old."),
    "declined_lately": Code(429, "The group told you no lately. Wait before you ask again."),
    "not_again": Code(403, "The group asks you not to ask again."),
    "left_silenced": Code(409, "Whoever asks left while muted or only reading, and comes back that way."),
    "link_crowded": Code(429, "As many people wait by this link as it has room for."),
    "door_full": Code(429, "The waiting room of this group is full."),
    "already_member": Code(409, "This account is in the group already."),
    "owner_elsewhere": Code(409, "An owner cannot come back on another device yet."),
    # KeyPackages
    "wrong_suite": Code(422, "This KeyPackage is of another cipher suite."),
    "key_package_invalid": Code(422, "This KeyPackage breaks a rule of the profile."),
    "key_package_expired": Code(422, "This KeyPackage is not valid now."),
    "key_package_used": Code(409, "This KeyPackage was used before."),
    "key_package_not_handed_out": Code(422, "This KeyPackage was not handed out for this room."),
    "key_package_exhausted": Code(404, "No KeyPackage is left."),
    # Messages and commits
    "mls_malformed": Code(422, "This is not a well-formed MLS message."),
    "bad_signature": Code(422, "The signature does not verify."),
    "wrong_group": Code(422, "This was made for another room."),
    "wrong_epoch": Code(422, "The epoch is not one this room has reached."),
    "wrong_leaf": Code(403, "The sender's leaf is not this device's."),
    "stale_epoch": Code(409, "The keys have changed; catch up and seal it again."),
    "epoch_taken": Code(409, "Another change of keys came first; catch up and try again."),
    "epoch_unconfirmed": Code(409, "The others have yet to follow the last change of keys. Try again."),
    "barred_from_commits": Code(403, "Others could not follow your changes of keys, so no more of them are taken."),
    "stale_policy": Code(409, "The group changed meanwhile; look again and decide again."),
    "rekey_required": Code(409, "Someone left; the keys must change first."),
    "client_id_reused": Code(409, "This client_id belongs to something else."),
    "forbidden_handshake": Code(422, "The profile does not allow this kind of handshake."),
    "path_required": Code(422, "This commit needs a path."),
    "leaf_changed": Code(422, "A path may not change the credential or the signature key."),
    "leaf_invalid": Code(422, "This leaf breaks a rule of the profile."),
    "duplicate_identity": Code(422, "This leaf identity is somebody's already."),
    "announcement_missing": Code(422, "This change of members was not announced."),
    "announcement_mismatch": Code(422, "The announcement and the commit do not say the same."),
    "tree_mismatch": Code(422, "The tree or its hashes do not fit."),
    "kind_mismatch": Code(422, "The kind of the envelope and its content do not fit."),
}

CLOSE_RESUME: Final = 4408
"""Close code for a reader that fell behind: reconnect and resume."""
CLOSE_RESTART: Final = 1012
"""Close code for a restarting server (uvicorn's own): reconnect and resume."""


class SafeSpaceError(Exception):
    """A refusal with a code of `CODES`. Nothing of the refused request was applied."""

    def __init__(
        self, code: str, detail: str | None = None, *, retry_after: int | None = None, policy_seq: int | None = None
    ) -> None:
        self.code = code
        self.detail = detail or CODES[code].words
        self.retry_after = retry_after
        """Seconds after which trying again makes sense."""
        self.policy_seq = policy_seq
        """Up to where the room's policy says why."""
        super().__init__(f"{code}: {self.detail}")

    @property
    def status(self) -> int:
        """The HTTP status of this code."""
        return CODES[self.code].status


class PolicyError(SafeSpaceError):
    """A policy message that nobody applies."""

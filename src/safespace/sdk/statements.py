"""What a member says under their own leaf key, to some of the group: reports, what is written about them, notes."""

from collections.abc import Iterable
from uuid import UUID

from nacl.signing import SigningKey

from safespace.crypto.errors import CryptoError
from safespace.crypto.reports import About, Statement, Use, say, seal, seal_answer, unseal, unseal_answer
from safespace.fields import b64decode, b64encode
from safespace.rooms.state import State
from safespace.sdk.errors import Refused
from safespace.sdk.place import Place
from safespace.sdk.reports import Someone


class Statements:
    """Made and read with the keys of one place."""

    def __init__(self, place: Place) -> None:
        self._place = place

    @property
    def state(self) -> State:
        """What the group has agreed. Raises Refused not_a_member before that is known."""
        if (state := self._place.state) is None:
            raise Refused("not_a_member")
        return state

    @property
    def me(self) -> str:
        """The own member id. Raises Refused not_a_member."""
        if (me := self._place.me) is None:
            raise Refused("not_a_member")
        return me

    def seal(self, use: Use, id: UUID, content: bytes, to: Iterable[str]) -> tuple[str, list[dict[str, str]]]:
        """As the server takes it, for these members: the statement, and a box for each. Raises Refused."""
        about = About(use, self.state.group, id)
        keys = {member: b64decode(self.state.members[member].key) for member in to}
        try:
            sealed, boxes = seal(about, self._say(about, content), keys)
        except CryptoError as error:
            raise Refused("unknown_member") from error
        return b64encode(sealed), [{"member": member, "box": b64encode(box)} for member, box in boxes.items()]

    def seal_answer(self, id: UUID, content: bytes, member: str) -> str:
        """For one member alone."""
        about = About("safespace report answer", self.state.group, id)
        return b64encode(seal_answer(about, self._say(about, content), b64decode(self.state.members[member].key)))

    def unseal(self, use: Use, id: UUID, sealed: str, box: str) -> tuple[bytes, Someone]:
        """What was said to this member, and by whom. Raises CryptoError."""
        about = About(use, self.state.group, id)
        statement = unseal(about, b64decode(sealed), b64decode(box), self._place.policy_private)
        return statement.content, self._verified(about, statement)

    def unseal_answer(self, id: UUID, box: str) -> tuple[bytes, Someone]:
        """The same, of an answer."""
        about = About("safespace report answer", self.state.group, id)
        statement = unseal_answer(about, b64decode(box), self._place.policy_private)
        return statement.content, self._verified(about, statement)

    def writer(self, leaf: str) -> Someone:
        """Who holds a leaf; a leaf of somebody who is gone stands for them."""
        return self.someone(self._place.member_of(b64decode(leaf)) or leaf)

    def someone(self, id: str) -> Someone:
        """A member or former member, by id."""
        member = self._place.member(id)
        return Someone(id, member.pseudonym if member else None)

    def _say(self, about: About, content: bytes) -> bytes:
        leaf = self._place.leaf
        signing = SigningKey(leaf.secret[:32])
        return say(about, content, leaf.identity, lambda data: signing.sign(data).signature)

    def _verified(self, about: About, statement: Statement) -> Someone:
        key = self._place.signature_key(statement.leaf)
        if key is None:
            raise CryptoError("nobody here has this leaf")
        statement.verify(about, key)
        return self.writer(b64encode(statement.leaf))

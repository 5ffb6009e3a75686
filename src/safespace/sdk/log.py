"""One room's log as this device follows and extends it.

What the server sends comes in through `opened`, `received` and `closed`, one thing after another. Each envelope is
read and saved before anyone sees it, and whatever is sent is saved, exactly as it is, before it is sent.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any
from uuid import UUID

from safespace.fields import b64decode, is_time
from safespace.rooms.actions import TakeDown
from safespace.rooms.roles import STAFF
from safespace.sdk.any_place import AnyPlace
from safespace.sdk.checks import Suspicion, is_silenced, was_let_through
from safespace.sdk.chores import Chores
from safespace.sdk.conversation import RESTORABLE, Conversation, Message, Noted
from safespace.sdk.deeds import Record
from safespace.sdk.errors import ClientError, Refused, RoomWarning, UntrustedServer
from safespace.sdk.outbox import Outbox
from safespace.sdk.reading import Followed, read
from safespace.sdk.sealing import Pending, seal_message
from safespace.sdk.store import Store
from safespace.wire import (
    CaughtUp,
    Confirmed,
    Doubted,
    Enter,
    Envelope,
    Epoch,
    Frame,
    Gap,
    Gone,
    Here,
    Rekey,
    Sent,
)
from safespace.wire import Refused as RefusedFrame

_LATE = frozenset({"stale_epoch", "epoch_taken", "epoch_unconfirmed", "wrong_epoch", "stale_policy", "rekey_required"})
"""Refusals that say: something else came first. They are answered here and never shown. `wrong_epoch`: the commit that
began it was voided."""
_SILENCED = frozenset({"muted", "listening", "agree_first", "quiet", "closed", "paused", "not_your_turn", "slow_mode"})
"""Refusals that what the group agreed must be the reason for."""
_UNSURE = "unavailable"
"""Says that the relay could not find out whether it stored something; the same again finds out, or stores it."""
_NOT_HERE = frozenset({"removed", "moved", "not_a_member", "unknown_room"})
_BY_MEMBERS = frozenset({"policy_forged", "voided"})
"""Warnings of what only a member's device can have done, if the server is honest."""
_MOST_WARNINGS = 100
"""All are written with every line that is read: a member who sends nothing but noise must not make that costly."""
_NEXT_LINES = 5.0
"""Seconds in which the lines after one that was left out come."""
_TIDY = 3600.0
"""Seconds after which it is looked again for what is kept no longer, where nothing else has happened."""
_TRY_AGAIN = 0.3
"""Seconds after which something refused as late is tried again, should no change of keys come before."""


class TooLate(Exception):  # noqa: N818 - says what happened, and is always caught
    """An act was refused because something else came first: look again, decide again."""


class RoomLog:
    """`live` is whether everything up to now was read. `rekey` is called with departed leaves to take out, `caught_up`
    whenever the log is live again or something was sent."""

    def __init__(
        self,
        place: AnyPlace,
        store: Store,
        post: Callable[[Frame], None],
        rekey: Callable[[list[str]], None],
        caught_up: Callable[[], None],
    ) -> None:
        self.place = place
        self.live = False
        self._slowed = False
        """Whether the relay said that this was too much at once; acts go on."""
        self.present: frozenset[str] = frozenset()
        self.ended: ClientError | None = None
        self.conversation = Conversation(place, store)
        self.record = Record(place, store)
        self.chores = Chores()
        self._name = str(place.room)
        self._store = store
        self._post = post
        self._rekey = rekey
        self._caught_up = caught_up
        self._outbox = Outbox(store.get("outbox", self._name) or [])
        self._changed = asyncio.Event()
        self._inbox: deque[Any] = deque()
        self.watchers: list[Callable[[], None]] = []
        """Called whenever anything about the room changed."""
        self.undoing: list[Callable[[], None]] = []
        """Called when the server has taken an act back: who was put out by it has a place again."""
        self._tidy()
        self.chores.start(self._keep_tidy(), "tidy")

    # What the room does with it

    async def deliver(self, pending: Pending) -> int:
        """Send, again and again if need be, and return the seq. Raises Refused, TooLate (acts alone) or trouble."""
        future = self._outbox.add(pending)
        if pending.frame is not None:
            self._save(outbox=True, durable=True)
        self._pump()
        try:
            return await future
        finally:
            self._outbox.forget_waiter(pending)

    def trouble(self) -> ClientError | None:
        """Why nothing more can be sent here, if so."""
        if (warning := self.place.halted) is not None:
            return UntrustedServer(warning)
        return self.place.ending or self.ended

    def check_usable(self) -> None:
        """Raises what `trouble` tells."""
        if (trouble := self.trouble()) is not None:
            raise trouble

    async def until(self, ready: Callable[[], bool]) -> None:
        """Wait until something about the room is so. Raises trouble."""
        while True:
            self.check_usable()
            if ready():
                return
            await self.change()

    async def change(self) -> None:
        """Wait until anything about the room changed."""
        await self._changed.wait()

    def warn(self, code: str, seq: int | None = None, who: tuple[str, ...] = ()) -> None:
        """Note a warning, once, and keep it with the newest others."""
        warning = RoomWarning(code, seq, who)
        if warning not in self.place.warnings:
            self.place.warnings = [*self.place.warnings, warning][-_MOST_WARNINGS:]
            self._save()
            self._notify()
            if warning.halting:
                self._outbox.fail_all(UntrustedServer(warning))

    def unreached(self, who: tuple[str, ...]) -> None:
        """Warn that these could not be sealed to."""
        self.warn("unreached", who=who)

    # What the connection does with it

    def opened(self) -> None:
        """A new connection: say how far the log was read. Who is out by the server's word alone looks again."""
        if self.trouble() is None or (self.place.turned_away and self.ended is None):
            self._post(Enter(t="enter", room=self.place.room, after=self.place.cursor))

    def closed(self) -> None:
        """The connection broke; everything unanswered is sent again once the log is live again."""
        self.live = False
        self._inbox.clear()
        self.present = frozenset()
        self._outbox.connection_lost()

    def received(self, frame: Any) -> None:
        """A frame that names this room."""
        self._inbox.append(frame)
        self.go_on()

    def go_on(self) -> None:
        """Take what came, up to a line before which something else has to be read."""
        while self._inbox and not (isinstance(self._inbox[0], Envelope) and self.place.waits_for(self._inbox[0])):
            self._take(self._inbox.popleft())

    def _take(self, frame: Any) -> None:
        if self.place.turned_away and isinstance(frame, Envelope | Gap | CaughtUp):
            self._is_let_in()
        match frame:
            case Envelope():
                self._envelope(frame)
            case Gap():
                self._gap(frame)
            case CaughtUp():
                self._is_caught_up(frame)
            case Sent(client_id=client_id, seq=seq) if seq <= self.place.cursor and client_id in self._outbox:
                # Its envelope was read, and was not what this device sent.
                self._drop(client_id, Refused("client_id_reused"))
            case RefusedFrame():
                self._was_refused(frame)
            case Here():
                self.present = frozenset(frame.members)
            case Rekey():
                self._rekey(frame.leaves)
            case Confirmed():
                self._pump()
            case Doubted(seq=seq, undone=undone) if seq <= self.place.cursor:
                self._doubted(seq, undone=undone)
                if undone:
                    self._look_again()
            case Gone(code=code):
                self._gone(code)

    def end(self, error: ClientError) -> None:
        """No more connections: whoever waits gets the error."""
        self.ended = self.ended or error
        self.live = False
        self.chores.cancel()
        self._notify()
        self._outbox.fail_all(error)

    # Reading

    def _envelope(self, envelope: Envelope) -> None:
        place = self.place
        if place.halted is not None or place.status != "member":
            return
        if envelope.seq != place.cursor + 1:
            self.warn("seq_repeat" if envelope.seq <= place.cursor else "seq_hole", envelope.seq)
            return
        own = self._outbox.get(envelope.client_id)
        keys, stuck = place.keys, place.stuck
        shown, heard = None, False
        try:
            shown = read(place, envelope, own)
            heard = True
            if isinstance(shown, Followed):
                self.conversation.check(shown.action)
        except Suspicion as suspicion:
            shown = None
            self.warn(suspicion.code, envelope.seq, self._author(suspicion.code, envelope))
            if place.halted is not None:
                return
        place.cursor = envelope.seq
        if is_time(envelope.time):
            place.time = envelope.time
            if self.live:
                place.clock.lined(envelope.time)
        # One's own message may have been taken down before it was read.
        done = own is not None and envelope.body in (own.last_body, None)
        if done:
            self._outbox.take_out(envelope.client_id)
        self._save(shown, outbox=done)
        if heard and not place.stuck and was_let_through(place, envelope):
            self.warn("let_through", envelope.seq)
        if done:
            self._outbox.resolve(envelope.client_id, envelope.seq)
        if isinstance(shown, Followed) and isinstance(shown.action, TakeDown):
            self.chores.later(self._tidy, RESTORABLE / 1000, f"sweep {shown.action.line}")
        self._judge_claims(envelope.seq)
        self._judge_missing_soon()
        self._notify()
        if (trouble := self.trouble()) is not None:
            self._outbox.fail_all(trouble)
            return
        if self.live:
            self._say_folded(envelope.seq - 1)
        if envelope.kind == "handshake" and self.live:
            self._say_epoch()
        if (place.keys, place.stuck) != (keys, stuck):
            if envelope.kind == "void":
                # Nothing had come after the commit, so no act with its keys was stored.
                for act in self._outbox.acts_with(keys):
                    self._drop(act.client_id, TooLate("epoch_taken"))
            self._pump()
        elif done:
            self._pump()

    def _author(self, code: str, envelope: Envelope) -> tuple[str, ...]:
        """Whose doing it is by the server's word, for those who moderate."""
        place = self.place
        author = place.member_of(b64decode(envelope.leaf))
        if code not in _BY_MEMBERS or author is None or place.me is None or place.role_of(place.me) not in STAFF:
            return ()
        name = place.name_of(author)
        return () if name is None else (name,)

    def _say_folded(self, since: int) -> None:
        """Say what of the lines after this one could not be folded here, or could though it was voided."""
        for frame in self.place.disputed.words(self.place.room, since):
            self._post(frame)

    def _doubted(self, seq: int, *, undone: bool) -> None:
        """Somebody could not fold an act: say whether this device could."""
        disputed = self.place.disputed
        if (word := disputed.word(self.place.room, seq)) is not None:
            self._post(word)
        if disputed.hear(seq, undone=undone):
            self.warn("undone", seq)
        self._save()

    def _look_again(self) -> None:
        """An act was taken back: what put this device out of the room, or of others, may have been that."""
        if self.place.turned_away:
            self.opened()
        for watcher in self.undoing:
            watcher()

    def _is_let_in(self) -> None:
        """The server has this device in the room again that it said was out."""
        self.place.status = "member"
        self._save()

    def _say_epoch(self) -> None:
        """Say whether this device could apply another's commit that nothing has come after, or was let in by it."""
        before, newcomer = self.place.before, self.place.newcomer
        if before is not None and not before.mine and not newcomer:
            self._post(Epoch(room=self.place.room, seq=before.seq, ok=before.applied))

    def _gap(self, gap: Gap) -> None:
        """Lines that are kept no longer; between the parts of an act there are none."""
        place = self.place
        if place.halted is not None or place.status != "member":
            return
        if gap.after != place.cursor or gap.until <= gap.after or place.between:
            self.warn("seq_repeat" if gap.until <= place.cursor else "seq_hole", gap.after + 1)
            return
        if place.stuck:  # others could apply the commit, and went on
            place.status = "lost"
            self.warn("bad_commit", gap.after + 1)
            return
        place.commit_stands()
        place.missing.gap(gap.after + 1, place.time, place.days)
        place.cursor = gap.until
        self._save()
        self._notify()
        self._judge_missing_soon()

    def _judge_missing(self) -> None:
        """Warn of what was left out without a reason, once the log was read to its end."""
        for code, seq in self.place.missing.unexplained(self.place.clock.now() + self.place.clock.error):
            self.warn(code, seq)

    def _tidy(self) -> None:
        """Let go of what is kept no longer."""
        with self._store.writing():
            if self.conversation.tidy():
                self._put_place()

    async def _keep_tidy(self) -> None:
        while True:
            await asyncio.sleep(_TIDY)
            self._tidy()
            if self.live:  # keys grow old also where nothing is said
                self._caught_up()

    def _judge_missing_soon(self) -> None:
        """While the log is live, the reason may be the next line."""
        if self.live and (self.place.missing.gaps or self.place.missing.empty):
            self.chores.later(self._judge_missing, _NEXT_LINES, "missing")

    def _is_caught_up(self, frame: CaughtUp) -> None:
        if self.trouble() is not None:
            return
        if frame.head < self.place.cursor:
            self.warn("seq_rollback", frame.head)
            return
        if frame.head > self.place.cursor:
            self.warn("seq_hole", self.place.cursor + 1)
            return
        self.live = True
        self._judge_missing()
        self._judge_claims(frame.head, ended=True)
        self._notify()
        self._say_folded(0)
        self._say_epoch()
        self._pump()
        self._caught_up()

    def _gone(self, code: str) -> None:
        """The server says that this device is out; unless the group said so before, that is the server's word alone."""
        if self.place.status == "member":
            self.place.status = self.place.turned_out(code)
            self._save()
        self.over()

    def over(self) -> None:
        """The room is over for this device: whoever waits hears why."""
        self.live = False
        self._notify()
        if (trouble := self.trouble()) is not None:
            self._outbox.fail_all(trouble)

    # Sending

    def _pump(self) -> None:
        """Send what is in the outbox and not on its way; messages are sealed again where the keys changed."""
        place = self.place
        if not self.live or self.trouble() is not None or place.between or place.stuck:
            return
        ready = self._outbox.ready()
        if place.departed or not place.known:
            ready = [one for one in ready if one.content is None]
        stale = [one for one in ready if one.content is not None and one.keys != place.keys]
        for pending in stale:
            seal_message(place, pending)
        if stale:
            self._save(outbox=True, durable=True)
        if self._slowed:
            ready = [one for one in ready if one.content is None]
        for pending in ready[: self._outbox.room]:
            if pending.frame is not None:
                self._outbox.on_its_way(pending.client_id)
                self._post(pending.frame)
        if ready:
            self._caught_up()

    def _was_refused(self, frame: RefusedFrame) -> None:
        if frame.client_id is None:
            if frame.code in _NOT_HERE:
                self._gone(frame.code)
            elif not self.live:  # `enter` was refused for now
                self.chores.later(self.opened, frame.retry_after or 1, "enter")
            return
        pending = self._outbox.get(frame.client_id)
        if pending is None:
            return
        late = frame.code in _LATE
        if late and pending.content is None:
            self._drop(pending.client_id, TooLate(frame.code))
        elif late or frame.code == "not_entered":
            self._outbox.not_on_its_way(pending.client_id)
            if pending.keys != self.place.keys:
                self._pump()
            else:
                self.chores.later(self._pump, _TRY_AGAIN, "pump")
        elif frame.code == "throttled" and pending.content is not None:
            self._outbox.not_on_its_way(pending.client_id)
            self._slowed = True
            self.chores.later(self._go_on_sending, frame.retry_after or 1, "slowed")
        elif frame.code == _UNSURE:
            self._outbox.not_on_its_way(pending.client_id)
            self.chores.later(self._pump, frame.retry_after or 1, "pump")
        elif frame.code in _SILENCED and pending.content is not None and not is_silenced(self.place, frame.code):
            if self.place.judges_refusals and not self.place.disputed.explains(frame.policy_seq or 0):
                self.place.missing.claim(frame.policy_seq or 0, frame.code)
                self._judge_claims(self.place.cursor)
            self._drop(pending.client_id, Refused("forbidden", "The server refused this, and does not say why."))
        else:
            self._drop(pending.client_id, Refused(frame.code, frame.detail, retry_after=frame.retry_after))

    def _go_on_sending(self) -> None:
        self._slowed = False
        self._pump()

    def _judge_claims(self, read: int, *, ended: bool = False) -> None:
        """Warn of refusals for which nothing up to `read` is a reason; `ended`: there is nothing after it."""
        if not all(is_silenced(self.place, code) for code in self.place.missing.claims_due(read, ended=ended)):
            self.warn("refused_unfounded")

    def _drop(self, client_id: UUID, error: Exception) -> None:
        """Never to be sent again."""
        self._outbox.take_out(client_id)
        self._save(outbox=True)
        self._outbox.fail(client_id, error)

    def wake(self) -> None:
        """Have those who wait for a change here look again."""
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    def _notify(self) -> None:
        self.wake()
        for watcher in self.watchers:
            watcher()

    def _save(
        self, shown: Message | Noted | Followed | None = None, *, outbox: bool = False, durable: bool = False
    ) -> None:
        """One transaction: keys, cursor, conversation, record and outbox, and the end of what is kept no longer."""
        with self._store.writing(durable=durable):
            match shown:
                case Message():
                    self.conversation.add(shown)
                case Noted():
                    self.conversation.annotate(shown)
                case Followed(action, deed):
                    self.conversation.follow(action)
                    self.record.add(deed)
            if outbox:
                self._store.put(self._outbox.dump(), "outbox", self._name)
            self.conversation.tidy()
            self._put_place()

    def _put_place(self) -> None:
        for part, value in self.place.changed().items():
            self._store.put(value, part, self._name)

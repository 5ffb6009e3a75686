"""The places in one room, and the order in which lines are pushed to those that are live.

Lines are pushed in the order of their seqs, without a hole and each once. Where some are missing, as another process
wrote them or a commit's answer was lost, what comes after them is held until they were read from the database.
"""

from collections.abc import Sequence

from safespace.connection import Place

MAX_HELD = 2000
"""Lines that are held; more are read again."""

Lines = Sequence[tuple[int, bytes]]
"""Lines of one room without a hole, as (seq, ready frame)."""


class Fanout:
    """`published` is the last line that live places have had, or the last one told of while nobody was live."""

    __slots__ = ("_departing", "_held", "live", "places", "published")

    def __init__(self) -> None:
        self.places: set[Place] = set()
        self.live = 0
        """How many of the places are live."""
        self.published = 0
        self._held: dict[int, bytes] = {}
        self._departing: set[Place] = set()

    def discard(self, place: Place) -> None:
        """Take a place out."""
        self.places.discard(place)
        self._departing.discard(place)
        self.live -= place.live
        place.live = False

    def go_live(self, place: Place) -> bool:
        """Push to this place from now on; False when something it has not seen was published already."""
        if self.published > place.seen:
            return False
        if not self.live:
            self.published = place.seen
            self._held.clear()
        place.live = True
        self.live += 1
        return True

    def depart(self, place: Place, until: int) -> None:
        """Let a place have nothing after `until`."""
        place.until = until
        if place.live:
            self._departing.add(place)

    def departed(self) -> list[Place]:
        """The departing places that have had their last line."""
        return [place for place in self._departing if place.until is not None and place.seen >= place.until]

    def publish(self, lines: Lines) -> bool:
        """Push committed lines, or hold them; False where lines before them are missing."""
        first, last = lines[0][0], lines[-1][0]
        if not self.live:
            self.published = max(self.published, last)
            return True
        if first > self.published + 1:
            if len(self._held) < MAX_HELD:
                self._held.update(lines)
            return False
        if first <= self.published:
            lines = [line for line in lines if line[0] > self.published]
        if self._held:
            lines = self._with_held(lines)
        if lines:
            self._push(lines)
        return True

    def _push(self, lines: Lines) -> None:
        first, last = lines[0][0], lines[-1][0]
        for place in self._departing:
            _write(place, [line for line in lines if place.until is not None and line[0] <= place.until])
        self.published = last
        joined = lines[0][1] if first == last else b"".join([frame for _, frame in lines])
        for place in self.places:
            if place.live and place.seen < last and place.until is None:
                if place.seen < first:
                    place.seen = last
                    place.connection.push(joined)
                else:
                    _write(place, lines)

    def _with_held(self, lines: Lines) -> Lines:
        """These lines, and the held ones that follow them without a hole."""
        last = lines[-1][0] if lines else self.published
        following: list[tuple[int, bytes]] = []
        while (frame := self._held.pop(last + 1, None)) is not None:
            last += 1
            following.append((last, frame))
        for seq in [seq for seq in self._held if seq <= last]:
            del self._held[seq]
        return [*lines, *following]


def _write(place: Place, lines: Lines) -> None:
    """Push those of these lines that a place has not seen."""
    missed = [(seq, frame) for seq, frame in lines if seq > place.seen]
    if missed:
        place.seen = missed[-1][0]
        place.connection.push(b"".join([frame for _, frame in missed]))

"""The envelopes in which an act is stored: one to three, next to each other in the log."""

import json
from collections.abc import Callable

from safespace import wire
from safespace.fields import b64decode, b64encode
from safespace.relay.outcome import Actor
from safespace.storage.envelopes import Envelope

Stamp = Callable[[bytes, bytes, int, int, int], bytes]
"""commitment, leaf identity, epoch, seq, time → stamp, for one room."""


def lines_of(actor: Actor, frame: wire.Act, stamp: Stamp) -> list[Envelope]:
    """The envelopes of an act, after the head."""
    lines: list[Envelope] = []
    for part in (frame.policy, frame.commit, frame.state):
        if part is None:
            continue
        seq = actor.head.head + 1 + len(lines)
        commitment = None if isinstance(part, wire.CommitPart) else b64decode(part.commitment)
        lines.append(
            Envelope(
                room=actor.head.id,
                seq=seq,
                time=actor.now,
                kind="handshake" if commitment is None else "policy",
                leaf=actor.leaf.identity,
                epoch=part.epoch,
                client_id=frame.client_id,
                part=len(lines),
                body=b64decode(part.body),
                commitment=commitment,
                stamp=commitment and stamp(commitment, actor.leaf.identity, part.epoch, seq, actor.now),
                policy=_clear(part, frame.policy),
            )
        )
    return lines


def _clear(
    part: wire.PolicyPart | wire.CommitPart | wire.StatePart, policy: wire.PolicyPart | None
) -> dict[str, object] | None:
    """What stands in clear beside a part; a state stands on the same line of main as the policy message before it."""
    if isinstance(part, wire.CommitPart):
        return None
    if isinstance(part, wire.StatePart):
        clear = wire.ClearPolicy(action="state", main=policy and policy.main)
    else:
        clear = wire.ClearPolicy.model_validate(part.model_dump(include=set(wire.ClearPolicy.model_fields)))
    return clear.model_dump(mode="json", exclude_none=True) | {"target": clear.target}


def text(line: Envelope) -> str:
    """A line of the log as a frame, as `Envelope.to_wire` has it; nothing in it but the policy may need escapes."""
    policy = "null" if line.policy is None else json.dumps(line.policy, separators=(",", ":"))
    body, commitment, stamp = (
        (line.body, line.commitment, line.stamp) if line.taken_down is None else (None, None, None)
    )
    return (
        f'{{"t":"envelope","room":"{line.room}","seq":{line.seq},"time":{line.time},"kind":"{line.kind}",'
        f'"leaf":"{b64encode(line.leaf)}","epoch":{line.epoch},"client_id":"{line.client_id}","body":{_quoted(body)},'
        f'"commitment":{_quoted(commitment)},"stamp":{_quoted(stamp)},"policy":{policy}}}'
    )


def _quoted(data: bytes | None) -> str:
    return "null" if data is None else f'"{b64encode(data)}"'

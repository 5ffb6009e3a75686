"""The quick look at a sealed message: it takes just what the whole check takes."""

import secrets

from hypothesis import example, given
from hypothesis import strategies as st

from safespace.crypto.mls import MLSError, check_private_message, is_private_message_for
from safespace.crypto.mls.codec import opaque, u8, u16, u64

GROUP = bytes(range(16))


def sealed(group: bytes = GROUP, epoch: int = 7, content: int = 1, data: bytes = b"", *parts: bytes) -> bytes:
    """A PrivateMessage (RFC 9420 section 6.3) whose ciphertexts are noise."""
    sender, ciphertext = parts or (b"s" * 28, b"c" * 300)
    head = u16(1) + u16(2) + opaque(group) + u64(epoch) + u8(content) + opaque(data)
    return head + opaque(sender) + opaque(ciphertext)


def taken(message: bytes, group: bytes, epoch: int) -> bool:
    try:
        header = check_private_message(message)
    except MLSError:
        return False
    return (header.group_id, header.epoch) == (group, epoch)


@given(
    st.one_of(
        st.builds(sealed, st.sampled_from([GROUP, b"", b"g" * 16]), st.integers(6, 8), st.integers(0, 4)),
        st.builds(lambda size: sealed(GROUP, 7, 1, b"", b"", b"c" * size), st.integers(0, 70_000)),
        st.binary(max_size=60),
    ),
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=2),
    st.integers(0, 3),
)
@example(sealed(data=b"x"), [], 0)
@example(sealed(GROUP, 7, 1, b"", b"s", b"c" * (256 * 1024)), [], 0)
def test_the_quick_look_agrees_with_the_whole_check(message: bytes, bent: list[tuple[int, int]], cut: int) -> None:
    changed = bytearray(message)
    for at, value in bent:
        if at < len(changed):
            changed[at] = value
    if cut:
        del changed[-cut:]
    assert is_private_message_for(bytes(changed), GROUP, 7) == taken(bytes(changed), GROUP, 7)


def test_it_takes_what_is_right_and_nothing_longer() -> None:
    message = sealed(GROUP, 7, 1, b"", secrets.token_bytes(28), secrets.token_bytes(300))
    assert is_private_message_for(message, GROUP, 7)
    assert not is_private_message_for(message + b"\0", GROUP, 7)
    assert not is_private_message_for(message, GROUP, 8)

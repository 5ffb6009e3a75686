"""A message's content has one form; the pages read alike (`web/src/room/text.ts`)."""

import pytest

from safespace.sdk.sealing import read_text, text_content


@pytest.mark.parametrize("text", ["", "hello", 'a "b" \\ \u2028 \x7f\n', "🧶"])
def test_what_was_written_is_read(text: str) -> None:
    assert read_text(text_content(text)) == text


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b'{"kind":"text"}',
        b'{"kind":"note","text":"a"}',
        b'{"kind":"text","text":1}',
        b'{"kind":"text","text":"a","x":1}',
        b'{"kind":"text","text":"a","text":"b"}',
        b'{"kind":"text", "text":"a"}',
        b'{"text":"a","kind":"text"}',
        b'{"kind":"text","text":"\\u0061"}',
        b'{"kind":"text","text":"\\ud800"}',
        b'{"kind":"text","text":"\xff"}',
        b'\xef\xbb\xbf{"kind":"text","text":"a"}',
        b"[" * 100_000,
    ],
)
def test_everything_else_is_no_message(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_text(content)

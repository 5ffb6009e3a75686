"""A message's content has one form; the pages read alike (`web/src/room/said.ts`)."""

import pytest

from safespace.sdk.said import HelpMessage, TextMessage, read_said


@pytest.mark.parametrize("text", ["hello", 'a "b" \\ \u2028 \x7f\n', "🧶"])
def test_what_was_written_is_read(text: str) -> None:
    assert read_said(TextMessage(text=text).written()) == TextMessage(text=text)


@pytest.mark.parametrize("asked", [True, False])
def test_a_call_for_help_is_read(asked: bool) -> None:
    assert read_said(HelpMessage(help=asked).written()) == HelpMessage(help=asked)
    assert HelpMessage(help=True).written() == b'{"help":true,"kind":"help"}'


def test_a_content_note_is_read() -> None:
    said = b'{"kind":"text","note":"self-harm","text":"a"}'
    assert read_said(said) == TextMessage(note="self-harm", text="a")


@pytest.mark.parametrize("content", [b'{"kind":"dance"}', b'{"kind":"waves","away":true}'])
def test_kinds_that_are_not_known_are_passed_over(content: bytes) -> None:
    assert read_said(content) is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b'{"kind":"text"}',
        b'{"kind":3}',
        b'{"kind":"text","text":"a"}',
        b'{"kind":"text","note":"","text":"a"}',
        b'{"kind":"text","note":null,"text":1}',
        b'{"kind":"text","note":null,"text":"a","x":1}',
        b'{"kind":"text","note":null,"text":"a","text":"b"}',
        b'{"kind":"text","note":null, "text":"a"}',
        b'{"help":1,"kind":"help"}',
        b'{"help":true,"kind":"help","why":""}',
        b'{"text":"a","note":null,"kind":"text"}',
        b'{"kind":"text","note":null,"text":"\\u0061"}',
        b'{"kind":"text","note":null,"text":"\\ud800"}',
        b'{"kind":"text","note":null,"text":"\xff"}',
        b'\xef\xbb\xbf{"kind":"text","note":null,"text":"a"}',
        b"[" * 100_000,
    ],
)
def test_everything_else_is_no_message(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_said(content)

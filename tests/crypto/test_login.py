"""Which passphrases and places give which keys. The keys themselves are in the vectors."""

from safespace.crypto.login import normal_origin, stretch


def test_the_keys_depend_on_everything_and_are_unlike() -> None:
    given = ("http://localhost:8000", "wren", "a passphrase")
    others = [("http://localhost:8001", *given[1:]), (given[0], "robin", given[2]), (*given[:2], "A passphrase")]
    keys = [key for one in (given, *others) for key in stretch(*one)]
    assert len(set(keys)) == 8
    assert all(len(key) == 32 for key in keys)


def test_one_passphrase_however_it_is_typed() -> None:
    composed, decomposed = "caf\u00e9 \ufb01ne", "cafe\u0301 fine"
    assert stretch("http://localhost", "wren", composed) == stretch("http://localhost", "wren", decomposed)


def test_loopback_has_one_name() -> None:
    names = ["127.0.0.1", "[::1]", "localhost", "LOCALHOST"]
    assert {normal_origin(f"http://{name}:8000/v1") for name in names} == {"http://localhost:8000"}

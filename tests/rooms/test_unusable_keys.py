"""A key that nothing can be sealed to stands in nothing that a group agrees on. The pages judge by the same vectors."""

from typing import Any

from safespace.crypto.encoding import canonical_json
from vectors.edits import apply
from vectors.policy_cases import make
from vectors.policy_forms import of_keys, read_code


def test_an_unusable_key_is_read_nowhere() -> None:
    bases: list[Any] = make()["contents"]["bases"]
    tried = of_keys(bases)
    assert {usable for *_, usable in tried} == {True, False}
    for base, path, key, usable in tried:
        content = canonical_json(apply(bases[base], {"path": path, "value": key}))
        assert read_code(content) == (None if usable else "invalid_field"), (path, key)

"""The documents say what is so."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import make_docs

HERE = Path(__file__).parents[1]
DOCUMENTS = sorted([*HERE.glob("*.md"), *HERE.glob("docs/**/*.md"), *HERE.glob("bench/*.md")])


def blocks(text: str) -> list[str]:
    """The indented blocks of a Markdown text, each as its lines."""
    found = re.findall(r"(?<=\n\n)(?: {4}.*\n)+", text)
    return [re.sub(r"^ {4}", "", block, flags=re.MULTILINE).strip() for block in found]


def test_the_two_commands_are_those_of_the_house() -> None:
    readme = (HERE / "README.md").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z]+):", (HERE / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert blocks(readme) == ["make run", "make test"]
    assert {"run", "test"} <= set(targets)
    commands = [
        line
        for line in (HERE / ".ci/run").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith(("#", "set ", "cd "))
    ]
    assert commands == ["exec make test"]
    assert "make run" in blocks((HERE / "docs/operating.md").read_text(encoding="utf-8"))
    assert "make run\nmake test" in blocks((HERE / "CONTRIBUTING.md").read_text(encoding="utf-8"))


def test_every_make_target_that_a_document_names_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (HERE / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    for document in DOCUMENTS:
        named = re.findall(r"(?:`|^ {4})make ([a-z]+)", document.read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert set(named) <= targets, document.name


def test_the_list_of_errors_is_fresh() -> None:
    assert (HERE / "docs/errors.md").read_text(encoding="utf-8") == make_docs.errors_page(), "run `make docs`"


def test_the_table_of_settings_is_fresh() -> None:
    text = (HERE / "docs/operating.md").read_text(encoding="utf-8")
    assert text == make_docs.operating_page(text), "run `make docs`"


def anchors(text: str) -> set[str]:
    """The ids that a Markdown renderer gives the headings."""
    headings = re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links(text: str) -> Iterator[str]:
    without_code = re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)
    yield from (link for link in re.findall(r"\]\(([^)\s]+)\)", without_code) if "://" not in link)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(HERE)))
def test_links_lead_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    for link in links(text):
        path, _, anchor = link.partition("#")
        target = (document.parent / path) if path else document
        assert target.exists(), link
        if anchor:
            assert anchor in anchors(target.read_text(encoding="utf-8")), link


ASVS = HERE / "docs/security/asvs.md"
ITEMS = {
    "2.4": (1,),
    "4.4": (1, 2, 3, 4),
    "6.1": (1, 2, 3),
    "6.2": (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12),
    "6.3": (1, 2, 3, 4),
    "6.4": (1, 2, 3, 4),
    "6.5": (1, 2, 3, 4, 5),
    "6.6": (1, 2, 3),
    "6.8": (1, 2, 3, 4),
    "7.1": (1, 2, 3),
    "7.2": (1, 2, 3, 4),
    "7.3": (1, 2),
    "7.4": (1, 2, 3, 4, 5),
    "7.5": (1, 2),
    "7.6": (1, 2),
    "8.1": (1, 2),
    "8.2": (1, 2, 3),
    "8.3": (1,),
    "8.4": (1,),
    "9.1": (1, 2, 3),
    "9.2": (1, 2, 3, 4),
    "15.2": (1, 2, 3),
}
"""The items of ASVS 5.0.0 at levels 1 and 2, of the chapters that the page goes through."""


def items_of_asvs() -> dict[str, tuple[str, str]]:
    """By number, how it stands and by what."""
    rows = re.findall(
        r"^\| (\d+\.\d+\.\d+) \| [12] \| [^|]+ \| (met|partly|no|n/a) \| ([^|]+) \|$",
        ASVS.read_text(encoding="utf-8"),
        flags=re.MULTILINE,
    )
    assert len({number for number, _, _ in rows}) == len(rows)
    return {number: (how, words) for number, how, words in rows}


def test_every_item_of_the_chapters_has_a_row() -> None:
    assert set(items_of_asvs()) == {f"{section}.{number}" for section, numbers in ITEMS.items() for number in numbers}


@pytest.mark.parametrize(("number", "row"), items_of_asvs().items())
def test_the_tests_that_an_item_names_are_there(number: str, row: tuple[str, str]) -> None:
    how, words = row
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", words)
    assert named or how != "met", f"{number} is met: by which test?"
    assert words.count("::") == len(named)
    for file, test in named:
        assert re.search(rf"^(async )?def {test}\(", (HERE / file).read_text(encoding="utf-8"), re.MULTILINE), test


PROMISES = HERE / "docs/promises.md"
ROWS = re.findall(
    r"^\| ((?:`[a-z0-9-]+` ?)+) \| [^|]+ \| (held|partly|untested|limit) \| ([^|]+) \|$",
    PROMISES.read_text(encoding="utf-8"),
    flags=re.MULTILINE,
)
PROMISING = re.compile(
    r"nobody else|nobody is told|no longer read|\bdeleted\b|the server|is kept|forgets? |not told|this device alone"
    r"|stays? on (this|the) device|only (you|those) (who|and)",
    re.IGNORECASE,
)
"""Words by which a text that is shown promises something of this kind."""


def catalogue() -> dict[str, str]:
    """What people read, by id."""
    said: dict[str, str] = {}
    for file in sorted(HERE.glob("web/src/i18n/*.ftl")):
        id = ""
        for line in file.read_text(encoding="utf-8").splitlines():
            if begun := re.match(r"([a-z][a-z0-9-]*) =", line):
                id = begun[1]
            if id and not line.startswith("#"):
                said[id] = f"{said.get(id, '')} {line}"
    return said


def exists(named: str) -> bool:
    """Whether there is a test of this file and name: a function of pytest's, or a title of vitest's."""
    file, _, name = named.partition("::")
    if not (HERE / file).is_file():
        return False
    text = (HERE / file).read_text(encoding="utf-8")
    if file.endswith(".py"):
        return re.search(rf"^(async )?def {re.escape(name)}\(", text, re.MULTILINE) is not None
    return f'test("{name}", ' in text


def test_every_row_of_the_promises_is_read() -> None:
    lines = [line for line in PROMISES.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    assert len(ROWS) == len(lines) > 50


@pytest.mark.parametrize(("ids", "how", "words"), ROWS)
def test_a_promise_is_made_somewhere_and_held_by_tests_that_are_there(ids: str, how: str, words: str) -> None:
    assert set(re.findall(r"`([a-z0-9-]+)`", ids)) <= catalogue().keys()
    named = re.findall(r"`([^`]+::[^`]+)`", words)
    assert words.count("::") == len(named)
    assert bool(named) == (how in ("held", "partly")), "held by which test?"
    assert [one for one in named if not exists(one)] == []


def test_no_promise_is_left_out() -> None:
    listed = {id for ids, _, _ in ROWS for id in re.findall(r"`([a-z0-9-]+)`", ids)}
    # What was refused, noticed or done is said where it happened; it promises nothing.
    told = ("warning-", "refused-", "notice-", "deed-")
    making = {id for id, text in catalogue().items() if PROMISING.search(text) and not id.startswith(told)}
    assert making - listed == set()


def test_a_test_that_is_not_there_is_missed() -> None:
    assert exists("tests/test_docs.py::test_no_promise_is_left_out")
    assert exists("web/src/i18n/time.test.ts::Americans have theirs")
    for named in ("tests/test_docs.py::test_that", "tests/none.py::test_that", "web/src/i18n/time.test.ts::Americans"):
        assert not exists(named)

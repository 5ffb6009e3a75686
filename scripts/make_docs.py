"""Writes the parts of docs/ that are made from the code: errors.md, and the tables in operating.md."""

import re
from pathlib import Path
from typing import Final

from pydantic.fields import FieldInfo

from safespace.budgets import BUDGETS, QUOTAS
from safespace.errors import CLOSE_RESTART, CLOSE_RESUME, CODES
from safespace.settings import Settings

DOCS: Final = Path(__file__).resolve().parents[1] / "docs"
DEFAULTS_IN_WORDS: Final = {
    "database_url": "SQLite in the data directory",
    "origins": "`http://localhost:PORT`, `http://127.0.0.1:PORT`",
    "web_dir": "the pages that came with it",
    "data_dir": "`data`",
}
"""Defaults that depend on other settings or on the machine."""

WHOSE: Final = {
    "handle": "handle, on devices that are new to it",
    "device": "device",
    "address": "address (IPv6: /64)",
    "invite": "invite, from one address",
}
"""What is counted, where more is to be said of it."""

ERRORS_HEAD: Final = f"""\
# Errors

Made from `safespace.errors.CODES` by `make docs`; a test fails when it is out of date.

REST answers with `application/problem+json` (RFC 9457), the socket with a `refused` frame; both carry one of these
codes. Nothing of a refused request has been applied; only after `unavailable` may it have been stored all the same,
which sending the very same again finds out. After a refusal the socket stays open, unless a close code is given here.

Two close codes mean "connect again and resume": {CLOSE_RESUME} for a reader that fell behind, {CLOSE_RESTART} for a
server that is restarting.

| code | HTTP | closes with | what it says |
| --- | --- | --- | --- |
"""


def errors_page() -> str:
    """docs/errors.md."""
    rows = (f"| `{name}` | {code.status} | {code.close or ''} | {code.words} |\n" for name, code in CODES.items())
    return ERRORS_HEAD + "".join(rows)


def settings_table() -> str:
    """Every variable."""
    rows = (
        f"| `SAFESPACE_{name.upper()}` | {_default(name, field)} | {field.description} |\n"
        for name, field in Settings.model_fields.items()
    )
    return "| variable | default | what it is |\n| --- | --- | --- |\n" + "".join(rows)


def _default(name: str, field: FieldInfo) -> str:
    if name in DEFAULTS_IN_WORDS:
        return DEFAULTS_IN_WORDS[name]
    value = field.get_default(call_default_factory=False)
    return f"`{value}`" if value or value == 0 else "none"


def budgets_table() -> str:
    """What there may be at once, and more an hour, of each, with those for whom it is counted."""
    rows = (
        f"| {budget.what if whose == first else ''} | {WHOSE.get(whose, whose)} | {rate.at_once:,}{budget.unit} "
        f"| {rate.per_hour:,}{budget.unit} |\n"
        for budget in BUDGETS.values()
        for first in [next(iter(budget.rates))]
        for whose, rate in budget.rates.items()
    )
    return "| of | of one | at once | more an hour |\n| --- | --- | --- | --- |\n" + "".join(rows)


def quotas_table() -> str:
    """What there may be at all."""
    rows = (f"| {quota.words} | {quota.most:,} |\n" for quota in QUOTAS.values())
    return "| | at most |\n| --- | --- |\n" + "".join(rows)


TABLES: Final = {"settings": settings_table, "budgets": budgets_table, "quotas": quotas_table}
"""The tables of docs/operating.md, between marks with these names."""


def operating_page(text: str) -> str:
    """docs/operating.md with its tables renewed. Raises ValueError where the marks are missing."""
    for name, table in TABLES.items():
        begin, end = f"<!-- {name}: made by scripts/make_docs.py -->", f"<!-- {name} end -->"
        there = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", flags=re.DOTALL)
        if len(there.findall(text)) != 1:
            raise ValueError(f"docs/operating.md must have the marks of the table of {name} once")
        before, after = there.split(text)
        text = f"{before}{begin}\n\n{table()}\n{end}{after}"
    return text


def main() -> None:
    """Write all."""
    (DOCS / "errors.md").write_text(errors_page(), encoding="utf-8")
    operating = DOCS / "operating.md"
    operating.write_text(operating_page(operating.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()

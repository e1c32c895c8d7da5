"""Write docs/messages.md: what stops a run, what warns, what is only counted, read from the code.

.venv/bin/python scripts/write_messages.py
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import jinja2

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "messages.md"
MACRO = re.compile(r"{% macro (\w+)\(.*?{%-? endmacro %}", re.DOTALL)
SEVERITY = re.compile(r"severity='warn'")
FIRST_COMMENT = re.compile(r"(?:^--[^\n]*\n)+", re.MULTILINE)


class ReturnedError(Exception):
    """What a macro returns, as dbt's `return` hands it on."""


def give_back(value: Any) -> None:
    """Stand for dbt's `return`."""
    raise ReturnedError(value)


def macros(file: str) -> dict[str, Callable[..., Any]]:
    """The macros of a file of macros/inputs, to call without dbt; they may call one another."""
    dbt = jinja2.Environment(extensions=["jinja2.ext.do"])
    dbt.globals |= {"return": give_back, "modules": {"re": re, "datetime": datetime}}
    dbt.globals["run_started_at"] = datetime.datetime.now(datetime.UTC)

    def callable_of(name: str, source: str) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            try:
                return getattr(dbt.from_string(source).module, name)(*args)
            except ReturnedError as returned:
                return returned.args[0]

        return call

    found = MACRO.finditer((ROOT / "macros" / "inputs" / file).read_text())
    made = {macro[1]: callable_of(macro[1], macro[0]) for macro in found}
    dbt.globals |= made
    return made


def table(file: str, macro: str) -> Any:
    """What a macro without arguments returns, such as the table of codes."""
    return macros(file)[macro]()


def rows(header: str, lines: Iterable[Iterable[str]]) -> Iterator[str]:
    """A table in Markdown."""
    yield header
    yield "|---" * header.count(" | ") + "|---|"
    for line in lines:
        cells = (cell.replace("|", "\\|").replace("<", "&lt;") for cell in line)
        yield f"| {' | '.join(cells)} |"


def code(names: Iterable[str]) -> str:
    """Names as code, parted by commas."""
    return ", ".join(f"`{name}`" for name in names)


def sentence(text: str) -> str:
    """A text with a capital and a full stop."""
    return f"{text[0].upper()}{text[1:].rstrip('.')}."


def data_tests(warning: bool) -> Iterator[tuple[str, str]]:
    """The tests that warn, or those that fail, each with its first comment."""
    for file in sorted((ROOT / "tests").glob("*.sql")):
        sql = file.read_text()
        if bool(SEVERITY.search(sql)) is warning and (comment := FIRST_COMMENT.search(sql)):
            yield f"`{file.stem}`", sentence(" ".join(comment[0].replace("--", " ").split()))


def codes() -> Iterator[tuple[str, ...]]:
    """Each code of plr_data_quality: what becomes of the row, and what the code does to the run."""
    severities = table("codes.sql", "plr_severities")
    for name, kind, what_to_do in table("codes.sql", "plr_quality_codes"):
        if kind != "valid":
            severity = severities["code"].get(name) or severities["kind"].get(kind, "info")
            does = {"fail": "fails", "warn": "warns", "info": "counted"}.get(severity)
            row = "kept" if kind == "flag" or name == "contact_unmatched" else "left out"
            row = "missing" if name.startswith("missing") else row
            yield f"`{name}`", kind, row, does or f"warns above `{severity}`", what_to_do


def vars_taken() -> Iterator[tuple[str, str]]:
    """Each var that takes words with them, then the kinds of the others with theirs."""
    kinds = table("vars.sql", "plr_vars")
    for kind, names in kinds.items():
        if isinstance(names, dict):
            yield from ((f"`{name}`", f"{kind} {code(words)}") for name, words in names.items())
    for kind, names in kinds.items():
        if not isinstance(names, dict):
            yield code(names), kind


def page() -> str:
    """The page as it should be."""
    return "\n".join(
        [
            "# What stops a run, what warns, what is only counted",
            "",
            "Written by `scripts/write_messages.py` from the code.",
            "",
            "## What stops a run",
            "",
            "Every message begins with `product_led_revenue:`, says what is wrong with which var,"
            " input or rows, and what to do.",
            "",
            *rows(
                "| When | What is wrong | What to do |", table("stops.sql", "plr_stops").values()
            ),
            "",
            "These tests fail `dbt build` and `dbt test`; but for the first they point to a"
            " definition of your own, or to a mistake of the package's:",
            "",
            *rows(
                "| Test | What it asks |",
                sorted(data_tests(warning=False), key=lambda test: "no_fail" not in test[0]),
            ),
            "",
            "## What warns",
            "",
            *rows("| Test | What it says |", data_tests(warning=True)),
            "",
            "## What is counted",
            "",
            "plr_data_quality counts the rows of every relation by code, plr_quarantine lists those"
            " left out. Shares are of the relation's rows, of rejected_money of revenue's money."
            " Structural codes of accounts, product_events and revenue fail above"
            " `plr_structural_fail_share`.",
            "",
            *rows("| Code | Kind | The row is | The run | What to do |", codes()),
            "",
            "## What the vars take",
            "",
            "Words are compared trimmed, in lower case, with spaces and hyphens as `_`. Everything"
            " else stops the run. So does a name that begins with `plr_` and is no var of the"
            " package, except on dbt's v2 engine, which shows a macro no list of the names given:"
            " there the line at the start of a run tells which inputs are on and off.",
            "",
            *rows("| Var | It takes |", vars_taken()),
            "",
            "## What the rule tables take",
            "",
            *rows(
                "| Column | Its words |",
                ((f"`{c}`", code(w)) for c, w in table("rules.sql", "plr_rule_words").items()),
            ),
            "",
        ]
    )


if __name__ == "__main__":
    PAGE.write_text(page())

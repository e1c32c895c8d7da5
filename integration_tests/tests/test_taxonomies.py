"""What the docs and the unit tests say of reasons is what the table of reasons says."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

import yaml

from harness import ROOT

Meaning = tuple[str, str, str]  # pattern, reason, status


def listed() -> list[Meaning]:
    """The package's own table."""
    with (ROOT / "seeds" / "plr_pattern_reasons.csv").open() as file:
        return [(row["pattern"], row["reason"], row["status"]) for row in csv.DictReader(file)]


def documented() -> Iterator[Meaning]:
    """The rows of doc block plr_reason; an empty cell is that of the row above."""
    text = (ROOT / "models" / "taxonomies.md").read_text()
    block = text.split("{% docs plr_reason %}")[1].split("{% enddocs %}")[0]
    pattern = status = ""
    for line in re.findall(r"^\| .*\|$", block, re.MULTILINE)[1:]:
        cells = [cell.strip() for cell in line.split("|")[1:5]]
        pattern, status = cells[0] or pattern, cells[1] or status
        yield from ((pattern, reason, status) for reason in re.findall(r"`(\w+)`", cells[2]))


def test_the_docs_list_every_reason() -> None:
    assert sorted(documented()) == sorted(listed())


def test_unit_tests_are_given_what_the_table_says() -> None:
    given = [
        (row["pattern"], row["reason"], row["status"])
        for file in ROOT.glob("unit_tests/**/*.yml")
        for test in yaml.safe_load(file.read_text())["unit_tests"]
        if test["model"] != "stg_plr__rule_problems"  # which is given wrong ones
        for relation in test["given"]
        if relation["input"] == "ref('stg_plr__pattern_reasons')"
        for row in relation["rows"]
    ]
    assert set(given) == set(listed())

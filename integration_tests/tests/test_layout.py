"""The package is laid out as models/overview.md says: one direction, one door, one meaning a name.

Each test reads what dbt parsed, or the files themselves, and says what lies where it should not.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from harness import EMPTY_COMPANY, ROOT, run_dbt

CODE = ("models", "macros", "tests")
# the only mart that reads marts: it unites them
UNITES_MARTS = "plr_pattern_flags"
LONG_MODEL = 150  # lines
# columns that say in a mart just what the model or macro of that name gives, or how many it has
SAID_TWICE = {"account_origin", "as_of_date", "accounts"}
RULES = "models/staging/rules/"
DOOR = re.compile(r"\bplr_input\(")
HOUSE = ("models/staging/", "macros/inputs/")
ASSEMBLED = re.compile(r"\b(?:var|plr_resolve|plr_input)\([^()]*~[^()]*")
WHY = re.compile(r"\blong\b.*\b(?:since|because)\b")
# instants since 1973; numbers of as many digits that are no instants do not occur
MICROSECONDS = re.compile(r"(?<![\d.])-?\d{14,17}(?!\d)")
ANCHOR = re.compile(r" *- &\w+ (-?\d{14,17}) # (\S+ \S+)")
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What dbt read of the package in the consumer project of its unit tests."""
    target = tmp_path_factory.mktemp("parsed")
    result = run_dbt(EMPTY_COMPANY, "parse", "--target-path", str(target))
    assert result.ok, result.output
    return json.loads((target / "manifest.json").read_text())


def ours(manifest: dict[str, Any], *kinds: str) -> list[dict[str, Any]]:
    """The package's own models, seeds ... or macros."""
    nodes = [*manifest["nodes"].values(), *manifest["macros"].values()]
    return [
        node
        for node in nodes
        if node["package_name"] == "product_led_revenue" and node["resource_type"] in kinds
    ]


def reads(manifest: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each model with each model or seed that it reads."""
    known = {node["unique_id"]: node for node in ours(manifest, "model", "seed")}
    for model in ours(manifest, "model"):
        for parent in model["depends_on"]["nodes"]:
            if parent in known:
                yield model, known[parent]


def folder(node: dict[str, Any]) -> str:
    """Layer and room, such as `intermediate/origin`."""
    return "/".join(Path(node["original_file_path"]).parts[1:3])


def sql_files(*parts: str) -> list[tuple[str, str]]:
    """The SQL files of these folders, and what they say."""
    files = sorted(file for part in parts for file in (ROOT / part).rglob("*.sql"))
    return [(str(file.relative_to(ROOT)), file.read_text()) for file in files]


def first_comment(sql: str) -> str:
    """The first comment of a model, where it stands before its SQL."""
    head = re.split(r"^(?:with|select)\b", sql, maxsplit=1, flags=re.MULTILINE)[0]
    found = re.search(r"(?:^--[^\n]*\n)+|\{#.*?#\}", head, flags=re.MULTILINE | re.DOTALL)
    return " ".join(found[0].replace("--", " ").split()) if found else ""


# --- one direction ------------------------------------------------------------------------------


def test_marts_are_leaves(manifest: dict[str, Any]) -> None:
    found = [
        f"{model['name']} reads {parent['name']}"
        for model, parent in reads(manifest)
        if folder(parent).startswith("marts/") and model["name"] != UNITES_MARTS
    ]
    assert not found, "\n".join(found)


def test_folders_form_no_circle(manifest: dict[str, Any]) -> None:
    between: dict[tuple[str, str], list[str]] = defaultdict(list)
    for model, parent in reads(manifest):
        if parent["resource_type"] == "model" and folder(model) != folder(parent):
            said = f"{model['name']} reads {parent['name']}"
            between[folder(model), folder(parent)].append(said)
    graph: dict[str, set[str]] = defaultdict(set)
    for reader, read in between:
        graph[reader].add(read)
    assert {"staging/inputs", "intermediate/origin", "marts/patterns"} <= set().union(*between)
    circle: list[str] = []  # each folder is read by the next
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle = error.args[1]
    steps = [(reader, read) for read, reader in pairwise(circle)]
    assert not circle, "\n".join(f"{a} → {b}: {', '.join(between[a, b])}" for a, b in steps)


# --- one door -------------------------------------------------------------------------------------


def test_users_relations_are_read_in_one_place(manifest: dict[str, Any]) -> None:
    found = [
        f"{model['name']} reads {parent['name']}"
        for model, parent in reads(manifest)
        if parent["resource_type"] == "seed" and not model["original_file_path"].startswith(RULES)
    ]
    found += [
        file for file, code in sql_files(*CODE) if DOOR.search(code) and not file.startswith(HOUSE)
    ]
    assert not found, "\n".join(found)
    assert list((ROOT / RULES).glob("stg_plr__*.sql"))


def test_no_name_of_a_var_is_assembled() -> None:
    found = [
        f"{file}: {said}" for file, code in sql_files(*CODE) for said in ASSEMBLED.findall(code)
    ]
    assert not found, "\n".join(found)


# --- one meaning ----------------------------------------------------------------------------------


def test_models_macros_and_columns_share_no_name(manifest: dict[str, Any]) -> None:
    """After their prefixes; a mart may have the name of the model that it dresses."""
    named: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for node in ours(manifest, "model", "seed"):
        stem = re.sub(r"^(plr|int_plr_|stg_plr_)_", "", node["name"])
        named[stem]["model"].add(node["name"])
        for column in node["columns"]:
            named[column]["column of"].add(node["name"])
    for node in ours(manifest, "macro"):
        if "__" not in node["name"]:  # such as default__plr_x, which has its name from plr_x
            named[node["name"].removeprefix("plr_")]["macro"].add(node["name"])
    assert len(named) > 500
    found = [
        f"{name}: " + "; ".join(f"{kind} {', '.join(sorted(of))}" for kind, of in kinds.items())
        for name, kinds in sorted(named.items())
        if len(kinds) > 1 and name not in SAID_TWICE
    ]
    assert not found, "\n".join(found)


# --- a stranger's patience ------------------------------------------------------------------------


def test_a_long_model_says_why() -> None:
    found = [
        f"{file}: {lines} lines, and its first comment says not why it is long"
        for file, sql in sql_files("models")
        if (lines := len(sql.splitlines())) > LONG_MODEL and not WHY.search(first_comment(sql))
    ]
    assert not found, "\n".join(found)


def complaint(line: str) -> str:
    """What is wrong with how a line names an instant."""
    if not (numbers := MICROSECONDS.findall(line)):
        return ""
    if not (anchor := ANCHOR.fullmatch(line)):
        return f"{numbers[0]} stands bare: give it an anchor, `- &name {numbers[0]} # its time`"
    at = EPOCH + timedelta(microseconds=int(anchor[1]))
    spelled = at.strftime("%Y-%m-%d %H:%M:%S.%f").removesuffix(".000000").removesuffix(":00")
    return "" if anchor[2] == spelled else f"{anchor[1]} is {spelled}, not {anchor[2]}"


def test_instants_in_unit_tests_say_their_time() -> None:
    found, anchors = [], 0
    for file in sorted((ROOT / "unit_tests").rglob("*.yml")):
        for number, line in enumerate(file.read_text().splitlines(), 1):
            anchors += bool(ANCHOR.fullmatch(line))
            if wrong := complaint(line):
                found.append(f"{file.relative_to(ROOT)}:{number}: {wrong}")
    assert not found, "\n".join(found)
    assert anchors > 50


@pytest.mark.parametrize(
    ("line", "is_right"),
    [
        ("  - &nov_05_09h 1730797200000000 # 2024-11-05 09:00", True),
        ("  - &last 1733011199999999 # 2024-11-30 23:59:59.999999", True),
        ("  - &long_ago -2208988800000000 # 1900-01-01 00:00", True),
        ("  - &nov_05_09h 1730797200000000 # 2024-11-05 10:00", False),
        ("  - &nov_05_09h 1730797200000000 # 2024-11-05 09:00:00", False),
        ("  - &nov_05_09h 1730797200000000", False),
        ("    - {at_us: 1730797200000000} # 2024-11-05 09:00", False),
        ("    - {share: 0.12345678901234567, at_us: *nov_05_09h, count: 4000000000}", True),
    ],
)
def test_an_instant_is_told_from_other_numbers(line: str, is_right: bool) -> None:
    assert bool(complaint(line)) is not is_right


# --- what decides an origin -----------------------------------------------------------------------


def test_settings_of_an_origin_are_logged(manifest: dict[str, Any]) -> None:
    """Each var that int_plr__origins rests on, or a change of it would pass for one of evidence."""
    nodes, macros = manifest["nodes"], manifest["macros"]
    code: dict[str, str] = {}
    left = ["model.product_led_revenue.int_plr__origins"]
    while left:
        name = left.pop()
        node = nodes.get(name) or macros.get(name)
        if name in code or not node or node["package_name"] != "product_led_revenue":
            continue
        code[name] = node.get("macro_sql") or node.get("raw_code", "")
        left += [*node["depends_on"].get("nodes", []), *node["depends_on"]["macros"]]
    read = re.findall(r"var\(\s*['\"](plr_\w+)|'(plr_input_\w+)'\) }}", "\n".join(code.values()))
    listed = macros["macro.product_led_revenue.plr_origin_settings"]["macro_sql"]
    # the as-of day is logged by itself; these decide what is beside the verdict in its models
    others = {
        "plr_as_of_date",
        "plr_backdated_days",
        "plr_black_hole_value_days",
        "plr_designed_for_stage",
        "plr_find_value_events",  # only whether a missing rule stops the run at once
        "plr_hollow_unproven_days",
        "plr_input_contracts",  # whose usage is kept by day, beside renewals
        "plr_orphan_limit_days",
        "plr_passive_value_days",
        "plr_sensitivity_lead_days",
        "plr_stale_feed_days",
    }
    assert {one or other for one, other in read} - others == set(re.findall(r"'(plr_\w+)'", listed))

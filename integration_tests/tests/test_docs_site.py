"""The documentation site leads somewhere: overviews link to what there is, each mart and board
among it, and what a user may override is described."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from harness import ROOT

LINK = re.compile(r"\]\(#!/(\w+)/([\w.]+)\)")
MARTS = {file.stem for file in (ROOT / "models" / "marts").rglob("*.sql")}
USES = re.compile(r"\bquer(?:y: |ies\.)(\w+)")
READS = re.compile(r"\bref\('(\w+)'\)")
OURS = "product_led_revenue"


@pytest.fixture(scope="module")
def manifest(built: Path) -> dict[str, Any]:
    """What dbt read of the demo."""
    return json.loads((built.parent / "target" / "manifest.json").read_text())


def links(manifest: dict[str, Any], page: str) -> set[tuple[str, str]]:
    return set(LINK.findall(manifest["docs"][f"doc.{page}"]["block_contents"]))


@pytest.mark.parametrize("page", ["plr_demo.__overview__", f"{OURS}.__{OURS}__"])
def test_an_overview_links_to_what_there_is(manifest: dict[str, Any], page: str) -> None:
    known = {
        ("overview", OURS),
        *(("model", name) for name in manifest["nodes"] if name.startswith("model.")),
        *(("exposure", name) for name in manifest["exposures"]),
    }
    found = links(manifest, page)
    assert len(found) > 10
    assert found <= known, found - known


def test_the_overviews_leave_out_no_mart_and_no_board(manifest: dict[str, Any]) -> None:
    package = links(manifest, f"{OURS}.__{OURS}__")
    assert {name.rpartition(".")[2] for _, name in package} >= MARTS
    demo = links(manifest, "plr_demo.__overview__")
    assert {name for kind, name in demo if kind == "exposure"} == set(manifest["exposures"])


def tables_of(text: str, shared: dict[str, str]) -> set[str]:
    """What a board reads, through the shared queries that it uses, too."""
    found = set(READS.findall(text))
    for name in set(USES.findall(text)) & set(shared):
        found |= tables_of(shared[name], shared)
    return found


def test_an_exposure_reads_what_its_board_reads(manifest: dict[str, Any]) -> None:
    boards = {file.stem: file.read_text() for file in (ROOT / "charts").glob("[a-z]*.yml")}
    base = (ROOT / "charts" / "_base.yml").read_text()
    shared = yaml.safe_load(base)["queries"]
    of_all = tables_of(base.partition("\nqueries:")[0], shared)
    exposures = {
        Path(exposure["url"]).stem: {
            node.rpartition(".")[2] for node in exposure["depends_on"]["nodes"]
        }
        for exposure in manifest["exposures"].values()
    }
    for board, text in boards.items():
        assert exposures[board] == of_all | tables_of(text, shared), board


def test_what_a_user_may_override_is_described(manifest: dict[str, Any]) -> None:
    definitions = [
        macro
        for macro in manifest["macros"].values()
        if macro["package_name"] == OURS
        and "macros/definitions/" in macro["original_file_path"]
        and "adapter.dispatch" in macro["macro_sql"]
    ]
    assert len(definitions) > 10
    for macro in definitions:
        takes = re.search(r"macro \w+\((.*?)\) -?%}", macro["macro_sql"], re.DOTALL)[1]
        names = [part.split("=")[0].strip() for part in takes.split(",")]
        assert macro["description"], macro["name"]
        assert [argument["name"] for argument in macro["arguments"]] == names, macro["name"]
        assert all(argument["description"] for argument in macro["arguments"]), macro["name"]

"""A release: one version everywhere, an archive of what users need and no more, what is promised.

What is archived is HEAD, so a change counts once it is committed; .gitattributes counts at once.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import re
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from harness import ROOT, skip_for_want

PROJECT = yaml.safe_load((ROOT / "dbt_project.yml").read_text())
VERSION = str(PROJECT["version"])
README, CHANGELOG, SECURITY = (
    (ROOT / name).read_text() for name in ("README.md", "CHANGELOG.md", "SECURITY.md")
)
FORMS = ROOT / ".github" / "ISSUE_TEMPLATE"
SEMANTIC = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?")
APACHE_2 = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"

# what dbt reads of a package is archived whole
READ_BY_DBT = (
    "dbt_project.yml",
    "packages.yml",
    "models",
    "macros",
    "seeds",
    "tests",
    "analyses",
    "unit_tests",
)
FOR_PEOPLE = (
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "DECISIONS.md",
    "LICENSE",
    "NOTICE",
    "SECURITY.md",
    "docs",
    "selectors.yml",
)
BOARDS = ("charts", "requirements")  # of requirements those of the boards
ONLY_IN_A_CLONE = (".gitattributes", "benchmarks/", "demo/", "integration_tests/")
PACKED_AT_MOST = 750_000  # bytes

# `from a.b` is no ref or source
HARD_CODED = re.compile(r"\b(?:from|join)\s+[\"`]?\w+[\"`]?\.[\"`]?\w", re.IGNORECASE)
NAMES = re.compile(r"(?:(?:stg_|int_)?plr_\w+|base_[a-z]+__\w+)")


def git(*args: str) -> bytes:
    """What a git command prints; the test is skipped where this is no repository."""
    skip_for_want("" if (ROOT / ".git").exists() else "a copy without its git repository")
    return subprocess.run(["git", *args], cwd=ROOT, check=True, capture_output=True).stdout


def sql_code(*folders: str) -> list[tuple[Path, str]]:
    """The SQL of these folders without comments."""
    files = sorted(file for name in folders for file in (ROOT / name).rglob("*.sql"))
    comment = re.compile(r"--[^\n]*|\{#.*?#\}", re.DOTALL)
    return [(file.relative_to(ROOT), comment.sub("", file.read_text())) for file in files]


# --- version ------------------------------------------------------------------------------------


def test_the_version_is_the_same_everywhere() -> None:
    assert SEMANTIC.fullmatch(VERSION)
    newest = re.search(r"^## (\S+)", CHANGELOG, re.MULTILINE)
    assert newest and newest[1] == VERSION
    tags = [tag for tag in git("tag", "--points-at", "HEAD").decode().split() if tag[0].isdigit()]
    assert tags in ([], [VERSION])


def test_the_readme_installs_this_version() -> None:
    section = README.partition("## Install it in your project")[2]
    packages, config = (
        yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", section, re.DOTALL)[:2]
    )
    [package] = packages["packages"]
    assert package["revision"] == VERSION
    assert list(config["vars"]) == [PROJECT["name"]]


# --- archive ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def archive() -> dict[str, int]:
    """The files of the archive that GitHub would make, and their sizes."""
    packed = git("archive", "--worktree-attributes", "HEAD")
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        files = {member.name: member.size for member in tar if member.isfile()}
    files["(packed)"] = len(gzip.compress(packed))
    return files


def test_the_archive_is_small(archive: dict[str, int]) -> None:
    assert archive["(packed)"] < PACKED_AT_MOST


def test_the_archive_has_what_users_need_and_no_more(archive: dict[str, int]) -> None:
    archived = {name for name in archive if name != "(packed)"}
    tops = {name.partition("/")[0] for name in archived}
    assert {*READ_BY_DBT, *FOR_PEOPLE} <= tops <= {*READ_BY_DBT, *FOR_PEOPLE, *BOARDS}
    needed = set(git("ls-tree", "-r", "--name-only", "HEAD", *READ_BY_DBT).decode().split("\n"))
    assert needed - {""} <= archived
    of_tools = {name for name in archived if name.startswith("requirements/")}
    assert all(name.startswith("requirements/charts.") for name in of_tools)
    assert not [name for name in archived if name.endswith(".png")]


def test_links_lead_into_the_archive(archive: dict[str, int]) -> None:
    folders = {str(parent) for name in archive for parent in Path(name).parents}
    lost = []
    for name in (name for name in archive if name.endswith(".md") and name != "(packed)"):
        text = (ROOT / name).read_text()
        for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
            target = str((ROOT / name).parent.joinpath(link).resolve().relative_to(ROOT))
            is_there = target in archive or target in folders
            left_out = (target + "/").startswith(ONLY_IN_A_CLONE) or target in ONLY_IN_A_CLONE
            if "://" not in link and not (is_there or left_out or target.endswith(".png")):
                lost.append(f"{name}: {link}")
    assert not lost


# --- package hub ----------------------------------------------------------------------------------


def test_the_licence_is_one_that_github_knows() -> None:
    assert hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest() == APACHE_2


def test_packages_come_from_the_hub_in_a_range() -> None:
    for package in yaml.safe_load((ROOT / "packages.yml").read_text())["packages"]:
        assert set(package) == {"package", "version"}
        least, below = package["version"]
        assert least.startswith(">=") and re.fullmatch(r"<[1-9]\d*\.0\.0", below)


def test_no_table_is_named_but_by_ref_and_source() -> None:
    code = sql_code("models", "tests", "analyses", "macros")
    found = [f"{file}: {said}" for file, sql in code for said in HARD_CODED.findall(sql)]
    assert not found


def test_no_name_is_another_projects() -> None:
    files = [
        file
        for folder, kind in (("models", "sql"), ("seeds", "csv"), ("tests", "sql"))
        for file in (ROOT / folder).rglob(f"*.{kind}")
    ]
    made = re.compile(r"{%-? *(?:macro|test|materialization) +(\w+)")
    macros = [
        name for _, sql in sql_code("models", "tests", "macros") for name in made.findall(sql)
    ]
    assert len(files) > 150 and len(macros) > 100
    assert not [file.stem for file in files if not NAMES.fullmatch(file.stem)]
    assert not [name for name in macros if not re.fullmatch(r"([a-z]+__)?plr_\w+", name)]


# --- security -------------------------------------------------------------------------------------


def test_the_first_command_of_the_security_note_prints_nothing() -> None:
    [command] = re.findall(r"^grep -rnEi .*", SECURITY, re.MULTILINE)
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")


def test_no_model_is_python() -> None:
    assert not list((ROOT / "models").rglob("*.py"))


def test_the_security_note_names_the_tables_that_hold_ids_of_users(
    marts: duckdb.DuckDBPyConnection,
) -> None:
    found = marts.execute(
        "select distinct table_name from information_schema.columns"
        " inner join information_schema.tables using (table_schema, table_name)"
        " where table_type = 'BASE TABLE' and regexp_matches(table_name, '^(stg_|int_)?plr_')"
        " and regexp_matches(column_name, '^user_id$|mail|phone|first_name|last_name|^ip_')"
    ).fetchall()
    [row] = re.findall(r"^\| user ids, .*", SECURITY, re.MULTILINE)
    named = set(re.findall(r"`((?:stg_|int_)?plr_\w+)`", row))
    assert named == {"plr_quarantine"} | {name for (name,) in found}


def test_the_security_note_names_the_tools_whose_emails_are_read() -> None:
    [row] = re.findall(r"^\| email addresses, .*", SECURITY, re.MULTILINE)
    named = {word.lower() for word in re.findall(r"[A-Z]\w+", row.split("|")[2])}
    found = {
        file.parts[3]
        for file, sql in sql_code("models/staging/connectors")
        if re.search(r"'(?:\w+_)?email'[:\]]", sql)  # a column of the tool's, a key of its JSON
    }
    assert named == found


# --- forms ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", sorted(FORMS.glob("*.yml")), ids=lambda form: form.stem)
def test_a_form_opens(form: Path) -> None:
    read: dict[str, Any] = yaml.safe_load(form.read_text())
    assert read["name"] and read["description"]
    asked = [part for part in read["body"] if part["type"] != "markdown"]
    assert asked and {part["type"] for part in asked} <= {"input", "textarea", "dropdown"}
    assert all(part["attributes"]["label"] for part in asked)
    ids = [part["id"] for part in asked]
    assert len(ids) == len(set(ids)) and all(re.fullmatch(r"\w+", name) for name in ids)


def test_a_wrong_number_comes_with_what_finds_it() -> None:
    form = yaml.safe_load((FORMS / "wrong_number.yml").read_text())
    asked = {part.get("id"): part for part in form["body"]}
    needed = {name for name, part in asked.items() if part.get("validations", {}).get("required")}
    assert {"package_version", "dbt_version", "warehouse", "first_line", "where"} <= needed
    listed = (ROOT / "docs" / "warehouses.md").read_text().partition("<!-- written by the tests")[2]
    rows = re.findall(r"^\| (\w[\w ]*) \|", listed.partition("end -->")[0], re.MULTILINE)
    assert asked["warehouse"]["attributes"]["options"] == [*rows[1:], "another"]
    line = asked["first_line"]["attributes"]["placeholder"]
    hook = (ROOT / "macros" / "inputs" / "vars.sql").read_text()
    assert all(said in hook and said in line for said in (": as of ", ", revenue as ", "; on: "))


def test_pull_requests_are_asked_what_a_change_needs() -> None:
    asked = (ROOT / ".github" / "PULL_REQUEST_TEMPLATE.md").read_text()
    assert {"make test", "make test-engines", "make diff"} <= set(re.findall(r"`(.*?)`", asked))

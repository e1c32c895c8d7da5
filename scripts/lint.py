"""Check the style of every file that a person reads: `make lint`; or only of the files named.

    .venv/bin/python scripts/lint.py models/marts/board/plr_board_metrics.sql

SQL goes through sqlfluff, which compiles it with dbt: the package as a project of its own, its
connectors with all of them switched on, the two consumer projects as themselves. sqlfluff skips
macros, so line lengths are checked here, too. Python goes through ruff, by ruff.toml.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SQLFLUFF = [sys.executable, str(ROOT / "scripts" / "without_gc.py"), "sqlfluff"]
RUFF = Path(sys.executable).with_name("ruff")
# each lot of SQL and its settings; the package's own are in .sqlfluff
EMPTY_COMPANY = "integration_tests/projects/empty_company"
LOTS = {
    ".": "",
    "connectors": "integration_tests/connectors/pyproject.toml",
    EMPTY_COMPANY: f"{EMPTY_COMPANY}/.sqlfluff",
    "demo": "demo/.sqlfluff",
}
LINTED = ("models", "tests", "analyses", "snapshots")
TEXT = (".sql", ".yml")
MADE_HERE = {".git", "target", "logs", "dbt_packages", "package-lock.yml"}  # and .venv*
MAX_LENGTH = 100


def sql_files(lot: str) -> list[str]:
    """The SQL of a lot that sqlfluff can read; what a connector switches on is of theirs."""
    project = "." if lot == "connectors" else lot
    return sorted(
        str(file.relative_to(ROOT))
        for folder in LINTED
        for file in (ROOT / project / folder).rglob("*.sql")
        if ("plr_uses" in file.read_text()) == (lot == "connectors")
    )


def start_sqlfluff(lot: str, named: set[str]) -> subprocess.Popen[str] | None:
    """Lint one lot in the background; None when it has no SQL to lint."""
    if not (files := [file for file in sql_files(lot) if not named or file in named]):
        return None
    command = [*SQLFLUFF, "lint", "--nocolor", "--processes", "2"]
    if LOTS[lot]:
        command += ["--config", LOTS[lot]]
    return subprocess.Popen(
        [*command, *files], cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


def sqlfluff_complaints(run: subprocess.Popen[str]) -> str:
    """What sqlfluff found; a file that dbt does not know was not linted, so it counts too."""
    output, _ = run.communicate()
    if run.returncode or "was not found in dbt project" in output:
        return output
    return ""


def ruff_complaints(named: set[str]) -> list[str]:
    """What ruff finds in the Python files, and those that it would write otherwise."""
    files = sorted(name for name in named if name.endswith(".py"))
    if named and not files:
        return []
    found = []
    for check in (["check", "--output-format", "concise"], ["format", "--check"]):
        run = subprocess.run([str(RUFF), *check, *files], cwd=ROOT, text=True, capture_output=True)
        if run.returncode:
            found.append(run.stdout + run.stderr)
    return found


def text_complaints(named: set[str]) -> list[str]:
    """Long lines, tabs, blanks at a line's end."""
    found = []
    for file in sorted(ROOT / name for name in named) or sorted(ROOT.rglob("*")):
        name = file.relative_to(ROOT)
        if file.suffix not in TEXT or MADE_HERE.intersection(name.parts):
            continue
        if name.parts[0].startswith(".venv"):
            continue
        for number, line in enumerate(file.read_text().splitlines(), 1):
            if len(line) > MAX_LENGTH:
                found.append(f"{name}:{number}: {len(line)} characters, {MAX_LENGTH} at most")
            if line != line.rstrip() or "\t" in line:
                found.append(f"{name}:{number}: a tab, or a blank at the end")
    return found


def main(named: set[str]) -> int:
    runs = [run for lot in LOTS if (run := start_sqlfluff(lot, named))]
    complaints = text_complaints(named) + ruff_complaints(named)
    complaints += [text for run in runs if (text := sqlfluff_complaints(run))]
    print("\n".join(complaints) or "lint: clean")
    return int(bool(complaints))


if __name__ == "__main__":
    sys.exit(main(set(sys.argv[1:])))

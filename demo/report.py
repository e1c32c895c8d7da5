"""Render the boards of charts/ for the demo as pages that open from disk: `make report`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
DCT = ROOT / ".venv-charts" / "bin" / "dct"
PAGES = HERE / "report"
PROFILE = """\
plr_demo:
  target: dev
  outputs:
    dev: {{type: duckdb, path: "{database}"}}
"""


def boards() -> list[str]:
    """The boards to render, by file name without ending."""
    return sorted(file.stem for file in (ROOT / "charts").glob("[a-z]*.yml"))


def render(project: Path, pages: Path, names: list[str], *options: str) -> None:
    """Render boards on a built project's database.

    They lie in a project of their own, as a consumer's would beside his dbt_project.yml: a package
    that dbt linked is outside of it, and dbt-charts knows no settings of a DuckDB profile.
    """
    with tempfile.TemporaryDirectory() as made:
        own = Path(made).resolve()
        shutil.copytree(ROOT / "charts", own / "charts")
        shutil.copy(project / "dbt_project.yml", own)
        (own / "target").mkdir()
        shutil.copy(project / "target" / "manifest.json", own / "target")
        (own / "profiles.yml").write_text(PROFILE.format(database=project / "plr_demo.duckdb"))
        pages.mkdir(parents=True, exist_ok=True)
        command = [
            str(DCT),
            "render",
            *(f"charts/{name}.yml" for name in names),
            *("--format", "html", "--no-cache", "--no-warnings"),
            *("--output", str(pages.resolve() / "{stem}.html")),
            *options,
        ]
        env = {**os.environ, "DO_NOT_TRACK": "1", "DBT_PROFILES_DIR": str(own)}
        done = subprocess.run(command, cwd=own, env=env, text=True, capture_output=True)
        if done.returncode:
            raise SystemExit(done.stdout + done.stderr)


def main() -> int:
    render(HERE, PAGES, boards())
    for name in boards():
        print(f"{PAGES.relative_to(ROOT)}/{name}.html")
    return 0


if __name__ == "__main__":
    sys.exit(main())

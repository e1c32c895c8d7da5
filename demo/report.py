"""The boards of charts/ for the demo: pages that open from disk, or a server with live filters.

python demo/report.py          # demo/report/*.html, the whole company; `make report`
python demo/report.py serve    # http://localhost:8080, filters to choose from; `make boards`
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
DCT = ROOT / ".venv-charts" / "bin" / "dct"
PAGES = HERE / "report"
BOARDS = sorted(file.stem for file in (ROOT / "charts").glob("[a-z]*.yml"))
PORT = 8080
PROFILE = """\
plr_demo:
  target: dev
  outputs:
    dev: {{type: duckdb, path: "{database}"}}
"""
# a page is drawn for one width: a narrow window goes to the one for a phone
TO_PHONE = """\
<script>
if (innerWidth < 700) location.replace("phone/" + location.pathname.split("/").pop())
</script>
</head>"""


@contextmanager
def charts_project(built: Path) -> Iterator[tuple[Path, dict[str, str]]]:
    """The boards in a project folder of their own, and the environment to start dct there with.

    A consumer has them below his project. The demo's package is a link, whose boards lie outside
    of it, and its profile has a setting that dbt-charts does not take.
    """
    with tempfile.TemporaryDirectory() as made:
        project = Path(made).resolve()
        shutil.copytree(ROOT / "charts", project / "charts")
        shutil.copy(built / "dbt_project.yml", project)
        (project / "target").mkdir()
        shutil.copy(built / "target" / "manifest.json", project / "target")
        database = built.resolve() / "plr_demo.duckdb"
        (project / "profiles.yml").write_text(PROFILE.format(database=database))
        settings = {"DO_NOT_TRACK": "1", "DBT_PROFILES_DIR": str(project)}
        yield project, {**os.environ, **settings}


def render(
    built: Path, pages: Path, boards: list[str] = BOARDS, parts: tuple[str, ...] = ("", "phone/")
) -> None:
    """Write the pages of a built demo, for a wide window and for a phone."""
    with charts_project(built) as (project, env):
        command = [str(DCT), "render", "--format", "html", "--no-cache", "--no-warnings"]
        command += ["--output", "pages/{dir}/{stem}.html"]
        command += [f"charts/{part}{name}.yml" for name in boards for part in parts]
        done = subprocess.run(command, cwd=project, env=env, text=True, capture_output=True)
        if done.returncode:
            raise SystemExit(done.stdout + done.stderr)
        shutil.rmtree(pages, ignore_errors=True)
        shutil.copytree(project / "pages" / "charts", pages)
    for name in boards:
        page = pages / f"{name}.html"
        page.write_text(page.read_text().replace("</head>", TO_PHONE, 1))


@contextmanager
def serving(built: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Serve the boards of a built demo at http://localhost:<port>/<board>/."""
    with charts_project(built) as (project, env):
        command = [str(DCT), "serve", "--port", str(port)]
        with subprocess.Popen(command, cwd=project, env=env, stdout=subprocess.DEVNULL) as server:
            try:
                yield server
            finally:
                server.terminate()


def main() -> int:
    """Serve, or render and say where."""
    if not DCT.exists():
        print("The boards need dbt-charts, which needs Python 3.11, 3.12 or 3.13", file=sys.stderr)
        return 1
    if sys.argv[1:] == ["serve"]:
        print("\n".join(f"http://localhost:{PORT}/{name}/" for name in BOARDS), flush=True)
        with serving(HERE, PORT) as server:
            return server.wait()
    render(HERE, PAGES)
    print("\n".join(f"{PAGES.relative_to(ROOT)}/{name}.html" for name in BOARDS))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Give dbt projects their packages: a consumer this package and dbt_utils, this one dbt_utils.

    .venv/bin/python scripts/install_packages.py <project folder> ...

Where dbt_utils comes from, first that holds:

1. the real copy in the folder named by DBT_UTILS_PATH;
2. the hub, by `dbt deps`, as any user gets it;
3. the stand-in under integration_tests/, where the hub cannot be reached.

1 and 3 are laid as links, with a lock file naming them, which is what `dbt deps` leaves behind.
Nothing is done when the project already has what it would get; the file dbt_packages/.installed
changes only when the packages do, so that make can depend on it.
"""

from __future__ import annotations

import functools
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from threading import Thread

import requests
import yaml
from dbt.clients.registry import DEFAULT_REGISTRY_BASE_URL

ROOT = Path(__file__).resolve().parent.parent
STAND_IN = ROOT / "integration_tests" / "dbt_utils_stand_in"
DBT = Path(sys.executable).with_name("dbt")
HUB_PATIENCE_SECONDS = 1.5
DEPS_PATIENCE_SECONDS = 120


@functools.cache
def hub_answers() -> bool:
    """One short request for the package; a thread bounds name look-up too, which has no limit."""
    answers: list[bool] = []

    def ask() -> None:
        url = f"{DEFAULT_REGISTRY_BASE_URL}api/v1/dbt-labs/dbt_utils.json"
        try:
            reply = requests.get(url, timeout=HUB_PATIENCE_SECONDS)
            answers.append(reply.ok and "versions" in reply.json())
        except (requests.RequestException, ValueError):
            answers.append(False)

    asking = Thread(target=ask, daemon=True)
    asking.start()
    asking.join(HUB_PATIENCE_SECONDS)
    return answers == [True]


def real_copy() -> Path | None:
    """The folder named by DBT_UTILS_PATH, checked to hold dbt_utils."""
    if not (named := os.environ.get("DBT_UTILS_PATH")):
        return None
    folder = Path(named).expanduser().resolve()
    project = folder / "dbt_project.yml"
    if not project.is_file() or yaml.safe_load(project.read_text()).get("name") != "dbt_utils":
        sys.exit(f"DBT_UTILS_PATH={named} holds no dbt_utils: {project} is missing or not its own")
    return folder


def fingerprint(project: Path, source: str) -> str:
    """What the packages depend on: their source and the two lists that ask for them."""
    lists = [file.read_bytes() for file in (ROOT / "packages.yml", project / "packages.yml")]
    return f"{source} {hashlib.sha256(b''.join(lists)).hexdigest()}\n"


def lay_links(project: Path, dbt_utils: Path, package: Path = ROOT) -> None:
    """Link the packages, as `dbt deps` does with a local package, and lock them."""
    installed = project / "dbt_packages"
    shutil.rmtree(installed, ignore_errors=True)
    installed.mkdir()
    folders = {"dbt_utils": dbt_utils}
    if project != ROOT:
        folders["product_led_revenue"] = package
    for name, folder in folders.items():
        (installed / name).symlink_to(os.path.relpath(folder, installed))
    lock = {
        "packages": [
            {"local": os.path.relpath(folder, project), "name": name}
            for name, folder in folders.items()
        ],
        # dbt compares this with a hash of packages.yml, so its own `dbt deps` starts afresh
        "sha1_hash": "linked",
    }
    (project / "package-lock.yml").write_text(yaml.safe_dump(lock, sort_keys=False))


def run_deps(project: Path) -> bool:
    """Install as a user does; quiet unless it fails."""
    (project / "package-lock.yml").unlink(missing_ok=True)
    command = [str(DBT), "--quiet", "deps", "--project-dir", str(project)]
    command += ["--profiles-dir", str(project)]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=DEPS_PATIENCE_SECONDS
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def install(project: Path) -> str:
    """Bring the project's packages up to date; say where dbt_utils comes from."""
    stamp = project / "dbt_packages" / ".installed"
    now = stamp.read_text() if stamp.is_file() else ""
    copy = real_copy()
    if copy is None:
        from_hub = fingerprint(project, "hub")
        if now == from_hub:
            return "dbt_utils: from the hub"
        if hub_answers() and run_deps(project):
            stamp.write_text(from_hub)
            return "dbt_utils: from the hub"
    chosen = copy or STAND_IN
    linked = fingerprint(project, os.path.relpath(chosen, project))
    if now != linked:
        lay_links(project, chosen)
        stamp.write_text(linked)
    if copy:
        return f"dbt_utils: the real copy at DBT_UTILS_PATH={copy}"
    folder = STAND_IN.relative_to(ROOT)
    return f"dbt_utils: the hub cannot be reached; using the stand-in at {folder}"


if __name__ == "__main__":
    for sentence in dict.fromkeys(install(Path(folder).resolve()) for folder in sys.argv[1:]):
        print(sentence, flush=True)

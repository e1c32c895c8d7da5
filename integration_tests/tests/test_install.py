"""Where packages come from: dbt_utils from a named copy, the hub, or the stand-in when the hub is
silent; this one, for those who have no folder of it, from git by a revision."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import yaml

import install_packages
from harness import ROOT, Project, dbt_command, skip_for_want

SCRIPT = ROOT / "scripts" / "install_packages.py"
STAND_IN = ROOT / "integration_tests" / "dbt_utils_stand_in"


@pytest.fixture
def consumer(tmp_path: Path) -> Project:
    """A project outside this repository that names the package, as yet without packages."""
    project = Project(tmp_path, {"accounts": []})
    shutil.rmtree(project.folder / "dbt_packages")
    (project.folder / "package-lock.yml").unlink()
    return project


@pytest.fixture
def copy_of_dbt_utils(tmp_path: Path) -> Path:
    """A folder that holds a dbt_utils."""
    return Path(shutil.copytree(STAND_IN, tmp_path / "dbt_utils-1.3.0"))


def install(project: Project, **env: str) -> str:
    """Run the script; what it printed."""
    own = {key: value for key, value in os.environ.items() if not key.startswith("DBT_")}
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(project.folder)],
        env=own | env,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return done.stdout.strip()


@pytest.fixture
def hub(tmp_path: Path, copy_of_dbt_utils: Path) -> Iterator[str]:
    """A small hub on this machine that serves one version of dbt_utils."""
    site = tmp_path / "hub"
    (site / "api/v1/dbt-labs").mkdir(parents=True)
    with tarfile.open(site / "dbt_utils.tar.gz", "w:gz") as archive:
        archive.add(copy_of_dbt_utils, copy_of_dbt_utils.name)

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Keep the tests' output to the tests."""

        def __init__(self, *args: object) -> None:
            super().__init__(*args, directory=str(site))

    server = ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    url = f"http://127.0.0.1:{server.server_port}/"
    version = {
        "id": "dbt-labs/dbt_utils/1.3.0",
        "name": "dbt_utils",
        "version": "1.3.0",
        "packages": [],
        "downloads": {"tarball": f"{url}dbt_utils.tar.gz"},
    }
    package = {"name": "dbt_utils", "namespace": "dbt-labs", "versions": {"1.3.0": version}}
    (site / "api/v1/index.json").write_text(json.dumps(["dbt-labs/dbt_utils"]))
    (site / "api/v1/dbt-labs/dbt_utils.json").write_text(json.dumps(package))
    Thread(target=server.serve_forever, daemon=True).start()
    yield url
    server.shutdown()


def test_the_hub_is_used_when_it_answers(consumer: Project, hub: str) -> None:
    assert install(consumer, DBT_PACKAGE_HUB_URL=hub) == "dbt_utils: from the hub"
    installed = consumer.folder / "dbt_packages"
    assert not (installed / "dbt_utils").is_symlink()
    assert (installed / "product_led_revenue").resolve() == ROOT
    assert "1.3.0" in (consumer.folder / "package-lock.yml").read_text()


def test_a_silent_hub_costs_about_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}/"
        monkeypatch.setattr(install_packages, "DEFAULT_REGISTRY_BASE_URL", url)
        started = time.monotonic()
        assert not install_packages.hub_answers.__wrapped__()
        assert time.monotonic() - started < 3


def test_the_stand_in_is_announced_in_one_line(consumer: Project) -> None:
    said = install(consumer, DBT_PACKAGE_HUB_URL="http://127.0.0.1:1/")
    assert said == (
        "dbt_utils: the hub cannot be reached; using the stand-in at "
        "integration_tests/dbt_utils_stand_in"
    )
    assert (consumer.folder / "dbt_packages" / "dbt_utils").resolve() == STAND_IN


def test_a_named_copy_wins_and_the_choice_can_change(
    consumer: Project, hub: str, copy_of_dbt_utils: Path
) -> None:
    link = consumer.folder / "dbt_packages" / "dbt_utils"
    stamp = consumer.folder / "dbt_packages" / ".installed"

    said = install(consumer, DBT_PACKAGE_HUB_URL=hub, DBT_UTILS_PATH=str(copy_of_dbt_utils))
    assert said == f"dbt_utils: the real copy at DBT_UTILS_PATH={copy_of_dbt_utils}"
    assert link.resolve() == copy_of_dbt_utils
    laid = stamp.stat().st_mtime_ns

    install(consumer, DBT_PACKAGE_HUB_URL=hub, DBT_UTILS_PATH=str(copy_of_dbt_utils))
    assert stamp.stat().st_mtime_ns == laid, "nothing changed, so nothing is laid again"

    install(consumer, DBT_PACKAGE_HUB_URL="http://127.0.0.1:1/")
    assert link.resolve() == STAND_IN

    install(consumer, DBT_PACKAGE_HUB_URL=hub)
    assert not link.is_symlink()


def test_a_wrong_dbt_utils_path_stops(consumer: Project, tmp_path: Path) -> None:
    said = install(consumer, DBT_UTILS_PATH=str(tmp_path))
    assert said.startswith(f"DBT_UTILS_PATH={tmp_path} holds no dbt_utils")


# --- by revision --------------------------------------------------------------------------------

# what dbt reads of a package
PARTS = ("dbt_project.yml", "packages.yml", "models", "macros", "seeds", "tests", "analyses")


def git(folder: Path, *args: str) -> str:
    """What a git command in a repository prints."""
    who = ("-c", "user.name=tests", "-c", "user.email=tests@example.com")
    done = subprocess.run(
        ["git", *who, "-C", str(folder), *args], check=True, text=True, capture_output=True
    )
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """This repository as at HEAD, tagged as release 0.1.0, and spoilt by a commit after it."""
    skip_for_want("" if (ROOT / ".git").exists() else "a copy without its git repository")
    folder = tmp_path / "repository"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(folder)], check=True)
    git(folder, "tag", "-f", "0.1.0")
    (folder / "dbt_project.yml").write_text("name: spoilt\n")
    git(folder, "commit", "-aqm", "Spoilt")
    return folder


def test_a_git_revision_is_installed_and_parses(
    consumer: Project, hub: str, repository: Path
) -> None:
    wanted = {"git": repository.as_uri(), "revision": "0.1.0"}
    consumer.write("packages.yml", {"packages": [wanted]})
    deps = dbt_command(consumer.folder, "deps")
    deps["env"]["DBT_PACKAGE_HUB_URL"] = hub
    done = subprocess.run(**deps)
    assert done.returncode == 0, done.stdout

    installed = consumer.folder / "dbt_packages" / "product_led_revenue"
    assert not installed.is_symlink()
    tagged = git(repository, "rev-parse", "0.1.0")
    locked = yaml.safe_load((consumer.folder / "package-lock.yml").read_text())["packages"]
    assert {"git": wanted["git"], "revision": tagged} in [
        {name: package.get(name) for name in wanted} for package in locked
    ]
    assert (consumer.folder / "dbt_packages" / "dbt_utils" / "dbt_project.yml").is_file()

    files = set(git(repository, "ls-tree", "-r", "--name-only", "0.1.0", *PARTS).split())
    assert files == {
        str(file.relative_to(installed))
        for part in PARTS
        for file in (installed / part, *(installed / part).rglob("*"))
        if file.is_file()
    }
    listed = consumer.dbt("ls", "-q", "--resource-type", "model", "seed")
    assert listed.ok, listed.output
    names = {line.rpartition(".")[2] for line in listed.output.split()}
    marts = {Path(file).stem for file in files if re.match(r"models/marts/.*\.sql", file)}
    assert len(marts) > 25
    # a mart that is built only when asked
    assert marts - names == {"plr_value_event_candidates"}

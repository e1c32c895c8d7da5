"""Install what the engines' tests need beside Python: Postgres, and Java for Spark.

    .venv/bin/python scripts/install_engine_programs.py

Debian's packages, where they are missing and may be installed; else a line says what is missing,
and the tests that need it are skipped.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

# Debian starts a server of its own with the package; the tests start theirs
NO_SERVER = Path("/etc/postgresql-common/createcluster.conf")


def missing() -> list[str]:
    """The packages to install."""
    packages = []
    if not shutil.which("initdb") and not list(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        packages.append("postgresql")
    if not shutil.which("java"):
        packages.append("default-jre-headless")
    return packages


def install(packages: list[str]) -> bool:
    """Whether they were installed; a password is never asked for."""
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if not all(shutil.which(program) for program in [*as_root[:1], "apt-get"]):
        return False
    if "postgresql" in packages and not NO_SERVER.exists():
        subprocess.run([*as_root, "mkdir", "-p", str(NO_SERVER.parent)])
        subprocess.run(
            [*as_root, "tee", str(NO_SERVER)],
            text=True,
            input="create_main_cluster = false\n",
            stdout=subprocess.DEVNULL,
        )
    quietly = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    subprocess.run([*quietly, "update"], stdout=subprocess.DEVNULL)
    done = subprocess.run(
        [*quietly, "install", "--yes", "--no-install-recommends", *packages],
        stdout=subprocess.DEVNULL,
    )
    return done.returncode == 0


def main() -> int:
    if packages := missing():
        print(f"installing {', '.join(packages)}", flush=True)
        if not install(packages):
            print(f"{', '.join(packages)} can not be installed here: their tests are skipped")
    return 0


if __name__ == "__main__":
    sys.exit(main())

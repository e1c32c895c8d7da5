"""Install one pinned requirements file into the environment that runs this script.

    .venv/bin/python scripts/install_requirements.py requirements.txt

uv does it in seconds; where uv cannot reach a package index (pip may be set up with another
one), pip does the same more slowly. Hashes are checked either way.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PIP = [sys.executable, "-m", "pip"]
PIP_INSTALL = [*PIP, "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]


def pip_index() -> str | None:
    """The index pip is configured with, so that uv asks the same one."""
    if index := os.environ.get("PIP_INDEX_URL"):
        return index
    answer = subprocess.run(
        [*PIP, "config", "get", "global.index-url"], capture_output=True, text=True
    )
    return answer.stdout.strip() or None


def uv_environment() -> dict[str, str]:
    """uv's settings: pip's index, and a short patience, as pip stands behind it."""
    env = {"UV_HTTP_TIMEOUT": "30", "UV_HTTP_RETRIES": "2", **os.environ}
    named = {"UV_DEFAULT_INDEX", "UV_INDEX_URL"} & os.environ.keys()
    if not named and (index := pip_index()):
        env["UV_DEFAULT_INDEX"] = index
    if certificate := os.environ.get("PIP_CERT"):
        env.setdefault("SSL_CERT_FILE", certificate)
    return env


def install_with_uv(requirements: str) -> str | None:
    """Install with uv; say why not in a line, or None when it went well."""
    if subprocess.run([*PIP_INSTALL, "-r", str(ROOT / "requirements-uv.txt")]).returncode:
        return "pip could not install it"
    command = [
        sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", sys.executable,
        "--require-hashes", "--compile-bytecode", "-r", requirements,
    ]  # fmt: skip
    done = subprocess.run(command, env=uv_environment(), capture_output=True, text=True)
    if done.returncode == 0:
        return None
    causes = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    return causes[0] if causes else f"exit code {done.returncode}"


def main(requirements: str) -> int:
    reason = install_with_uv(requirements)
    if reason is None:
        return 0
    print(f"uv could not install {Path(requirements).name} ({reason}); using pip instead", flush=True)
    return subprocess.run([*PIP_INSTALL, "--compile", "-r", requirements]).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

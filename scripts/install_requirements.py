"""Install one pinned requirements file into the environment that runs this script.

    .venv/bin/python scripts/install_requirements.py requirements/demo.txt

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
PIP_INSTALL = [*PIP, "install", "-qq", "--disable-pip-version-check", "--require-hashes"]


def pip_settings() -> dict[str, str]:
    """What pip is configured with: `global.cert='/a/file'` and `:env:.cert='/a/file'` alike."""
    listed = subprocess.run([*PIP, "config", "list"], capture_output=True, text=True)
    settings = {}
    for line in listed.stdout.splitlines():
        name, _, value = line.partition("=")
        settings[name.rsplit(".")[-1]] = value.strip("'\"")
    return settings


def uv_environment() -> dict[str, str]:
    """Ask the index pip would ask, trust what pip trusts, and be brief: pip stands behind uv."""
    env = {"UV_HTTP_TIMEOUT": "30", "UV_HTTP_RETRIES": "2", **os.environ}
    pip = pip_settings()
    named = {"UV_DEFAULT_INDEX", "UV_INDEX_URL"} & os.environ.keys()
    if "index-url" in pip and not named:
        env["UV_DEFAULT_INDEX"] = pip["index-url"]
    if "cert" in pip:
        env.setdefault("SSL_CERT_FILE", pip["cert"])
    return env


def install_with_uv(requirements: str) -> str | None:
    """Install with uv; say why not in a line, or None when it went well."""
    if subprocess.run([*PIP_INSTALL, "-r", str(ROOT / "requirements" / "uv.txt")]).returncode:
        return "pip could not install it"
    command = [
        sys.executable,
        "-m",
        "uv",
        "pip",
        "install",
        "--quiet",
        "--python",
        sys.executable,
        "--require-hashes",
        "--compile-bytecode",
        "-r",
        requirements,
    ]
    done = subprocess.run(command, env=uv_environment(), capture_output=True, text=True)
    if done.returncode == 0:
        return None
    causes = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    return causes[0] if causes else f"exit code {done.returncode}"


def main(requirements: str) -> int:
    reason = install_with_uv(requirements)
    if reason is None:
        return 0
    print(f"uv could not install {requirements} ({reason}); using pip instead", flush=True)
    return subprocess.run([*PIP_INSTALL, "--compile", "-r", requirements]).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

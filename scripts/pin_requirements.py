"""Choose the newest versions that fit each requirements*.in, with hashes and without an index.

    make pin

The demo takes the versions the tests chose, so that both run the same dbt.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMPILE = [
    sys.executable,
    "-m",
    "uv",
    "pip",
    "compile",
    "--quiet",
    "--upgrade",
    "--universal",
    "--python-version",
    "3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-header",
    "--no-annotate",
]
ORDER = {
    "requirements-test": [],
    "requirements": ["--constraints", "requirements-test.txt"],
    "requirements-uv": [],
    "requirements-v2": [],
    "requirements-engines": ["--constraints", "requirements-test.txt"],
    "requirements-warehouses": [],
    "requirements-bigquery": [],
}

for name, more in ORDER.items():
    subprocess.run([*COMPILE, *more, f"{name}.in", "-o", f"{name}.txt"], cwd=ROOT, check=True)
    print(f"{name}.txt")

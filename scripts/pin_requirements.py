"""Choose the newest versions that fit each requirements/*.in, with hashes and without an index.

    make pin

One file serves every Python from 3.10 on: where a version needs a newer one, its line says so. The
demo takes the versions the tests chose, so that both run the same dbt.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "requirements"
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
    "3.10",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-header",
    "--no-annotate",
]
ORDER = {
    "test": [],
    "demo": ["--constraints", "test.txt"],
    "uv": [],
    "v2": [],
    "engines": ["--constraints", "test.txt"],
    "metrics": ["--constraints", "test.txt"],
    "warehouses": [],
    "bigquery": [],
    "charts": [],
    "dbt-1.10": [],
    "dbt-1.11": [],
}

for name, more in ORDER.items():
    subprocess.run([*COMPILE, *more, f"{name}.in", "-o", f"{name}.txt"], cwd=FOLDER, check=True)
    print(f"{name}.txt")

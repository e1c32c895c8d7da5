"""Every file follows the style: see .sqlfluff and scripts/lint.py."""

from __future__ import annotations

import subprocess
import sys

from harness import ROOT


def test_lint_is_clean() -> None:
    lint = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "lint.py")],
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert lint.returncode == 0, lint.stdout

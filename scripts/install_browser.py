"""Install Chromium, in which tests/test_boards.py looks at the boards, where there is none.

.venv/bin/python scripts/install_browser.py
"""

from __future__ import annotations

import shutil
import sys

from install_engine_programs import install

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def browser() -> str | None:
    """The first there is."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def main() -> int:
    """Install it, or say that its tests are skipped."""
    if not browser():
        print("installing chromium", flush=True)
        if not install(["chromium"]):
            print("chromium can not be installed here: its tests are skipped")
    return 0


if __name__ == "__main__":
    sys.exit(main())

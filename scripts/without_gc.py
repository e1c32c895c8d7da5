"""Run dbt or sqlfluff without garbage collection, which is a tenth to a third of their time:

    .venv/bin/python scripts/without_gc.py dbt build

They make millions of small objects and keep nearly all of them until they end. Not for Spark: what
its session gives out is freed by that collection alone.
"""

from __future__ import annotations

import gc
import sys
from importlib.metadata import entry_points

if __name__ == "__main__":
    gc.disable()
    del sys.argv[0]
    [program] = entry_points(group="console_scripts", name=sys.argv[0])
    sys.exit(program.load()())

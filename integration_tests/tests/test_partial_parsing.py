"""dbt reads the package's files once and keeps what it read: the next command skips them.

What it keeps can't be loaded again when a map in any YAML file has a key that is not text, and dbt
says so in its debug log only: every command then takes its seconds anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from harness import ROOT, Project


def test_the_second_command_parses_nothing(tmp_path: Path) -> None:
    project = Project(tmp_path, {"accounts": [], "product_events": [], "revenue": []})
    log = project.folder / "logs" / "dbt.log"
    for said in ("Starting full parse", "no changes found, skipping parsing"):
        log.unlink(missing_ok=True)
        assert project.dbt("ls", "--resource-type", "model").ok
        assert said in log.read_text()


def keys(value: Any) -> Iterator[Any]:
    """Every key of every map, however deep."""
    if isinstance(value, dict):
        yield from value
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from keys(part)


def test_every_key_is_text() -> None:
    files = [ROOT / "dbt_project.yml", *ROOT.glob("seeds/*.yml"), *ROOT.glob("models/**/*.yml")]
    read = {str(file.relative_to(ROOT)): yaml.safe_load(file.read_text()) for file in files}
    assert "plr_quick_test_limits" in read["dbt_project.yml"]["vars"]
    for file, content in read.items():
        assert not [key for key in keys(content) if not isinstance(key, str)], file

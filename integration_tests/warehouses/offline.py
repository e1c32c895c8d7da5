"""Compiles the package for a warehouse without one: full builds and incremental runs."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import yaml

import install_packages
import write_messages
from harness import PROJECTS, ROOT, dbt_utils_folder, run_dbt
from servers import package_version

ADAPTERS = ROOT / ".venv-warehouses" / "bin"
PROJECT = PROJECTS / "any_warehouse"
COMPILED = Path("target/compiled/product_led_revenue")


@dataclass(frozen=True)
class Compiled:
    """The SQL of every model, data test and analysis, by its file; incremental ones twice."""

    warehouse: str
    adapter: str
    statements: dict[str, str]
    counts: Counter[str]


def missing() -> str:
    """What this machine lacks to compile, if anything."""
    return "" if (ADAPTERS / "dbt").exists() else "requirements/warehouses.txt is not installed"


def project_copy(folder: Path) -> Path:
    """The consumer project, ready for dbt."""
    shutil.copytree(PROJECT, folder)
    install_packages.lay_links(folder, dbt_utils_folder())
    return folder


def switch_connectors_on(config: Path) -> None:
    """Let every connector feed its inputs, too; revenue comes in one shape only."""
    project = yaml.safe_load(config.read_text())
    given = project["vars"]["product_led_revenue"]
    given["plr_revenue_shape"] = "invoices"
    for tool, feeds in write_messages.table("vars.sql", "plr_connectors").items():
        for relation in feeds:
            if relation == "revenue_periods":
                continue  # its model is there for the tool's contracts
            name = f"plr_input_{relation.replace('_invoices', '')}"
            named = given[name] if isinstance(given[name], list) else [given[name]]
            given[name] = [*named, f"connector:{tool}"]
    config.write_text(yaml.safe_dump(project, sort_keys=False))


def compile_for(warehouse: str, folder: Path) -> Compiled:
    """Compile everything for a full build, then what an incremental run would do otherwise."""
    project = project_copy(folder / warehouse)
    switch_connectors_on(project / "dbt_project.yml")
    command = ["compile", "--no-introspect", "--no-populate-cache", "--target", warehouse]
    statements: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for run, more in (
        ("full build", ["--full-refresh"]),
        ("incremental run", ["--select", "config.materialized:incremental"]),
    ):
        shutil.rmtree(project / COMPILED, ignore_errors=True)
        result = run_dbt(project, *command, *more, dbt=ADAPTERS / "dbt")
        assert result.ok, result.output
        for file in sorted((project / COMPILED).rglob("*.sql")):
            statements[f"{file.relative_to(project / COMPILED)} ({run})"] = file.read_text()
        if run == "full build":
            counts.update(result.kinds)
    adapter = f"dbt-{warehouse}"
    version = package_version(ADAPTERS / "python", adapter)
    return Compiled(warehouse, f"{adapter} {version}", statements, counts)

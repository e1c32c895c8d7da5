"""What a run of the benchmarks saw, as a block of Markdown in benchmarks/README.md."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bench import Company

Run = dict[str, Any]
ROOT = Path(__file__).resolve().parent.parent
SELECTORS = ("plr_revenue_and_retention", "plr_product_driven_only", "plr_all")
MIB, GIB = 1024**2, 1024**3
TOP = 10


# --- reading a run ------------------------------------------------------------------------------


def is_test(node: str) -> bool:
    return node.startswith("test.")


def sql_seconds(run: Run, unit: str = "cpu_seconds") -> float:
    """The SQL of everything but data tests: models, rule tables, dbt's own statements."""
    return sum(cost[unit] for node, cost in run["costs"].items() if not is_test(node))


def seconds_of_tests(run: Run, unit: str = "cpu_seconds") -> float:
    return sum(cost[unit] for node, cost in run["costs"].items() if is_test(node))


def overhead(run: Run) -> float:
    """dbt's own time: what is left of the clock without any SQL."""
    return run["seconds"] - sql_seconds(run, "seconds") - seconds_of_tests(run, "seconds")


def typical(runs: list[Run]) -> Run:
    """The run in the middle by its SQL time."""
    return sorted(runs, key=sql_seconds)[len(runs) // 2]


# --- writing it down ----------------------------------------------------------------------------


def table(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table: the first column to the left, the others to the right."""
    rule = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, rule, *rows])


def seconds(value: float) -> str:
    return f"{value:,.2f} s" if value < 10 else f"{value:,.1f} s"


def size(value: float) -> str:
    return f"{value / GIB:,.1f} GiB" if value >= GIB else f"{value / MIB:,.0f} MiB"


def ratio(value: float) -> str:
    return f"{value:.2f}"


def machine() -> str:
    """Cores, processor and memory of this machine."""
    cpuinfo = Path("/proc/cpuinfo")
    model = re.search(r"model name\s*: (.+)", cpuinfo.read_text()) if cpuinfo.exists() else None
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return (
        f"{os.cpu_count()} cores ({model[1] if model else platform.processor()}), "
        f"{memory / GIB:.0f} GiB, {platform.system()}"
    )


def versions() -> str:
    """The package's commit and what it ran on."""
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, text=True, stdout=subprocess.PIPE
    ).stdout.strip()
    libraries = [f"{name} {version(name)}" for name in ("dbt-core", "dbt-duckdb", "duckdb")]
    return ", ".join([f"package at {commit}" if commit else "package", *libraries])


def ratios(run: Run, base: Run) -> list[str]:
    """Of SQL's processor time, of its time on the clock, and of the whole command."""
    sql = [sql_seconds(run, unit) / sql_seconds(base, unit) for unit in ("cpu_seconds", "seconds")]
    return [ratio(value) for value in (*sql, run["seconds"] / base["seconds"])]


def against_floor(companies: list[Company]) -> str:
    """Full builds over their floors."""
    rows = []
    names = ("full build", "without the search for duplicates")
    for company, name in zip(companies, names, strict=True):
        ours, floor = sql_seconds(company.full), sql_seconds(company.floor)
        rows.append([name, seconds(ours), seconds(floor), *ratios(company.full, company.floor)[:2]])
    return table(["", "package", "floor", "ratio", "by the clock"], rows)


def by_day(tenth: Company, whole: Company) -> str:
    """Increments over the full build, and over those behind a tenth of the history."""
    day, small = typical(whole.increments), typical(tenth.increments)
    rows = []
    for name, base in (
        (f"over the full build of {whole.name}", whole.full),
        (f"over a day with the history of {tenth.name}", small),
    ):
        rows.append([name, seconds(sql_seconds(day)), seconds(sql_seconds(base))])
        rows[-1] += ratios(day, base)
    head = ["one more day", "day", "over", "ratio", "by the clock", "of the command"]
    return table(head, rows)


def by_selection(company: Company) -> str:
    """First builds of parts of the package, as selectors.yml names them."""
    rows = [
        [
            selector,
            str(run["nodes"]["model"]),
            seconds(sql_seconds(run)),
            seconds(overhead(run)),
            size(run["peak_bytes"]),
        ]
        for selector, run in company.selections.items()
    ]
    return table(["selector", "models", "SQL", "dbt's own time, by the clock", "memory"], rows)


def by_size(tenth: Company, whole: Company) -> str:
    """What a full build takes and leaves, at a tenth of the events and at all."""
    lines = [
        ("SQL of the full build", lambda c: sql_seconds(c.full), seconds),
        ("SQL of the floor", lambda c: sql_seconds(c.floor), seconds),
        ("dbt's own time, first build", lambda c: overhead(c.full), seconds),
        ("dbt's own time, a day", lambda c: overhead(typical(c.increments)), seconds),
        ("peak memory, full build", lambda c: c.full["peak_bytes"], size),
        ("peak memory, floor", lambda c: c.floor["peak_bytes"], size),
        ("peak memory, a day", lambda c: typical(c.increments)["peak_bytes"], size),
        ("written, full build", lambda c: c.full["written_bytes"], size),
        ("written, floor", lambda c: c.floor["written_bytes"], size),
        ("written, a day", lambda c: typical(c.increments)["written_bytes"], size),
        ("database", lambda c: c.full["database_bytes"], size),
        ("rows out", lambda c: c.full["rows"], lambda value: f"{value:,}"),
    ]
    rows = [
        [name, show(of(tenth)), show(of(whole)), ratio(of(whole) / of(tenth)) if of(tenth) else ""]
        for name, of, show in lines
    ]
    return table(["", tenth.name, whole.name, "growth"], rows)


def profile(whole: Company) -> str:
    """The most expensive nodes of a full build and of a day."""

    def top(run: Run) -> list[tuple[str, str]]:
        nodes = [(cost["cpu_seconds"], name) for name, cost in run["costs"].items()]
        whole = sql_seconds(run)
        return [
            (name.split(".")[-1], f"{took / whole:.1%}") for took, name in sorted(nodes)[::-1][:TOP]
        ]

    pairs = zip(top(whole.full), top(typical(whole.increments)), strict=False)
    rows = [[full[0], full[1], day[0], day[1]] for full, day in pairs]
    return table(["full build", "share", "a day", "share"], rows)


def block(
    events: int, accounts: int, memory: str, tenth: Company, whole: Company, unique: Company
) -> str:
    """The whole report of one size."""
    nodes = ", ".join(f"{whole.full['nodes'][kind]} {kind}s" for kind in ("model", "seed", "test"))
    load = os.getloadavg()[2]
    return "\n\n".join(
        [
            f"### {events:,} events of {accounts:,} accounts",
            f"{date.today()}, {machine()}, load {load:.1f}; {versions()}; "
            f"DuckDB with 2 threads and a memory limit of {memory}; {nodes} "
            f"(SQL of the tests: {seconds(seconds_of_tests(whole.full))}). "
            "Seconds are the processor's.",
            against_floor([whole, unique]),
            by_day(tenth, whole),
            by_size(tenth, whole),
            by_selection(unique),
            "The ten most expensive nodes, as shares of all SQL:",
            profile(whole),
        ]
    )


def write_block(readme: Path, name: str, text: str) -> None:
    """Put the block between its markers, named by events x accounts; sizes stand in order."""
    begin, end = "<!-- results -->", "<!-- end of results -->"
    before, rest = readme.read_text().split(begin)
    results, after = rest.split(end)
    found = re.findall(r"<!-- (\S+ x \S+) -->\n(.*?)<!-- end of \1 -->", results, re.DOTALL)
    blocks = dict(found) | {name: f"{text}\n"}
    ordered = "\n".join(
        f"<!-- {size} -->\n{blocks[size]}<!-- end of {size} -->\n"
        for size in sorted(blocks, key=lambda size: [float(n) for n in size.split(" x ")][::-1])
    )
    readme.write_text(f"{before}{begin}\n{ordered}{end}{after}")

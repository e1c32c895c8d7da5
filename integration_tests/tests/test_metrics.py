"""The metrics of demo/metrics, copied into a consumer's models as docs/metrics.md says, answer what
the marts do. MetricFlow runs in an environment of its own; without it these tests are skipped."""

from __future__ import annotations

import csv
import math
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from harness import ROOT, rows_of, run_dbt, skip_for_want
from other_dbts import METRICS, copy_with_metrics

pytestmark = pytest.mark.heavy
PROGRAMS = ROOT / ".venv-metrics" / "bin"
NEAR = 1e-9  # MetricFlow divides as floats
# each metric by month, as its mart has it
BY_MONTH = """
with
revenue as (select * from plr_product_driven_revenue where segment = 'all' and is_total),
retention as (select * from plr_retention_monthly where scope = 'company'),
motion as (select * from plr_index_monthly where scope = 'company' and stage = 'all'),
orphans as (
    select month, coalesce(sum(mrr_at_stake), 0) as at_stake
    from plr_expansion_orphans
    where status in ('flagged', 'watch', 'clear')
    group by 1
),
flags as (
    select month, count(distinct entity_id) as accounts
    from plr_pattern_flags
    where entity_type = 'account' and status = 'flagged'
    group by 1
)
select
    board.month as metric_time__month,
    board.closing_mrr as mrr,
    board.arr,
    revenue.product_driven_mrr,
    board.product_driven_share,
    revenue.closing_mrr - revenue.opening_mrr - revenue.fx_mrr as net_new_mrr,
    retention.nrr_ttm as nrr,
    retention.grr_ttm as grr,
    board.gross_margin_ttm as gross_margin,
    board.revenue_per_employee,
    motion.product_started_share,
    board.plr_index,
    orphans.at_stake as orphaned_mrr_at_stake,
    coalesce(flags.accounts, 0) as flagged_accounts
from plr_board_metrics as board
left join revenue using (month)
left join retention using (month)
left join motion using (month)
left join orphans using (month)
left join flags using (month)
"""
# a quarter has its last month's MRR, and the net new MRR of all three
BY_QUARTER = """
select
    cast(date_trunc('quarter', month) as date) as metric_time__quarter,
    segment as revenue_part__segment,
    arg_max(closing_mrr, month) as mrr,
    arg_max(product_driven_share, month) as product_driven_share,
    sum(closing_mrr - opening_mrr - fx_mrr) as net_new_mrr
from plr_product_driven_revenue
where segment <> 'all' and is_total
group by 1, 2
"""


@pytest.fixture(scope="module")
def project(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built copy of the demo, with the metrics' views."""
    lacking = "" if (PROGRAMS / "mf").exists() else "requirements/metrics.txt is not installed"
    skip_for_want(lacking)
    folder = copy_with_metrics(built, tmp_path_factory.mktemp("metrics") / "demo")
    shutil.copy(built, folder)
    # what dbt read of the rest is not read again
    (folder / "target").mkdir()
    shutil.copy(built.parent / "target" / "partial_parse.msgpack", folder / "target")
    result = run_dbt(
        folder, "--warn-error", "run", "-s", "path:models/metrics", dbt=PROGRAMS / "dbt"
    )
    assert result.ok, result.output
    assert result.kinds["model"] == len(list(METRICS.glob("*.sql")))
    return folder


def query(project: Path, *args: str) -> list[dict[str, str]]:
    """What MetricFlow answers."""
    answer = project / "answer.csv"
    done = subprocess.run(
        [PROGRAMS / "mf", "query", *args, "--csv", answer],
        cwd=project,
        env={**os.environ, "DBT_PROFILES_DIR": ".", "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert done.returncode == 0, done.stdout
    with answer.open() as handle:
        return list(csv.DictReader(handle))


def is_same(theirs: str, ours: Any) -> bool:
    if ours is None or theirs == "":
        return ours is None and theirs == ""
    if isinstance(ours, str):
        return theirs == ours
    return math.isclose(float(theirs), float(ours), rel_tol=NEAR, abs_tol=NEAR)


def differences(project: Path, keys: list[str], sql: str) -> tuple[int, list[str]]:
    """How many values MetricFlow gave by these keys, and which are not those of the marts."""
    with duckdb.connect(str(project / "plr_demo.duckdb"), read_only=True) as connection:
        ours = {tuple(str(row.pop(key)) for key in keys): row for row in rows_of(connection, sql)}
    metrics = list(next(iter(ours.values())))
    answer = query(project, "--metrics", ",".join(metrics), "--group-by", ",".join(keys))
    theirs = {tuple(row.pop(key).removesuffix(" 00:00:00") for key in keys): row for row in answer}
    assert theirs.keys() == ours.keys()
    found = [
        f"{key} {metric}: {theirs[key][metric]}, in the marts {ours[key][metric]}"
        for key in ours
        for metric in metrics
        if not is_same(theirs[key][metric], ours[key][metric])
    ]
    return len(ours) * len(metrics), found


def test_metrics_are_the_marts_month_by_month(project: Path, say: Callable[[str], None]) -> None:
    values, found = differences(project, ["metric_time__month"], BY_MONTH)
    assert not found, "\n".join(found)
    say(f"metrics: {values} values by month as in the marts")


def test_a_quarter_is_its_last_month(project: Path, say: Callable[[str], None]) -> None:
    keys = ["metric_time__quarter", "revenue_part__segment"]
    values, found = differences(project, keys, BY_QUARTER)
    assert not found, "\n".join(found)
    say(f"metrics: {values} values by quarter and segment as in the marts")

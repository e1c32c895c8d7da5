"""Two companies made by other people, mapped by SQL models alone, against facts known beforehand.

The facts were computed from the files directly, without this package. The files lie beside the
repository in shared/data, or in the folder that PLR_THIRD_PARTY_DATA names.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import install_packages
from harness import PROJECTS, ROOT, Project, dbt_utils_folder, package_for

DATA = Path(os.environ.get("PLR_THIRD_PARTY_DATA") or ROOT.parent / "shared" / "data").resolve()

Fact = tuple[str, Any, Any]  # what it is, expected, found


class Mapped(Project):
    """A copy of a consumer project under projects/third_party/, built from its CSV files."""

    def __init__(self, tmp_path: Path, name: str) -> None:
        if not (DATA / name).is_dir():
            pytest.skip(f"no data in {DATA / name}: set PLR_THIRD_PARTY_DATA to its parent folder")
        self.folder = tmp_path / name
        shutil.copytree(
            PROJECTS / "third_party" / name,
            self.folder,
            ignore=shutil.ignore_patterns("target", "logs", "dbt_packages", "*.duckdb"),
        )
        self.database = self.folder / f"{name}.duckdb"
        install_packages.lay_links(self.folder, dbt_utils_folder(), package_for({}))
        self.build("--vars", json.dumps({"data_folder": str(DATA / name)}))

    def value(self, sql: str) -> Any:
        """The one value that a query gives."""
        [row] = self.query(sql)
        [value] = row.values()
        return value


# --- what both ask ----------------------------------------------------------------------------


def headline(project: Mapped, column: str, month: str) -> Any:
    """A column of the company's line for a month."""
    return project.value(
        f"select {column} from plr_product_driven_revenue "
        f"where is_total and segment = 'all' and month = date '{month}-01'"
    )


def retention(project: Mapped, column: str) -> Any:
    """A column of what became by 2024-12 of the MRR of 2023-12; ratios to six digits."""
    found = project.value(
        f"select {column} from plr_retention_monthly "
        f"where scope = 'company' and month = date '2024-12-01'"
    )
    return round(found, 6)


def rows(project: Mapped, relation: str, code: str = "valid") -> int:
    """How many rows of a relation bear a code."""
    return project.value(
        f"select coalesce(sum(rows), 0) from plr_data_quality "
        f"where relation = '{relation}' and code = '{code}'"
    )


def shown(value: Any) -> str:
    """A value without the zeros that its type adds."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def compare(say: Callable[[str], None], data_set: str, facts: list[Fact]) -> None:
    """Print what was expected beside what was found, then insist that they agree."""
    for fact, expected, found in facts:
        say(f"{data_set:<14}{fact:<44}expected {shown(expected):>10}  found {shown(found):>10}")
    assert not [fact for fact in facts if fact[1] != fact[2]]


# --- the two companies ------------------------------------------------------------------------


def test_jcanocr7_saas(tmp_path: Path, say: Callable[[str], None]) -> None:
    project = Mapped(tmp_path, "jcanocr7_saas")
    early = "sequence = 'product_first' and first_sales_contact_at is not null"
    alone = "sequence = 'product_first' and first_sales_contact_at is null"
    ambiguous = "sequence = 'ambiguous'"
    sales = "sequence = 'sales_first'"

    def accounts(condition: str) -> int:
        return project.value(f"select count(*) from plr_account_origin where {condition}")

    def mrr(condition: str) -> Decimal:
        return project.value(
            f"select sum(closing_mrr) from plr_mrr_movements inner join plr_account_origin "
            f"using (account_id) where month = date '2024-12-01' and {condition}"
        )

    facts = [
        ("valid accounts", 500, rows(project, "accounts")),
        ("valid product events", 148_873, rows(project, "product_events")),
        ("valid sales touches", 2_451, rows(project, "crm_activities")),
        ("valid periods", 652, rows(project, "revenue")),
        ("overlapping periods", 0, rows(project, "revenue", "overlapping_period")),
        ("closing MRR 2023-12", 33_437, headline(project, "closing_mrr", "2023-12")),
        ("closing MRR 2024-06", 77_863, headline(project, "closing_mrr", "2024-06")),
        ("closing MRR 2024-09", 90_518, headline(project, "closing_mrr", "2024-09")),
        ("closing MRR 2024-12", 91_026, headline(project, "closing_mrr", "2024-12")),
        ("paying accounts 2024-06", 337, headline(project, "customers", "2024-06")),
        ("paying accounts 2024-09", 382, headline(project, "customers", "2024-09")),
        ("paying accounts 2024-12", 374, headline(project, "customers", "2024-12")),
        ("product_first, sales contact later", 458, accounts(early)),
        ("product_first, no sales contact", 25, accounts(alone)),
        ("ambiguous", 7, accounts(ambiguous)),
        ("sales_first", 10, accounts(sales)),
        ("MRR 2024-12, product_first, contact later", 83_261, mrr(early)),
        ("MRR 2024-12, product_first, no contact", 4_280, mrr(alone)),
        ("MRR 2024-12, ambiguous", 1_893, mrr(ambiguous)),
        ("MRR 2024-12, sales_first", 1_592, mrr(sales)),
        # 18 product_first accounts signed up before the first touch of all, on 2023-07-26
        ("MRR 2024-12, product-driven", 83_251, headline(project, "product_driven_mrr", "2024-12")),
        ("MRR 2024-12, untracked", 4_290, headline(project, "untracked_mrr", "2024-12")),
        ("12-month cohort, accounts", 163, retention(project, "starting_accounts")),
        ("12-month cohort, opening MRR", 33_437, retention(project, "starting_mrr")),
        ("12-month cohort, closing MRR", 27_864, retention(project, "ending_mrr")),
        ("12-month NRR", Decimal("0.833328"), retention(project, "nrr_ttm")),
        ("12-month GRR", Decimal("0.377247"), retention(project, "grr_ttm")),
    ]
    compare(say, "jcanocr7_saas", facts)


def test_ravenstack(tmp_path: Path, say: Callable[[str], None]) -> None:
    project = Mapped(tmp_path, "ravenstack")
    ids = "select count(*) - count(distinct event_id) from product_events_for_plr"
    most = "select max(product_driven_mrr) from plr_product_driven_revenue"
    verdicts = (
        "select string_agg(distinct origin || ', ' || origin_evidence, '; ') "
        "from plr_account_origin"
    )
    facts = [
        ("valid accounts", 500, rows(project, "accounts")),
        ("valid periods", 5_000, rows(project, "revenue")),
        ("valid product events", 24_998, rows(project, "product_events")),
        ("product events counting 0", 2, rows(project, "product_events", "null_key")),
        # their two rows each are of different accounts and days, so they are different events
        ("usage ids that occur twice", 21, project.value(ids)),
        ("product events, duplicates", 0, rows(project, "product_events", "duplicate_key")),
        ("closing MRR 2023-12", 1_262_113, headline(project, "closing_mrr", "2023-12")),
        ("closing MRR 2024-06", 3_833_405, headline(project, "closing_mrr", "2024-06")),
        ("closing MRR 2024-12", 10_259_509, headline(project, "closing_mrr", "2024-12")),
        ("paying accounts 2023-12", 185, headline(project, "customers", "2023-12")),
        ("paying accounts 2024-06", 333, headline(project, "customers", "2024-06")),
        ("paying accounts 2024-12", 500, headline(project, "customers", "2024-12")),
        ("untracked MRR 2023-12", 1_262_113, headline(project, "untracked_mrr", "2023-12")),
        ("untracked MRR 2024-06", 3_833_405, headline(project, "untracked_mrr", "2024-06")),
        ("untracked MRR 2024-12", 10_259_509, headline(project, "untracked_mrr", "2024-12")),
        ("product-driven MRR of any month", 0, project.value(most)),
        ("every account's verdict", "untracked, crm_not_covered", project.value(verdicts)),
        ("12-month cohort, accounts", 185, retention(project, "starting_accounts")),
        ("12-month cohort, opening MRR", 1_262_113, retention(project, "starting_mrr")),
        ("12-month cohort, closing MRR", 3_700_623, retention(project, "ending_mrr")),
        ("12-month NRR", Decimal("2.932085"), retention(project, "nrr_ttm")),
        ("12-month GRR", Decimal("0.995900"), retention(project, "grr_ttm")),
    ]
    compare(say, "ravenstack", facts)

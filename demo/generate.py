"""Make the demo company: `python demo/generate.py` writes demo/data/*.parquet in seconds.

Everything follows from one seed, so two runs write the same bytes. Nothing is written again while
this code is unchanged, unless `--force` is given.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from company import (  # noqa: E402
    billing,
    crm,
    demand,
    dirt,
    losses,
    planted,
    planted_deals,
    product,
    raw,
    report,
    specials,
    spend,
)
from company.plan import plan_accounts  # noqa: E402
from company.when import first_day  # noqa: E402
from company.write import TYPES, write_parquet  # noqa: E402


def build_company() -> tuple[dict[str, list], list]:
    """All raw rows by relation, and the accounts they came from."""
    accounts = plan_accounts()
    fate = billing.Fate()
    for account in accounts:
        billing.bill(account, fate)
    specials.bend_timing(accounts)
    specials.switch_currency(accounts)
    specials.add_extras(accounts)
    losses.sign_late(accounts)
    product_log, crm_log = product.ProductLog(), crm.CrmLog()
    for account in accounts:
        product.live(account, product_log)
        crm.work(account, crm_log)
        report.act(account, product_log, crm_log, fate)
    workspaces = raw.account_rows(accounts, specials.families(accounts))
    workspaces += specials.duplicates(accounts, product_log, crm_log)
    workspaces += specials.own_workspaces(product_log)
    entitlements = raw.entitlement_rows(accounts)
    fx = raw.fx_rows()
    costs, months = raw.finance_rows(accounts, fx)
    rows = {
        "accounts": workspaces,
        "users": product_log.members,
        "events": product_log.events,
        "activities": crm_log.activities,
        "deals": crm_log.deals,
        "revenue": raw.revenue_rows(accounts, {row["workspace_id"] for row in entitlements}),
        "contracts": raw.contract_rows(accounts),
        "costs": costs,
        "spend": spend.spend_rows(accounts, fx),
        "months": months,
        "fx": fx,
        "entitlements": entitlements,
    }
    dirt.move_a_member(rows, accounts)
    dirt.lose_workspace_ids(rows)
    rows["events"].sort(key=lambda e: e[0])
    rows["events"] = [(*e, f"evt_{n:06d}") for n, e in enumerate(rows["events"], start=1)]
    dirt.spoil(rows, accounts)
    losses.lose_and_wait(accounts, crm_log)
    accounts += add_demand(rows, crm_log)
    return dict(zip(TYPES, rows.values(), strict=True)), accounts


def add_demand(rows: dict[str, list], crm_log: crm.CrmLog) -> list:
    """Those who came and did not buy, after everyone else, so that nobody's dice change."""
    scripted = planted_deals.plan_deals()
    accounts = demand.plan_demand() + scripted
    demand.number(accounts)
    product_log, fate = product.ProductLog(), billing.Fate()
    product_log.members = rows["users"]
    for account in accounts:
        billing.bill(account, fate)
        product.live(account, product_log)
        if account.paid_on:
            crm.work(account, crm_log)
        else:
            demand.pursue(account, crm_log)
        planted_deals.open_renewal(account, crm_log)
    known = len(rows["events"])
    product_log.events.sort(key=lambda e: e[0])
    rows["events"] += [(*e, f"evt_{n:06d}") for n, e in enumerate(product_log.events, known + 1)]
    rows["accounts"] += raw.account_rows(accounts, {})
    rows["revenue"] += raw.revenue_rows(accounts, set(), len(rows["revenue"]))
    rows["contracts"] += raw.contract_rows(accounts, len(rows["contracts"]))
    costs, _ = raw.finance_rows([a for a in scripted if a.paid_on], raw.fx_rows())
    rows["costs"] += [cost for cost in costs if cost["account_ref"]]
    return accounts


def planted_rows(accounts: list) -> list[dict]:
    """One row per planted case, with the account's id filled in."""
    ids = {account.plant: account.id for account in accounts if account.plant}
    cases = [
        (p.pattern, p.status, "account", ids[p.key], p.since, p.month, p.why)
        for p in planted.PLANTS + planted_deals.PLANTS
    ] + [(c[0], "flagged", *c[1:]) for c in planted.GROUP_CASES]
    names = ("pattern", "status", "entity_type", "entity_id", "since", "month", "why")
    rows = [dict(zip(names, case, strict=True)) for case in cases]
    for row in rows:
        row["since"] = first_day(row["since"]).isoformat()
        row["month"] = first_day(row["month"]).isoformat()
    return rows


def write_planted(rows: list[dict], path: Path) -> None:
    """The list of planted cases, kept in the repository."""
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def fingerprint() -> str:
    """Changes with this code and with DuckDB's version."""
    import duckdb

    digest = hashlib.sha256(duckdb.__version__.encode())
    for path in [Path(__file__), *sorted(HERE.glob("company/*.py"))]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def main() -> None:
    """Write the data unless it is up to date."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=HERE / "data", help="folder for the Parquet")
    parser.add_argument("--planted", type=Path, default=HERE / "planted.csv")
    parser.add_argument("--force", action="store_true", help="write even when up to date")
    options = parser.parse_args()
    stamp = options.out / "fingerprint.txt"
    if not options.force and stamp.exists() and stamp.read_text() == fingerprint():
        print("demo data: up to date")
        return
    if options.out == HERE / "data":
        # incremental models would keep rows that the new data no longer have
        for database in HERE.glob("plr_demo.duckdb*"):
            database.unlink()
    tables, accounts = build_company()
    write_parquet(tables, options.out)
    write_planted(planted_rows(accounts), options.planted)
    facts = planted_deals.fact_rows(accounts, tables)
    write_planted(facts, options.planted.with_name("planted_deals.csv"))
    stamp.write_text(fingerprint())
    print(", ".join(f"{name} {len(rows):,}" for name, rows in tables.items()))


if __name__ == "__main__":
    main()

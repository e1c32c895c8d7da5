"""What the demo shows, in one screen or two: `python demo/summary.py [database]` after a build.

Reads the marts straight from the DuckDB file; dbt is not started again.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

HERE = Path(__file__).resolve().parent
DATABASE = HERE / "plr_demo.duckdb"
WIDTH = 92

QUERIES = (
    (
        "Why is an account where it is?",
        "select account_name, origin_evidence, first_meaningful_activity_at,"
        " first_sales_contact_at\n"
        "from plr_account_origin where origin_is_sensitive",
    ),
    (
        "Where did this year's net new MRR come from?",
        "select origin, sum(new_mrr), sum(expansion_mrr), sum(churn_mrr)\n"
        "from plr_mrr_movements where month >= '2025-01-01' group by origin",
    ),
    (
        "Which rows were turned away?",
        'select relation, code, detail, "rows" from plr_quarantine order by 1, 2 limit 40',
    ),
)

STORIES = (
    ("bought alone", "origin = 'self_serve' and origin_evidence = 'activity_no_contact'"),
    ("product first, then a person", "origin = 'product_driven_sales_assisted'"),
    ("sold", "origin_evidence = 'contact_before_activity'"),
    ("same day: the product does not win", "origin_evidence = 'tie'"),
    ("a checkout is all there is", "origin_evidence = 'self_serve_purchase'"),
    ("the records start too late", "origin_evidence = 'left_censored'"),
)


def title(text: str) -> None:
    """A section's heading."""
    print(f"\n{text}\n{'-' * len(text)}")


def money(amount: object) -> str:
    """Whole dollars."""
    return f"${float(amount or 0):,.0f}"


def percent(share: object, digits: int = 1) -> str:
    """A share as percent; nothing to show is a dash."""
    return "-" if share is None else f"{100 * float(share):.{digits}f} %"


def show_product_driven(db: duckdb.DuckDBPyConnection, month: object) -> None:
    """MRR by origin in the latest complete month."""
    total = db.execute(
        "select customers, closing_mrr, arr, product_driven_mrr, product_driven_strict_mrr,"
        " product_driven_share, product_driven_share_of_tracked, data_confidence"
        " from plr_product_driven_revenue where month = ? and segment = 'all' and is_total",
        [month],
    ).fetchone()
    customers, closing, arr, driven, strict, share, tracked_share, confidence = total
    title(f"Product-driven revenue, {month:%B %Y}")
    print(f"{money(driven)} of {money(closing)} MRR is product-driven: {percent(share)}", end="")
    print(f" ({percent(tracked_share)} of what is tracked);")
    print(f"{money(strict)} of it from accounts that found value before they paid.")
    print(f"ARR {money(arr)}, {customers} customers, data confidence {confidence}.\n")
    rows = db.execute(
        "select origin, customers, closing_mrr from plr_product_driven_revenue"
        " where month = ? and segment = 'all' and not is_total order by closing_mrr desc",
        [month],
    ).fetchall()
    print(f"{'origin':<31}{'customers':>9}{'MRR':>12}{'share':>9}")
    for origin, count, mrr in rows:
        part = float(mrr / closing)
        bar = "#" * round(30 * part)
        print(f"{origin:<31}{count:>9}{money(mrr):>12}{percent(part):>9}  {bar}".rstrip())


def show_retention(db: duckdb.DuckDBPyConnection, month: object) -> None:
    """NRR and GRR by origin over the last twelve months."""
    title(f"Retention over the 12 months to {month:%B %Y}")
    rows = db.execute(
        "select if(scope = 'company', 'all customers', scope_value), starting_accounts,"
        " starting_mrr, nrr_ttm, grr_ttm, logo_retention_ttm, nrr_ci_low, nrr_ci_high, confidence"
        " from plr_retention_monthly"
        " where month = ? and scope in ('company', 'origin') and starting_accounts > 0"
        " order by scope = 'company', starting_mrr desc",
        [month],
    ).fetchall()
    print(f"{'origin, decided a year ago':<30}{'accounts':>9}{'start MRR':>11}", end="")
    print(f"{'NRR':>7}{'GRR':>7}{'logos':>7}{'NRR 95 %':>14}  confidence")
    for name, accounts, start, nrr, grr, logos, low, high, confidence in rows:
        shares = "".join(f"{percent(x, 0):>7}" for x in (nrr, grr, logos))
        between = "-" if low is None else f"{percent(low, 0)[:-2]} to {percent(high, 0)}"
        print(f"{name:<30}{accounts:>9}{money(start):>11}{shares}{between:>14}  {confidence}")
    print("Accounts are grouped by what was known then; an association, not a cause.")


def story(account: tuple) -> str:
    """What is known of an account, in the order in which it happened."""
    signed_up, proven, contact, precision, paid = account
    steps = [
        (signed_up, "signed up"),
        (proven, "value proven"),
        (contact, "contacted" + (" (a bare date)" if precision == "date" else "")),
        (paid, "paid"),
    ]
    known = sorted((f"{when:%Y-%m-%d}", n, what) for n, (when, what) in enumerate(steps) if when)
    return ", ".join(f"{what} {day}" for day, _, what in known)


def show_accounts(db: duckdb.DuckDBPyConnection) -> None:
    """One account for each kind of evidence, with its story."""
    title("A few accounts and their evidence")
    for label, condition in STORIES:
        found = db.execute(
            "select account_name, segment, current_mrr, origin, origin_evidence, signed_up_at,"
            " first_meaningful_activity_at, first_sales_contact_at, contact_precision,"
            f" first_paid_date from plr_account_origin where {condition}"
            " order by current_mrr desc, account_id limit 1"
        ).fetchone()
        if found:
            name, segment, mrr, origin, evidence, *rest = found
            print(f"{name}, {segment}, {money(mrr)} MRR: {label}")
            print(f"    {origin} ({evidence})")
            print(f"    {story(tuple(rest))}")


def show_quality(db: duckdb.DuckDBPyConnection) -> None:
    """What was counted, turned away and marked."""
    title("Data quality")
    rows_in, valid = db.execute(
        "select sum(rows_in), sum(valid_rows) from plr_data_quality where code = 'valid'"
    ).fetchone()
    print(f"{rows_in:,} rows in = {valid:,} valid + {rows_in - valid:,} quarantined. By code:\n")
    rows = db.execute(
        'select code, kind, sum("rows"), max(severity = \'fail\'), max(severity = \'warn\'),'
        " string_agg(distinct relation, ', ' order by relation)"
        " from plr_data_quality where code <> 'valid' group by 1, 2 order by 2, 3 desc, 1"
    ).fetchall()
    print(f"{'code':<20}{'kind':<12}{'rows':>6}  relations")
    for code, kind, count, fails, warns, relations in rows:
        mark = " FAIL" if fails else " WARN" if warns else ""
        room = WIDTH - 40 - len(mark)
        if len(relations) > room:
            names = relations.split(", ")
            relations = f"{', '.join(names[:2])} and {len(names) - 2} more"
        print(f"{code:<20}{kind:<12}{count:>6,}  {relations}{mark}")


def show_next(database: Path) -> None:
    """Where to look now."""
    title("Look further")
    here = Path.cwd()
    path = database.relative_to(here) if database.is_relative_to(here) else database
    print(f"Everything is in {path}. Open it with any DuckDB client, or from here:")
    command = f"import duckdb; duckdb.connect('{path}').sql('...').show()"
    print(f'\n  .venv/bin/python -c "{command}"')
    print("\nThree questions to begin with:")
    for question, query in QUERIES:
        print(f"\n  -- {question}")
        print("\n".join(f"  {line}" for line in query.splitlines()) + ";")
    print("\nCases planted on purpose, by account and month: demo/planted.csv")


def main(database: Path = DATABASE) -> int:
    """Print the summary, or say what is missing."""
    if not database.exists():
        print("No database yet: run `make demo` first.", file=sys.stderr)
        return 1
    with duckdb.connect(str(database), read_only=True) as db:
        month = db.execute("select max(month) from plr_product_driven_revenue").fetchone()[0]
        print("Kestrel, a made-up company that sells planning boards by the seat")
        show_product_driven(db, month)
        show_retention(db, month)
        show_accounts(db)
        show_quality(db)
    show_next(database)
    return 0


if __name__ == "__main__":
    sys.exit(main(*(Path(argument).resolve() for argument in sys.argv[1:2])))

"""What the demo shows, in two screens: `python demo/summary.py [database]` after a build.

Reads the marts straight from the DuckDB file; dbt is not started again.
"""

from __future__ import annotations

import sys
from pathlib import Path
from textwrap import wrap

import duckdb

HERE = Path(__file__).resolve().parent
DATABASE = HERE / "plr_demo.duckdb"
WIDTH = 92

QUERIES = (
    (
        "Where did this year's net new MRR come from?",
        "select origin, sum(new_mrr), sum(expansion_mrr), sum(churn_mrr)\n"
        "from plr_mrr_movements where month >= '2025-01-01' group by origin",
    ),
)

STORIES = (
    ("bought alone", "origin = 'self_serve' and origin_evidence = 'activity_no_contact'"),
    ("product first, then a person", "origin = 'product_driven_sales_assisted'"),
    ("same day: the product does not win", "origin_evidence = 'tie'"),
)

# What the answer to each question of the Quick Test counts.
ANSWERS = {
    1: "{} is started by the product",
    2: "{} of them were met before a flag",
    3: "{} wait without an offer",
    4: "{} of MRR no longer does",
    5: "borrowed NRR is {}",
    6: "stages behind its ARR: {}",
    7: "by {} per employee in a year",
}


# What a flag of each pattern should have seen coming.
FORETOLD = {
    "hollow_usage": ("contraction_or_churn", "lost MRR"),
    "expansion_orphans": ("expansion", "expanded"),
    "conversion_black_holes": ("conversion", "paid"),
}

# Whose spend it is.
GROUPS = {
    "company": "in all",
    "product_led": "where the product does it",
    "sales_led": "where sales does it",
}


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
        " product_driven_share, product_driven_share_of_tracked, data_confidence,"
        " confidence_reason"
        " from plr_product_driven_revenue where month = ? and segment = 'all' and is_total",
        [month],
    ).fetchone()
    customers, closing, arr, driven, strict, share, tracked_share, *trust = total
    title(f"Product-driven revenue, {month:%B %Y}")
    print(f"{money(driven)} of {money(closing)} MRR is product-driven: {percent(share)}", end="")
    print(f" ({percent(tracked_share)} of what is tracked);")
    print(f"{money(strict)} of it from accounts that found value before they paid.")
    print(f"ARR {money(arr)}, {customers} customers, data confidence {trust[0]} ({trust[1]}).\n")
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
    show_sensitivity(db, month)


def show_sensitivity(db: duckdb.DuckDBPyConnection, month: object) -> None:
    """The definition that the headline hangs on most."""
    scenario, share, accounts, flipped = db.execute(
        "select scenario, product_driven_share, accounts_flipped, mrr_flipped"
        " from plr_origin_sensitivity where month = ? and scenario <> 'headline'"
        " order by abs(change_in_share) desc nulls last, mrr_flipped desc nulls last, scenario"
        " limit 1",
        [month],
    ).fetchone()
    print(f"What moves it most: {scenario} would make it {percent(share)}", end="")
    print(f" ({accounts} accounts, {money(flipped)} MRR).")


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
    print(f"{'origin, decided a year ago':<30}{'accounts':>8}{'start MRR':>10}", end="")
    print(f"{'NRR':>6}{'GRR':>6}{'logos':>6}{'NRR 95 %':>14}  confidence")
    for name, accounts, start, nrr, grr, logos, low, high, confidence in rows:
        shares = "".join(f"{percent(x, 0):>6}" for x in (nrr, grr, logos))
        between = "-" if low is None else f"{percent(low, 0)[:-2]} to {percent(high, 0)}"
        print(f"{name:<30}{accounts:>8}{money(start):>10}{shares}{between:>14}  {confidence}")
    show_one_mix(db, month)
    print("Accounts are grouped by what was known then; an association, not a cause.")


def show_one_mix(db: duckdb.DuckDBPyConnection, month: object) -> None:
    """NRR of the two origins with the same mix of segments and sizes, where they share enough."""
    rows = db.execute(
        "select origin_group, adjusted_value, common_support_share from plr_origin_comparison"
        " where month = ? and metric = 'nrr' and adjusted_value is not null"
        " and origin_group <> 'difference' order by origin_group",
        [month],
    ).fetchall()
    if rows:
        values = ", ".join(f"{name} {percent(value, 0)}" for name, value, _ in rows)
        print(f"NRR, one mix of segment and size ({percent(rows[0][2], 0)} of MRR): {values}")
    found = db.execute(
        "select coalesce(adjusted_value, value), if(adjusted_value is null, ci_low,"
        " adjusted_ci_low), if(adjusted_value is null, ci_high, adjusted_ci_high)"
        " from plr_origin_comparison"
        " where month = ? and metric = 'nrr' and origin_group = 'difference' and value is not null",
        [month],
    ).fetchone()
    if found and found[1] is not None:
        apart, low, high = (f"{100 * float(x):+.0f}" for x in found)
        is_told = float(found[1]) > 0 or float(found[2]) < 0
        print(f"NRR, product-driven less sales-originated: {apart} points ({low} to {high}),")
        print("which is more than chance." if is_told else "which can't be told from zero.")


def show_index(db: duckdb.DuckDBPyConnection, month: object) -> None:
    """Who started the revenue events of twelve months, by stage, and the PLR index."""
    title(f"Who started revenue in the 12 months to {month:%B %Y}")
    rows = db.execute(
        "select stage, n_events, total_amount, product_started_share, product_carried_share,"
        " human_started_share, coverage_share, plr_index, weighed_stages, left_out_stages"
        " from plr_index_monthly"
        " where month = ? and scope = 'company' and n_events > 0"
        " order by case stage when 'acquisition' then 1 when 'conversion' then 2"
        " when 'expansion' then 3 when 'retention' then 4 when 'reactivation' then 5 else 6 end",
        [month],
    ).fetchall()
    print(f"{'stage':<14}{'events':>7}{'MRR':>12}", end="")
    print(f"{'product started':>17}{'carried':>9}{'people':>8}{'coverage':>10}{'index':>7}")
    weighed, left_out = None, None
    for stage, events, amount, started, carried, human, coverage, index, *stages in rows:
        shares = f"{percent(started, 0):>17}{percent(carried, 0):>9}{percent(human, 0):>8}"
        last = "-" if index is None else f"{index:.0f}"
        name, mrr = ("index", "") if stage == "all" else (stage, money(amount))
        if stage == "all":
            weighed, left_out = stages
        print(f"{name:<14}{events:>7}{mrr:>12}{shares}{percent(coverage, 0):>10}{last:>7}")
    print(
        "Carried counts half of what the product starts and people finish. The index is the mean of"
    )
    print(f"stages: {weighed or 'none'}; left out: {left_out or 'none'}.")


def show_patterns(db: duckdb.DuckDBPyConnection, month: object) -> None:
    """Where the six patterns are flagged, the money, and the largest case of each on accounts."""
    title(f"Patterns flagged in {month:%B %Y}")
    flagged = "from plr_pattern_flags where month = ? and status = 'flagged'"
    rows = db.execute(
        "select pattern, if(entity_type = 'account', count(*) || ' accounts', max(entity_id)),"
        " sum(amount_at_stake), any_value(amount_unit), max(months_flagged_streak)"
        f" {flagged} group by pattern, entity_type, if(entity_type = 'account', '', entity_id)"
        " order by entity_type <> 'account', 3 desc",
        [month],
    ).fetchall()
    print(f"{'pattern':<26}{'where':<16}{'at stake':>14}{'months running':>18}")
    for pattern, where, amount, unit, streak in rows:
        stake = f"{float(amount):.0f} people" if unit == "fte" else f"{money(amount)} MRR"
        print(f"{pattern:<26}{where:<16}{stake:>14}{streak:>18}")
    print("Each pattern has its own kind of money, possible or at risk: don't add them up.")
    show_backtest(db)
    print()
    rows = db.execute(
        "select pattern, entity_id, entity_name, evidence_summary from ("
        "select *, row_number() over (partition by pattern order by amount_at_stake desc) as place"
        f" {flagged} and entity_type = 'account') where place = 1 order by amount_at_stake desc",
        [month],
    ).fetchall()
    for pattern, account_id, name, evidence in rows:
        print(f"{name} ({account_id}): {pattern}")
        print("\n".join(wrap(evidence, WIDTH, initial_indent="    ", subsequent_indent="    ")))


def show_backtest(db: duckdb.DuckDBPyConnection) -> None:
    """What came of the flags on accounts of half a year ago and more, beside clear accounts."""
    said, most = [], 0
    for pattern, (outcome, verb) in FORETOLD.items():
        flags, came, expected = db.execute(
            "select coalesce(sum(episodes), 0), coalesce(sum(outcomes), 0),"
            " coalesce(sum(base_outcomes), 0) from plr_pattern_backtest where pattern = ?"
            " and outcome = ? and status = 'flagged' and horizon_months = 6",
            [pattern, outcome],
        ).fetchone()
        said.append(f"{pattern} {came} of {flags} {verb} ({expected:.1f})")
        most = max(most, flags)
    few = ": too few" if most < 10 else ""
    told = f"Within six months of a flag (clear accounts): {', '.join(said)}{few}."
    print("\n".join(wrap(told, WIDTH)))


FEWEST = 10  # deals for a rate


def show_demand(db: duckdb.DuckDBPyConnection, month: object) -> None:
    """Whom the product brings, which renewals are unproven, and what winning a customer costs."""
    title(f"Demand and renewals, {month:%B %Y}")
    rows = db.execute(
        "select sequence_at_open, sum(opened), sum(won), sum(lost), sum(still_open),"
        " sum(won) filter (is_decided), sum(won + lost) filter (is_decided),"
        " sum(pipeline_mrr), sum(won_mrr) from plr_pipeline"
        " where segment = 'all' and opportunity_type = 'new_business'"
        " and opened_month > ? - interval 12 month group by 1"
        " order by sequence_at_open = 'all', 2 desc",
        [month],
    ).fetchall()
    print(f"{'new business of 12 months':<30}{'opened':>7}{'won':>5}{'lost':>6}{'open':>6}", end="")
    print(f"{'win rate':>10}{'pipeline MRR':>14}{'won MRR':>11}")
    for first, opened, won, lost, still_open, won_then, decided, pipeline, won_mrr in rows:
        # of months whose deals are decided: those that win fast would count before slow losers
        rate = percent(won_then / decided if (decided or 0) >= FEWEST else None, 0)
        print(f"{first:<30}{opened:>7}{won:>5}{lost:>6}{still_open:>6}", end="")
        print(f"{rate:>10}{money(pipeline):>14}{money(won_mrr):>11}")
    qualified, paid, contacted, contacted_paid = db.execute(
        "select sum(value_before_contact), sum(paid_after_value), sum(contacted_before_value),"
        " sum(paid_after_contact) from plr_pql_funnel where segment = 'all'"
        " and acquisition_channel = 'all' and horizon_days = 90 and is_horizon_over"
    ).fetchone()
    print(
        f"Within 90 days of sign-up {qualified:,} accounts found value before any call, and", end=""
    )
    print(f" {percent(paid / qualified, 0)} paid;")
    print(f"{contacted:,} were called first, and {percent(contacted_paid / contacted, 0)} paid.")
    terms, mrr, at_risk, mrr_at_risk = db.execute(
        "select count(*), sum(prior_mrr), count_if(is_at_risk), sum(mrr_at_risk)"
        " from plr_renewals where outcome = 'open'"
    ).fetchone()
    print(f"{terms} terms ({money(mrr)} MRR) end within 180 days;", end="")
    print(f" {at_risk} of them ({money(mrr_at_risk)})")
    print("are past notice, and no value was seen before it.")
    costs = db.execute(
        "select growth_group, cac, payback_months from plr_growth_efficiency"
        " where month = ? and acquisition_channel = 'all' and cac is not null order by 1",
        [month],
    ).fetchall()
    paid_back = [f"{money(cac)} {GROUPS[group]} ({payback:.0f})" for group, cac, payback in costs]
    told = f"Winning a customer costs (months to pay it back): {', '.join(paid_back)}."
    print("\n".join(wrap(told, WIDTH)))


def show_quick_test(db: duckdb.DuckDBPyConnection, month: object) -> None:
    """Seven questions, up to two points each."""
    rows = db.execute(
        "select question_no, question, answer, points, verdict, measure_value, heaviest_pattern"
        " from plr_quick_test where month = ? order by question_no",
        [month],
    ).fetchall()
    (_, _, _, points, verdict, score, heaviest), *questions = rows
    title(f"The Quick Test, {month:%B %Y}")
    for number, question, answer, earned, *_ in questions:
        mark, said = ("-     ", answer)
        if earned is not None:
            mark, said = f"{earned} of 2", ANSWERS[number].format(answer)
        print(f"{number}  {question:<44}{mark}   {said}")
    total = "too few answers" if score is None else f"{score:.0f} of 100 ({points} points)"
    print(f"Score {total}: {verdict}." + (f" Weakest: {heaviest}." if heaviest else ""))


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
    print(f"{rows_in:,} rows in = {valid:,} valid + {rows_in - valid:,} quarantined. Found were:")
    rows = db.execute(
        "select kind, sum(\"rows\"), max(severity = 'fail'), max(severity = 'warn'),"
        " string_agg(distinct code, ', ' order by code)"
        " from plr_data_quality where code <> 'valid' group by 1 order by 2 desc"
    ).fetchall()
    for kind, count, fails, warns, codes in rows:
        mark = " FAIL" if fails else " WARN" if warns else ""
        if len(codes) > WIDTH - 20 - len(mark):
            names = codes.split(", ")
            codes = f"{', '.join(names[:3])} and {len(names) - 3} more"
        print(f"{kind:<12}{count:>6,}  {codes}{mark}")


def show_next(database: Path) -> None:
    """Where to look now."""
    title("Look further")
    here = Path.cwd()
    path = database.relative_to(here) if database.is_relative_to(here) else database
    print(f"Everything is in {path}. Open it with any DuckDB client, or from here:")
    command = f"import duckdb; duckdb.connect('{path}').sql('...').show()"
    print(f'\n  .venv/bin/python -c "{command}"')
    for question, query in QUERIES:
        print(f"\n  -- {question}")
        print("\n".join(f"  {line}" for line in query.splitlines()) + ";")
    print("\nThe same as pages for five readers, demo/report/board_pack.html first: make report")
    print("One account's history, line by line: make story ACCOUNT=ws_0206")
    print("Cases planted on purpose, and what else is flagged: demo/planted.csv, unplanned.csv")


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
        show_index(db, month)
        show_patterns(db, month)
        show_demand(db, month)
        show_quick_test(db, month)
        show_accounts(db)
        show_quality(db)
    show_next(database)
    return 0


if __name__ == "__main__":
    sys.exit(main(*(Path(argument).resolve() for argument in sys.argv[1:2])))

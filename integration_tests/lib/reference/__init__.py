"""A second, independent implementation of the product-led revenue definitions, in plain Python.

It is written from the specification alone and never from the package's SQL, so that the two can
be compared on the same inputs. Clarity goes before speed: brute force per account, no sweep.

    from reference import compute
    marts = compute(inputs, rules, {"plr_as_of_date": "2024-12-31"})
    marts["plr_account_origin"]  # list of rows

`inputs` maps a relation to its delivered rows; a relation that is absent is switched off.
`rules` holds plr_event_roles, plr_activity_rules, plr_contact_rules and
plr_stage_expectations; the last two have defaults.
`config` holds vars by their full names; missing ones take the package's defaults.

Readings
--------
Where the specification leaves room, the plainest meaning was taken.

Staging
 1. Duplicates are judged among the rows that have no earlier code.
 2. A line_type or cost_type outside its list is null, hence null_key. Blanks around text are
    spaces. A user's rules name teams by their aliases, too. Any activity_type and any metric is
    known; words of rejected rows are listed, but only those of valid rows are unknown_word.
 3. null_time is a null required timestamp, date or month, part of the key or not. null_key comes
    first, so a row that lacks a key or a required value and also a time is null_key.
 4. Month columns are truncated and snapshots' subscription_id is filled before anything else;
    other defaults (event_count 1, is_internal false …) are applied only after duplicates.
 5. Costs are unique by account, month and cost_type; users' null valid_from equals itself.
 6. Only recurring, proration and credit lines can be bad_interval or empty_interval, or have a
    nonpositive_rate, whatever the usage var says; a usage line that covers no time carries nothing.
    Where the var counts usage, its subscription and dates are required.
 7. list_mrr, seats, cogs and recognized_revenue have no sign rule.
 8. future_dated compares the delivered UTC date with the as-of date, also for date-only CRM rows.
 9. accounts: null_key, duplicate_key, merge_cycle, internal. Depth is the number of hops to the
    survivor; an account more than 10 hops away is merge_cycle, those nearer are not.
101. A merge points somewhere if the id it names is an account or stands in a link, on either side.
    Links come after all merges. Of ids that lead to one that accounts lacks, the account nearest to
    it survives, then the least id; where no account leads there, none of them is known. A circle
    longer than plr_max_merge_depth + 1 steps is a merge_cycle, whatever it is made of.
10. A merged-away account row is valid; it is internal when its survivor is. Survivor attributes
    are not filled from merged rows, only signed_up_at and created_at are the least of all.
11. Internal user = any delivered users row of that user_id with is_internal, whatever else is
    wrong with it; all users rows of that user are then `internal`.
12. A users row of an internal account still resolves (the event is then internal), and so does an
    opportunity of an internal account for an activity. Rows with any other code resolve nothing.
13. An event with an unknown account_id is unmapped_account even if its user is known. Membership
    is judged at occurred_at as delivered, also for date-only events; the accounts are counted
    after merges.
14. An activity's own account, when known, wins over its opportunity's. It is never
    unmapped_account.
15. A parent is resolved through merges; internal and quarantined parents are unknown; the climb
    stops before revisiting an account. A family is the accounts with the same ultimate parent.
    With plr_activity_scope family the group and first event reported are those of the member whose
    activity has the least lo, then group, then first event.
16. A shared cost (null account) is always mapped and never internal.

89. A required time or month before 1990 rejects the row, others are dropped, but for revenue's. The
    CRM's amounts are dropped where they cannot be true. loaded_at only tells copies apart: it is
    taken as it is. Values are dropped before copies are compared. Whole numbers are amounts, too:
    from 2^31 − 1 on they are none.
90. Who paid before the history began has paid before any opportunity. The last month-end before
    created_at is the last that the months of revenue have.

Activity
17. Null minimums are 1, a null operator is `all`, a null anchor rolling, a null is_active
    inactive. Rules that are switched off are asked for their id only. No active rule raises
    no_activity_rules.
18. A null sign-up is replaced by the lo of the account's first non-automated event of any name,
    role ignore included. A rule that names an ignored event counts it.
19. The sign-up window holds the same events in both passes; only when they enter differs. An
    event outside the sign-up window never meets the rule.
20. The winning group has the least lo (then the smallest id) even if its hi comes from another
    group. first_qualifying_event_at is the lo of the earliest event in the lo pass.
21. A role's rows decide: a listed name is usage only if a row says so.

Contact
22. `unknown` is understood in actor_team only. A null duration fails a minimum above 0.
23. An unmatched activity is a contact whether automated or not; contact_unmatched counts
    completed ones. backdated_activity counts any status and compares the delivered stamps.
24. A meeting is booked before if the lo of created_at is earlier than its lo.
25. is_contact_backdated is false without a contact and for opportunities.
26. Logged contact time is created_at (midnight is date-only), occurred_at when that is null;
    it may lie after the as-of date.

Origin
27. S_lo and S_hi are the least lo and the least hi, taken separately like C's.
28. Outcome 6 is always no_evidence; coverage is asked of outcomes 1 to 5 only.
29. A CRM feed without a valid crm_activities row never covers, even if opportunities have rows
    (leaving activities out must not make revenue product-driven). Its start is the earliest valid
    row of both, any status or team, and the lo of it. Automated events count for the event feed.
30. Everything else equal, ambiguous resolved to the product under an unknown R follows the first
    data month's end too.
31. A positive-MRR day has a total of at least 0.005 at the month's rate (a currency without one:
    latest earlier rate, else left out). A bridged gap's days count.
32. Trial days are taken after the overlap policy and across the account's subscriptions.
33. Strict is NULL for prospects and whenever R is unknown; sensitive is false for prospects;
    current_mrr of a prospect is 0.
34. `first data month` is the month of the company's earliest valid revenue row, trials and
    one-time lines included.
35. A won deal needs is_won and closed_at up to the as-of date; is_closed is not asked. Prospects
    have deals too. A midnight closed_at is date-only; the day is the delivered one.
36. A deal's amount is NULL if neither its month nor an earlier one has a rate; a null currency
    is the reporting currency.

MRR
37. A row for the reporting currency in fx_rates is not used; its rate is always 1.
38. missing_fx is raised for month-end MRR only: a complete month, a local total not 0 (half of a
    millionth counts as 0), an account that is not internal.
39. missing_snapshot_month looks at valid rows.
40. Subscriptions are identified by resolved account and subscription_id, in any currency.
41. Months run to the last complete month, for snapshots not past the last loaded one.
42. A total of −0.005 or less is clamped and counted; anything nearer to 0 is the zero band.
43. Bridging looks at lines that carry MRR, of any amount, but not at goodwill credits. A gap ends
    at the next line up to the as-of date, else at as-of + 1. A subscription was new when its first
    line began; a bridge is no trial.
44. Under truncate every period, trials too, ends at the next valid_from of its subscription; of
    equal ones the greatest id stays. overlapping_period is counted under both policies. Discount
    items have no seats.
45. intra_month: a valid paid row with positive MRR that, after bridging or truncation, covers the
    end of a day but of no month, and lies inside one month of the marts.

Invoice lines
83. One order decides what is known of whom: start, then the later end, then credits before the
    charges of the same interval. A credit is measured against lines of its own currency; of those
    that begin with it, against what outlasts it. A goodwill credit is no line of anybody's.
84. Lines with service_months, or of a steady cadence, are measured by these alone, credits too.
    Cadence and bases look at line_type recurring in any currency; a base is no credit, and its own
    months are (a), (b), (c) or (e). A base of the line's currency comes first; rates are amounts
    by time, credits' without their sign.
85. Half a day and more of a cadence's length is a whole day; runs shorter than that are none.
86. A credit that nothing but its own interval's lines stand beside is measured as (d), (c), (e),
    and never goodwill. Of credits of one interval, some fitting by time, charges go by time.
87. Free recurring lines are the account's, before its first paid recurring line, from which the
    longest trial counts back; what bridges a gap is no trial. A same-day recurring line ends whole
    months, then a part of the next, later.
88. The seats of a line with a negative amount are given back; a discount's (recurring) and a
    goodwill credit's are unknown.

Marts
46. The first data month of an incomplete history has no movement and no revenue row and is left
    out of the trailing sum; it does serve as base of retention twelve months later.
47. Shares on is_total rows are the three of product-driven and untracked; the run-level columns
    are on every row. The trailing sum follows one segment and origin.
48. The evidence of an account whose origin fails coverage is the instant it would have been decided
    by, the day of payment left aside: it counts by the base month's last instant. Cohort groups are
    taken at the cohort month; accounts with unknown R have no cohort.
49. An empty closed cohort has 0 accounts and MRR, NULL ratios, contribution 0 (NULL when the
    company's is empty too) and confidence very_low.

Quality
50. All relations have a `valid` row, those switched off with 0 rows and a NULL share.
51. Severity goes by each code's own share. Structural codes: fail if required, warn, else info;
    identity and duplicates: warn above plr_identity_low_share, else info; rejected_money and
    overlapping_period likewise by their own vars; stale_feed, tracking_break, empty_feed,
    revenue_break and ends_look_inclusive warn; merge_cycle always fails; the rest is info.
52. A relation's structural share sums its codes; the worst is sought among all relations.
53. stale_feed is one row on crm_activities (both CRM relations together) or product_events, by
    whole days; a feed without a valid row is not stale, nor are opportunities without activities.
54. tracking_break counts complete months whose value events (not automated, event_count summed)
    are at most half of the month before.
89. rejected_money is one row of revenue: its rows are those of a structural or identity code with
    an amount that is not 0, its share their money in that of all delivered rows, amounts without
    sign and as delivered, whatever the currency; trials carry none, a line of an unreadable type
    may.
90. A required feed without a valid row is empty. One that is empty and has future_dated rows lies
    after the as-of day.
91. confidence_reason is that of the first trigger in the order of the list, its first relation by
    name. A month's own confidence speaks only where it is worse than the run's; its untracked
    share is the company's.
92. A revenue_break compares the last two months of the marts. Pairs of ends_look_inclusive follow
    one another by start, end and id; rows with a negative amount and those that carry no MRR are
    left out, an open end leaves no gap.
93. Revenue that begins after plr_revenue_complete_through is future_dated.

Motion
55. A touch is any completed activity (a booking at its booking) and an opportunity's creation by
    a team that counts; with plr_opportunity_is_contact off no creation is a touch.
56. Touches are the account's own; acquisition's C and had_prior_contact follow the contact scope.
57. Daily rises are compared at six decimals. The month's first day is compared with the day
    before, at the same rate.
58. A retention event has precision `day` under every revenue shape.
59. The age of an opportunity counts from the UTC date of its creation's lo. One that is closed
    after the as-of date is open.
60. Rows of acquisition carry no human touch, no id and no team; window_start is NULL. Classified
    events are those the table of initiations is put to, unobserved or not: not what is too small,
    nor a first deal. What is too small shows the touches in its window.
61. Amounts of the index pool what has an amount; a stage weighs only if its observed amount is
    not 0. A stage the weights do not name weighs 0, but counts.

Account months
62. Quarters count every event of the calendar months, those before the marts' first month too.
63. Of two entitlements of the same day the greater one counts. Seats billed are those of the
    pieces left by the overlap policy.
64. is_* columns of Expansion Orphans are NULL when they cannot be computed; is_earned is never
    NULL. A row that is not eligible shows what was measured, has no reason and is not earned.
65. expansion_rate stands on every row. The company's median needs as many movements as a
    segment's; by movement label, in constant currency.
66. The quiet period and the 90 days before M start at the same midnight; a CRM feed that starts
    with it covers it.
67. A feed's newest row is the lo of any valid row; staleness itself goes by delivered days.

Motion of an account
68. Opportunities move whoever created them, until closing or plr_open_opportunity_days × 24 h;
    closed before it was created is only its creation.

Patterns
69. days_waiting and first_meaningful_activity_at are shown once A_lo ≤ M's end, for payers too.
    had_prior_contact is NULL before. Segment rows and account rows leave each other's columns
    NULL. value_events sums event_count.
70. A renewal whose amounts cannot be compared for lack of a rate is not lower.
71. Cost types outside plr_cogs_cost_types are no costs, so a month with only such rows is
    unknown; cost to serve asks for any cost row, then sums its two types.
72. One amount without any rate makes the month unknown to every account and segment. A company
    without MRR passes no shared costs on.
73. is_raw is false where something is missing; it does not ask for 22 month-ends.
74. accounts_at_stake counts those that have expansion in TTM, on flagged and watch rows only.
75. Drift has rows for months with a movement row. Without a metric operating stage and gap are
    NULL. If no stage holds, the lowest operates. An operating stage above the actual one gives a
    negative gap.
76. Product-Passive Growth: n_observed is 0 without events; touches_per_event divides by it;
    arr_year_ago is NULL when nobody paid. A flagged account counts in its segment and in the
    company, a flagged segment of Black Holes likewise; Borrowed NRR and drift in their own scope.

Board
77. Rows exist for every month. Closing MRR and customers are month-end MRR, in the first month
    of an incomplete history too.
78. Quick Test: numerator and denominator are of questions 2 (streaks caught, decided), 3, 4 and 7
    (rise, RPE a year ago), also where too few are asked; on row 0 points and twice the
    answered ones. Row 0 has NULL points when nothing is answered.

Comparison
79. A tercile orders by MRR at six decimals. Suppressed rows keep numerator, denominator and
    common_support_share; the metrics without adjustment have no share.
80. new_mrr_per_human_touch counts touches up to the end of the first paid day, where that is
    unknown of the first data month; those of prospects by what came first by the month's end, ties
    by the policy, without evidence as undecided. Its n are those who bought.
81. Scenarios look at the accounts that pay in the latest month.

83. A difference has rows for the four cohort metrics where both groups have accounts; its n is of
    both, its confidence that of the smaller. An adjusted interval rests on linearised errors, of
    logos and the expansion rate too; a standard error under 1e-9 is 0.

Streaks, ramps and missing value
84. A streak is caught where, in a month from which it may be flagged or in the one that ended it,
    the last motion lies within the quiet days and the verdict is clear or watch.
85. The ramp begins with the first event that no robot made, of any name. The expansion's own day
    counts its limit events.
86. Tenure is the days from the first paid date, where that is unknown from the end of the first
    data month, to the month's last day. Events cover the days they are asked about from the first
    one on, up to the month's end or, when stale, not past their last row.

Renewals
94. A term is judged by the MRR at the end of the month of its term_end, in an incomplete history
    not before its first month. What is signed later is late, whoever pays.
95. Value is looked for from midnight to midnight, up to the as-of day's end; last_value_at goes
    back without end. The first term is the least term_start of those signed by the month-end.
96. The window of a term that was not renewed in time lies around its term_end, after the last
    retention event before it; such a term uses nothing up. A first mover is judged by the table of
    initiations on what is seen so far.
97. is_at_risk is NULL where only the value is not known. Terms of unknown value are in the
    denominator of renewals_with_value_share alone; retained are renewed and rolled over.

Growth
98. Acquisition costs of one key are all valid. An unlisted spent_on is shared; a type that is not
    listed rejects. A channel named all is an error.
99. plr_growth_efficiency has rows from the first month with valid costs on. A year is the months
    available to the marts, of costs too; months without any row, or with one without a rate, lack
    their cost for every group and channel. Channels are those that valid costs name.
100. Sales-led are those with a sales contact up to the end of the first paid day. Payback is NULL
    where the margin is not above 0.

Later deals
82. The evidence of an unobserved deal is `unobserved`. Its own opportunity counts at its own
    date, whatever its window.

Demand
94. Days before a deal are counted from the midnight of its creation's UTC date; a streak that runs
    then counts, an opportunity opened before does not. Value is a start of a return only after a
    churn of an earlier month. A deal is closed by closed_at alone, and won if it says so, too.
95. An open deal converts at the month in which it was opened. initiation is of later won deals.
96. plr_pipeline: deals not covered stand in rows of sequence `all` only, and there in opened and
    not_covered alone. Too many open is asked of all covered deals of the month, one answer for all
    rows of it. mean_won_mrr is of won deals with an amount; shares of what the product opened stand
    in rows of sequence `all`.
97. plr_pql_funnel: signed up the day of the first payment is not after it. No row says what came
    first of its accounts, so that each counts its own not covered. A row's horizon ends as many
    days after the last of its month. Medians are NULL before that, too. An account without a
    channel is of channel `unknown`. A snapshot's horizon is longer than 30 days.

Value events
101. An account's window opens at the lo of its first event of any name that no robot made, and
    holds what has its lo in it; an event is reached at its lo and at its hi each by its own order.
    Coverage is asked of the first event and of a contact in the window; without it an account is
    in not_covered alone, which is of both halves. Paid by the window's end is paid on a day whose
    midnight lies before it; nobody of unknown first payment is asked.
102. Halves are those of the accounts asked, by first event and id, the older one the larger.
    Who paid in the window is newer if after the last of the older half. Contacts after the 180
    days are not seen. Retained are those of the converted of whom the twelfth month-end after that
    of the first payment is known. Names are those seen in anybody's first days, with their volume
    there, every one with all numbers and windows.

Backtest
103. A streak is of one status and one reason; not_eligible and insufficient_data are no verdicts,
    a month without a row ends a streak. Outcomes are movements by their label, small ones too;
    a conversion with plr_activity_scope family is that of whoever of the family pays first.
104. An episode counts in every number but open_episodes once its horizon is over. The base rate is
    the mean, over the episodes in whose month any account was clear, of that month's.
105. Acted on is what saw a motion, or one that still ran, after the month's end and by the end of
    the outcome's month, without one by the horizon's; a movement of revenue is no act.
106. Recall is the pattern's, of flags of any reason, in its flagged rows alone. MRR is that at the
    month's end, of Conversion Black Holes what a first payment usually is.
"""

from __future__ import annotations

from typing import Any

from .activity import Roles, read_rules
from .architecture_drift import ArchitectureDrift, read_stages
from .backtest import Backtest
from .black_holes import BlackHoles
from .board import Board
from .borrowed_nrr import BorrowedNrr
from .comparison import comparison_rows
from .config import DEFAULT_CONTACT_RULES, Config
from .contact import find_contacts
from .contract import Row
from .costs import Costs
from .deals import deal_rows, name_types
from .events import Events
from .expansion_orphans import ExpansionOrphans
from .facts import Facts
from .flags import flag_rows, flagged_scopes
from .funnel import funnel_rows
from .growth_efficiency import GrowthEfficiency
from .hollow_usage import HollowUsage
from .index import Index
from .initiation import Initiations
from .invoices import service_months
from .motion import Motion
from .openings import Openings
from .origin import Origins, origin_row
from .passive_growth import PassiveGrowth
from .pipeline import pipeline_rows
from .product_driven import product_driven_rows
from .quality import Quality
from .quick_test import QuickTest
from .refusals import InputError, check_rules
from .renewal_outcomes import RenewalOutcomes
from .renewals import Contracts
from .retention import cohort_rows, retention_rows
from .revenue import build_revenue, find_movements, movement_rows
from .sensitivity import sensitivity_rows
from .staging import stage
from .usage import Usage
from .value_events import candidate_rows
from .words import word_rows

__all__ = ["DEFAULT_CONTACT_RULES", "Config", "InputError", "compute", "service_months"]


def compute(
    inputs: dict[str, list[Row]], rules: dict[str, list[Row]], config: dict[str, Any]
) -> dict[str, list[Row]]:
    """Every mart by name."""
    settings = Config.of(config)
    check_rules(rules)
    activity_rules = read_rules(rules.get("plr_activity_rules") or [])
    contact_rules = rules.get("plr_contact_rules")
    roles = Roles(rules.get("plr_event_roles") or [])

    staged = stage(inputs, settings)
    revenue = build_revenue(staged, settings)
    name_types(staged, revenue)
    contacts = find_contacts(
        staged, DEFAULT_CONTACT_RULES if contact_rules is None else contact_rules, settings
    )
    quality = Quality(staged, revenue, contacts, roles, settings)
    origins = Origins(staged, revenue, contacts, activity_rules, roles, settings)

    found = {a: origins.of_account(account) for a, account in sorted(staged.accounts.items())}
    movements = find_movements(revenue)
    origin_of = {account: f.verdict.origin for account, f in found.items()}
    trust = quality.trust
    unmapped = quality.share("crm_activities", "unmapped_activity")

    retention = retention_rows(revenue, movements, found, settings)

    facts = Facts(staged, revenue, contacts, movements, origins, found, roles, settings)
    contracts = Contracts(staged.valid["contracts"], revenue.rates)
    usage = Usage(facts, rules.get("plr_event_roles") or [])
    initiations = Initiations(facts, usage)
    events = Events(facts, contracts, initiations)
    openings = Openings(facts, events, initiations).all
    index = Index(facts, events)
    qualified = events.qualified_expansions()
    driven = product_driven_rows(movements, found, qualified, unmapped, trust, settings)
    motion = Motion(facts, events)
    hollow = HollowUsage(facts, usage, contracts)
    orphans = ExpansionOrphans(facts, usage, motion, contracts, hollow)
    black_holes = BlackHoles(facts, usage, motion, events)
    costs = Costs(facts)
    borrowed = BorrowedNrr(facts, contracts, costs, retention)
    drift = ArchitectureDrift(facts, costs, index, read_stages(rules.get("plr_stage_expectations")))
    patterns = {
        "expansion_orphans": orphans.rows,
        "conversion_black_holes": black_holes.rows,
        "hollow_usage": hollow.rows,
        "borrowed_nrr": borrowed.rows,
        "architecture_drift": drift.rows,
    }
    passive = PassiveGrowth(facts, usage, costs, index, flagged_scopes(patterns))
    patterns["product_passive_growth"] = passive.rows
    renewals = RenewalOutcomes(facts, usage, contracts, events)
    board = Board(facts, costs, index, borrowed, renewals, orphans.rows, retention, driven, trust)
    asked = {"plr_value_event_candidates": candidate_rows} if settings.find_value_events else {}
    return {
        **{mart: rows_of(facts) for mart, rows_of in asked.items()},
        "plr_account_origin": [origin_row(f, revenue, trust) for f in found.values()],
        "plr_deal_origin": deal_rows(facts, events, initiations, openings),
        "plr_pipeline": pipeline_rows(openings, facts),
        "plr_pql_funnel": funnel_rows(facts),
        "plr_mrr_movements": movement_rows(movements, staged.accounts, origin_of),
        "plr_product_driven_revenue": driven,
        "plr_retention_monthly": retention,
        "plr_cohort_nrr": cohort_rows(revenue, found, settings),
        "plr_revenue_events": events.rows(),
        "plr_index_monthly": index.rows(),
        **{f"plr_{pattern}": rows for pattern, rows in patterns.items()},
        "plr_pattern_flags": flag_rows(patterns),
        "plr_pattern_backtest": Backtest(facts, motion, black_holes, patterns).rows,
        "plr_renewals": renewals.rows,
        "plr_board_metrics": board.rows(),
        "plr_growth_efficiency": GrowthEfficiency(facts, costs).rows,
        "plr_quick_test": QuickTest(board, index, patterns).rows,
        "plr_origin_comparison": comparison_rows(facts),
        "plr_origin_sensitivity": sensitivity_rows(facts, activity_rules),
        "plr_quarantine": staged.rejected,
        "plr_data_quality": quality.rows(),
        "plr_input_words": word_rows(staged.words),
    }

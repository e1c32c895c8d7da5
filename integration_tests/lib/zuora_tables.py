"""Periods and contracts as Zuora keeps them, in the tables that Fivetran makes of it.

    tables, told = kept(periods, contracts)

Each item is a subscription with one charge, which has a segment for each period. Whenever a period
or a term begins there is a new version, with all segments again; what it supersedes stays there,
without an end. A charge has its full price, and each discount is a charge of its own: a percentage,
or with every other account a fixed amount. A trial is free. With some lie what was never signed or
activated, what is charged once or by usage, and what never began. `told` are the contract's rows of
it all, by input.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal

from harness import Row, Rows

VARS = {"plr_connector_account_fields": {"zuora": "workspace_c"}}
TYPES = {
    "account": {
        "id": "text",
        "name": "text",
        "crm_id": "text",
        "currency": "text",
        "created_date": "timestamptz",
        "workspace_c": "text",
    },
    "subscription": {
        "id": "text",
        "name": "text",
        "account_id": "text",
        "version": "bigint",
        "status": "text",
        "term_type": "text",
        "term_start_date": "timestamp",
        "term_end_date": "timestamp",
        "auto_renew": "boolean",
        "_fivetran_deleted": "boolean",
    },
    "rate_plan_charge": {
        "id": "text",
        "charge_number": "text",
        "subscription_id": "text",
        "rate_plan_id": "text",
        "charge_type": "text",
        "charge_model": "text",
        "mrr": "double",
        "transaction_currency": "text",
        "quantity": "double",
        "uom": "text",
        "effective_start_date": "date",
        "effective_end_date": "date",
        "discount_level": "text",
        "apply_discount_to": "text",
        "billing_period": "text",
        "segment": "bigint",
        "_fivetran_deleted": "boolean",
    },
    "rate_plan_charge_tier": {
        "id": "text",
        "rate_plan_charge_id": "text",
        "discount_percentage": "double",
        "discount_amount": "double",
        "price": "double",
    },
}
# later than the newest version, and none of them supersedes it
NEVER_SERVED: Rows = [
    {"status": "Draft"},
    {"status": "Pending Activation"},
    {"status": "PendingAcceptance"},
    {"status": "Active", "_fivetran_deleted": True},
]
# beside the charge of the newest version, and no MRR
NO_MRR: Rows = [
    {"charge_type": "OneTime"},
    {"charge_type": "Usage"},
    {"effective_start_date": None},
    {"effective_end_date": date(2024, 1, 1)},
    {"_fivetran_deleted": True},
]


def name_of(row: Row) -> str:
    """The subscription of a period or a contract."""
    return f"S-{row['subscription_id']}-{row['currency']}"


def full_mrr(period: Row) -> Decimal:
    """What is charged by the month before the discount; a trial is free."""
    return Decimal(0) if period["is_trial"] else max(period["list_mrr"], period["mrr"])


def is_fixed(period: Row) -> bool:
    """Whether the discount is an amount."""
    return period["currency"] == "JPY" or period["account_id"].endswith(tuple("13579"))


def charges_of(version: str, periods: Rows) -> tuple[Rows, Rows]:
    """The segments in a version, and what each costs; the last is open but in the newest."""
    charges, tiers = [], []
    for place, period in enumerate(periods):
        full = full_mrr(period)
        months = period["interval_months"]
        charge = {
            "id": f"{version}-c{place}",
            "charge_number": f"C-{name_of(period)}",
            "subscription_id": version,
            "rate_plan_id": f"{version}-plan",
            "charge_type": "Recurring",
            "charge_model": "Per Unit Pricing" if period["seats"] else "Flat Fee Pricing",
            "mrr": full,
            "transaction_currency": period["currency"].lower(),
            "quantity": period["seats"] or 1,
            "uom": "Seat" if period["seats"] else "Each",
            "effective_start_date": period["valid_from"],
            "effective_end_date": period["valid_to"],
            "billing_period": "Annual" if months == 12 else "Month",
            "segment": place + 1,
        }
        charges.append(charge)
        tiers.append({"rate_plan_charge_id": charge["id"], "price": full})
        if full > period["mrr"]:
            off = full - period["mrr"]
            discount = charge | {
                "id": f"{version}-d{place}",
                "charge_number": f"D{place}-{name_of(period)}",
                "charge_model": "Discount-Fixed Amount"
                if is_fixed(period)
                else "Discount-Percentage",
                "mrr": 0,
                "quantity": None,
                "uom": None,
                "discount_level": "subscription" if is_fixed(period) else "rateplan",
                "apply_discount_to": "RECURRING",
            }
            charges.append(discount)
            rebate = (
                {"discount_amount": off * months}
                if is_fixed(period)
                else {"discount_percentage": off / full * 100}
            )
            tiers.append({"rate_plan_charge_id": discount["id"]} | rebate)
    return charges, tiers


def rows_of(version: str, periods: Rows) -> Rows:
    """The contract's rows of the newest version."""
    rows = []
    for place, period in enumerate(periods):
        number = f"zuora:C-{name_of(period)}"
        full = full_mrr(period)
        row = {
            "subscription_period_id": f"zuora:{version}-c{place}",
            "account_id": f"zuora:{period['account_id']}",
            "subscription_id": number,
            "currency": period["currency"],
            "valid_from": period["valid_from"],
            "valid_to": period["valid_to"],
            "mrr": full,
            "seats": period["seats"],
        }
        rows.append(row)
        if full > period["mrr"]:
            discount = f"zuora:{version}-d{place}"
            fixed = {
                "subscription_period_id": discount,
                "subscription_id": f"zuora:D{place}-{name_of(period)}",
            }
            percentage = {"subscription_period_id": f"{discount}:{row['subscription_period_id']}"}
            off = {"mrr": period["mrr"] - full, "seats": None}
            rows.append(row | off | (fixed if is_fixed(period) else percentage))
    return rows


def versions_of(name: str, account: str, days: list[date], contracts: Rows) -> Rows:
    """A version from each of these days on; whether a term renews may change within it."""
    versions = []
    for number, (day, later) in enumerate(zip(days, [*days[1:], None], strict=True), start=1):
        term = next((c for c in contracts if c["term_start"] <= day < c["term_end"]), None)
        is_last = term and (later is None or later >= term["term_end"])
        versions.append(
            {
                "id": f"{name}-v{number}",
                "name": name,
                "account_id": account,
                "version": number,
                "status": "Expired" if later else "Active",
                "term_type": "TERMED" if term else "EVERGREEN",
                "term_start_date": term["term_start"] if term else day,
                "term_end_date": term and term["term_end"],
                "auto_renew": term and term["auto_renew"] == is_last,
            }
        )
    return versions


def terms_told(name: str, periods: Rows, contracts: Rows) -> Rows:
    """The contract's rows of terms; one in which nothing is charged yet is none."""
    rows: Rows = []
    for contract in sorted(contracts, key=lambda row: row["term_start"]):
        start = contract["term_start"]
        if all(row["valid_to"] and row["valid_to"] <= start for row in periods):
            continue
        names = ("currency", "term_start", "term_end", "contract_mrr", "discount_share")
        rows.append(
            {given: contract[given] for given in (*names, "auto_renew")}
            | {
                "contract_id": f"zuora:{name}:{start}",
                "account_id": f"zuora:{contract['account_id']}",
                "subscription_id": f"zuora:{name}",
                "previous_contract_id": rows[-1]["contract_id"] if rows else None,
            }
        )
    return rows


def keep_subscription(tables: dict[str, Rows], name: str, periods: Rows, contracts: Rows) -> Row:
    """A subscription's versions with their charges; the newest that is served."""
    days = sorted({p["valid_from"] for p in periods} | {c["term_start"] for c in contracts})
    account = periods[0]["account_id"]
    versions = versions_of(name, account, days, contracts)
    newest = versions[-1]
    for day, version in zip(days, versions, strict=True):
        begun = [period for period in periods if period["valid_from"] <= day]
        if version is not newest:
            begun[-1:] = [period | {"valid_to": None} for period in begun[-1:]]
        charges, tiers = charges_of(version["id"], begun)
        tables["rate_plan_charge"] += charges
        tables["rate_plan_charge_tier"] += tiers
    tables["subscription"] += versions
    return newest


def keep_what_is_no_mrr(tables: dict[str, Rows], newest: Row, periods: Rows) -> None:
    """Versions that nobody is served by, and charges that are no MRR."""
    for number, said in enumerate(NEVER_SERVED, start=newest["version"] + 1):
        version = newest | {"id": f"{newest['name']}-v{number}", "version": number} | said
        tables["subscription"].append(version)
        tables["rate_plan_charge"] += charges_of(version["id"], periods[:1])[0]
    [charge, *_] = charges_of(newest["id"], periods)[0]
    for place, said in enumerate(NO_MRR):
        number = f"{charge['charge_number']}-none{place}"
        named = {"id": f"{newest['id']}-none{place}", "charge_number": number}
        tables["rate_plan_charge"].append(
            charge | named | {"mrr": 9, "effective_start_date": date(2024, 1, 1)} | said
        )


def kept(periods: Rows, contracts: Rows) -> tuple[dict[str, Rows], dict[str, Rows]]:
    """Zuora's tables of these, and the contract's rows of them."""
    tables: dict[str, Rows] = {name: [] for name in TYPES}
    told: dict[str, Rows] = {
        name: [] for name in ("revenue", "contracts", "accounts", "account_links")
    }
    subscriptions: dict[str, Rows] = defaultdict(list)
    currencies: dict[str, str] = {}
    for period in sorted(periods, key=lambda row: row["valid_from"]):
        subscriptions[name_of(period)].append(period)
        currencies.setdefault(period["account_id"], period["currency"])
    for place, (name, its_periods) in enumerate(subscriptions.items()):
        terms = [contract for contract in contracts if name_of(contract) == name]
        newest = keep_subscription(tables, name, its_periods, terms)
        if place % 10 == 0:
            keep_what_is_no_mrr(tables, newest, its_periods)
        told["revenue"] += rows_of(newest["id"], its_periods)
        told["contracts"] += terms_told(name, its_periods, terms)
    for place, (account, currency) in enumerate(currencies.items()):
        company = f"{account} at Zuora"
        tables["account"].append(
            {
                "id": account,
                "name": company,
                "currency": currency,
                "created_date": "2026-01-01 02:00:00+02",
                "crm_id": f"001{account}",
                "workspace_c": account if place % 2 else " ",
            }
        )
        same = account if place % 2 else f"salesforce:001{account}"
        told["account_links"].append({"account_id": f"zuora:{account}", "same_as_account_id": same})
        told["accounts"].append(
            {
                "account_id": f"zuora:{account}",
                "account_name": company,
                "created_at": date(2026, 1, 1),
            }
        )
    return tables, told

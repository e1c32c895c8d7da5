"""Raw rows as the company's tools would export them: close to the input contract, not equal."""

from __future__ import annotations

from datetime import date, timedelta
from math import sin
from random import Random

from company import names
from company.model import Account
from company.when import AS_OF, MONTHS, first_day, text

BANDS = {"smb": "SMB", "mid_market": "Mid-Market", "enterprise": "Enterprise"}


def _day_before(end: date | None) -> str | None:
    """An exclusive end as the last day it includes."""
    return (end - timedelta(days=1)).isoformat() if end else None


def account_rows(accounts: list[Account], parents: dict[str, str]) -> list[dict]:
    """Workspaces as the product's admin database holds them."""
    return [
        {
            "workspace_id": a.id,
            "name": a.name,
            "parent_workspace_id": parents.get(a.id),
            "merged_into": None,
            "size_band": BANDS[a.segment] if n % 70 else None,
            "source": a.channel,
            "signed_up": text(a.signed_up_at) if a.signed_up_at else None,
            "created": text(a.created_at),
            "kind": "customer",
        }
        for n, a in enumerate(accounts, start=1)
        if a.created_at.date() <= AS_OF
    ]


def revenue_rows(accounts: list[Account], licensed: set[str], known: int = 0) -> list[dict]:
    """Subscription item versions as billing holds them; `last_day` is inclusive.

    The seats of `licensed` accounts are in the licence server only; `known` versions came before.
    """
    rows = []
    for account in accounts:
        for v in account.versions:
            months = 12 if v.annual else 1
            has_seats = v.item == "seats" and account.id not in licensed
            rows.append(
                {
                    "version_id": f"ver_{known + len(rows) + 1:05d}",
                    "customer_id": account.id,
                    "item_id": f"{account.id}-{v.item}",
                    "first_day": v.start.isoformat(),
                    "last_day": _day_before(v.end),
                    "interval_months": months,
                    "amount": round(v.mrr * months, 2),
                    "list_amount": round(v.seats * v.price * months, 2),
                    "currency": v.currency.lower(),
                    "quantity": v.seats if has_seats else None,
                    "status": "trialing" if v.trial else "active",
                }
            )
    return rows


def entitlement_rows(accounts: list[Account]) -> list[dict]:
    """Some enterprise customers have their seats in the licence server, not in billing."""
    large = [a for a in accounts if a.segment == "enterprise" and a.versions and not a.plant]
    return [
        {
            "workspace_id": account.id,
            "feature": "seats",
            "quota": v.seats,
            "first_day": v.start.isoformat(),
            "last_day": _day_before(v.end),
        }
        for account in large[::3]
        for v in account.versions
        if v.item == "seats"
    ]


def contract_rows(accounts: list[Account], known: int = 0) -> list[dict]:
    """Signed terms; discount in percent, `last_day` inclusive; `known` terms came before."""
    rows = []
    for account in accounts:
        previous = None
        for term in account.terms:
            rows.append(
                {
                    "contract_no": f"con_{known + len(rows) + 1:04d}",
                    "account_ref": account.id,
                    "replaces": previous,
                    "item_id": f"{account.id}-seats",
                    "first_day": term.start.isoformat(),
                    "last_day": _day_before(term.end),
                    "yearly_amount": round(term.mrr * 12, 2),
                    "currency": term.currency.lower(),
                    "discount_percent": round(term.discount * 100, 1),
                    "signed_on": term.signed_on.isoformat(),
                    "auto_renews": "Y" if term.auto_renews else "N",
                }
            )
            previous = rows[-1]["contract_no"]
    return rows


def fx_rows() -> list[dict]:
    """Month-end dollars per unit, gentle waves; customers pay in dollars and euros only."""
    rng = Random(f"{names.SEED}/fx")
    return [
        {
            "month": f"{first_day(m):%Y-%m}",
            "currency": currency,
            "usd_per_unit": round(level + 0.001 * m + 0.03 * sin(m / 4.5) + rng.gauss(0, 0.006), 4),
        }
        for currency, level in (("EUR", 1.085), ("GBP", 1.26), ("CHF", 1.12), ("CAD", 0.73))
        for m in range(MONTHS)
    ]


def finance_rows(accounts: list[Account], fx: list[dict]) -> tuple[list[dict], list[dict]]:
    """Costs by account, month and type, and the company's months (people, recognised revenue)."""
    rng = Random(f"{names.SEED}/finance")
    costs: list[dict] = []
    months: list[dict] = []
    people = 9
    for m in range(MONTHS):
        month, rate, total = f"{first_day(m):%Y-%m}", fx[m]["usd_per_unit"], 0.0
        for account in accounts:
            mrr = sum(x * (rate if c == "EUR" else 1) for c, x in account.mrr_at(m).items())
            if mrr:
                total += mrr
                costs += _account_costs(rng, account, m, month, mrr)
        for kind, amount in (("hosting", 900 + total * 0.02), ("support", 700 + total * 0.012)):
            costs.append(_cost(None, month, kind, amount))
        arr = 12 * total
        people = max(people, round(arr / (62_000 + 2_600 * arr / 1e6)))
        months.append(
            {
                "month": month,
                "staff": people + round(rng.random(), 1),
                "recognised_usd": round(total * (0.985 + 0.012 * rng.random()), 2),
            }
        )
    return costs, months


def _cost(account_id: str | None, month: str, kind: str, amount: float) -> dict:
    """One cost row; without an account it is shared by all."""
    return {"account_ref": account_id, "month": month, "category": kind, "usd": round(amount, 2)}


def _account_costs(rng: Random, account: Account, m: int, month: str, mrr: float) -> list[dict]:
    """Cost to serve; enterprise accounts get ever more of people's time from 2025 on."""
    noise = 0.9 + 0.2 * rng.random()
    late = max(0, m - 23) / 12 if account.segment == "enterprise" else 0.0
    shares = {
        "hosting": 0.055 + 0.02 * late,
        "support": {"smb": 0.05, "mid_market": 0.035, "enterprise": 0.025}[account.segment],
        "customer_success": 0.03 + 0.03 * account.annual + 0.11 * late,
        "third_party": 0.02,
        "payment_processing": 0.0 if account.annual else 0.029,
        "services": 0.08 * late,
    }
    return [
        _cost(account.id, month, kind, mrr * share * noise)
        for kind, share in shares.items()
        if share
    ]

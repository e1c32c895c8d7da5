"""What Kestrel spends to win customers, as finance exports it: month, program, category, channel.

The budgets follow what each program brought in, evened out over half a year: the product-led one
about nine months of its new revenue's margin, the sales-led one about twice that.
"""

from __future__ import annotations

from random import Random

from company import names
from company.model import Account
from company.when import MONTHS, SEASON, first_day, month_of

# Dollars spent per dollar of new MRR, and what a program costs each month whatever it brings.
BUDGETS = {"product": (5.6, 4000), "sales": (11.0, 9000), "shared": (1.6, 3000)}
# The parts of a budget: (category, channel, share, currency).
PARTS = {
    "product": (
        ("Growth team payroll", None, 0.50, "USD"),
        ("Paid media", "Paid search", 0.22, "USD"),
        ("Content and SEO", "Organic", 0.10, "USD"),
        ("Template authors", "Template gallery", 0.07, "EUR"),
        ("Integration partners", "Integration", 0.07, "USD"),
        ("Invite credits", "Invite loop", 0.04, "USD"),
    ),
    "sales": (
        ("Sales payroll", None, 0.52, "USD"),
        ("Commissions", None, 0.14, "USD"),
        ("SDR payroll and tools", "Outbound", 0.16, "USD"),
        ("Trade fairs", "Event", 0.09, "EUR"),
        ("Partner fees", "Partner", 0.06, "USD"),
        ("Referral fees", "Referral", 0.03, "USD"),
    ),
    "shared": (
        ("Marketing payroll", None, 0.70, "USD"),
        ("Brand", None, 0.30, "USD"),
    ),
}
RENAMED = 12  # until then finance wrote the programs in another way
WRITTEN = {
    "product": ("PLG", "Product-led"),
    "sales": ("Sales", "Sales-led"),
    "shared": (None, "Shared"),
}


def spend_rows(accounts: list[Account], fx: list[dict]) -> list[dict]:
    """One row per month, program and part; trade fairs are in spring and autumn only."""
    rng = Random(f"{names.SEED}/spend")
    euro = {row["month"]: row["usd_per_unit"] for row in fx if row["currency"] == "EUR"}
    won = _new_mrr(accounts, euro)
    rows = []
    for m in range(MONTHS):
        month = f"{first_day(m):%Y-%m}"
        for program, (ratio, fixed) in BUDGETS.items():
            nearby = won[program][max(0, m - 3) : m + 3]
            budget = fixed + ratio * sum(nearby) / len(nearby) * SEASON[m % 12] ** 0.5
            for category, channel, share, currency in PARTS[program]:
                amount = budget * share * (0.92 + 0.16 * rng.random())
                if category == "Trade fairs":
                    amount *= {3: 3, 4: 3, 8: 3, 9: 3}.get(m % 12, 0)
                if amount:
                    rows.append(
                        {
                            "month": month,
                            "program": WRITTEN[program][m >= RENAMED],
                            "category": category,
                            "channel": channel,
                            "amount": round(amount / (euro[month] if currency == "EUR" else 1), 2),
                            "currency": currency,
                        }
                    )
    return rows


def _new_mrr(accounts: list[Account], euro: dict[str, float]) -> dict[str, list[float]]:
    """First MRR in dollars by month: of product-led accounts, of those sold to, of all."""
    won = {program: [0.0] * MONTHS for program in BUDGETS}
    for account in accounts:
        if account.paid_on is None:
            continue
        m = month_of(account.paid_on)
        rate = euro[f"{first_day(m):%Y-%m}"] if account.currency == "EUR" else 1.0
        mrr = rate * sum(account.mrr_at(m).values())
        won["shared"][m] += mrr
        won["product"][m] += mrr * account.is_product_led
        won["sales"][m] += mrr * (account.motion in ("sales_led", "assisted"))
    return won

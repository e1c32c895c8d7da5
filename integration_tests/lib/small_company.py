"""A small company to bend, and what the reference makes of it: rows in, marts out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from reference import compute

ROLES = {
    "fix": "value",
    "checkout": "commercial_action",
    "quota": "limit",
    "offer": "prompt",
    "upgrade_click": "intent",
    "board": "breadth",
}
ONE_FIX = {
    "rule_group_id": "g1",
    "rule_id": "r1",
    "group_operator": "all",
    "event_name": "role:value",
    "min_events": 1,
    "min_distinct_users": 1,
    "min_distinct_days": 1,
    "within_days": 30,
    "anchor": "rolling",
    "is_active": True,
}


def at(text: str) -> datetime:
    """Timestamp from text."""
    return datetime.fromisoformat(text)


class Company:
    """Collects input rows, then computes the marts."""

    def __init__(self, **settings: Any) -> None:
        self.inputs: dict[str, list[dict]] = {"accounts": [], "product_events": [], "revenue": []}
        self.rules = [ONE_FIX]
        self.roles = [{"event_name": name, "role": role} for name, role in ROLES.items()]
        self.config = {
            "plr_as_of_date": "2024-12-31",
            "plr_event_tracking_start": "2020-01-01",
            "plr_crm_tracking_start": "2020-01-01",
            **{f"plr_{name}": value for name, value in settings.items()},
        }
        self._id = 0

    def add(self, relation: str, **row: Any) -> Company:
        self.inputs.setdefault(relation, []).append(row)
        return self

    def next_id(self, letter: str) -> str:
        self._id += 1
        return f"{letter}{self._id:05d}"

    def account(self, account_id: str = "a", **row: Any) -> Company:
        row = {"signed_up_at": at("2024-01-02"), "created_at": at("2024-01-02"), **row}
        return self.add("accounts", account_id=account_id, **row)

    def event(self, when: str, name: str = "fix", account: str | None = "a", **row: Any) -> Company:
        row = {"event_id": self.next_id("e"), "user_id": "u1", **row}
        return self.add(
            "product_events", occurred_at=at(when), event_name=name, account_id=account, **row
        )

    def call(self, when: str, account: str | None = "a", **row: Any) -> Company:
        row = {"activity_id": self.next_id("c"), "activity_type": "call", **row}
        row = {"actor_team": "sales", **row}
        return self.add("crm_activities", occurred_at=at(when), account_id=account, **row)

    def other_call(self) -> Company:
        """Some other account's call, so that the CRM feed is on."""
        return self.account("other").call("2024-06-01T10:00", account="other")

    def covered(self) -> Company:
        """Some other account's mail on the last day, so that the CRM feed reaches it."""
        mail = {"activity_type": "email", "actor_team": "marketing"}
        return self.account("other").call("2024-12-31T12:00", account="other", **mail)

    def period(
        self, start: str, end: str | None, mrr: float, account: str = "a", **row: Any
    ) -> Company:
        row = {
            "subscription_id": "s1",
            "currency": "USD",
            "subscription_period_id": self.next_id("p"),
            **row,
        }
        return self.add(
            "revenue",
            account_id=account,
            mrr=mrr,
            valid_from=at(start),
            valid_to=at(end) if end else None,
            **row,
        )

    def line(self, start: str, end: str, amount: float, account: str = "a", **row: Any) -> Company:
        row = {
            "subscription_id": "s1",
            "currency": "USD",
            "line_type": "recurring",
            "invoice_line_id": self.next_id("l"),
            **row,
        }
        return self.add(
            "revenue",
            account_id=account,
            amount=amount,
            service_start=at(start),
            service_end=at(end),
            **row,
        )

    def snapshot(self, month: str, mrr: float, account: str = "a", **row: Any) -> Company:
        row = {"currency": "USD", **row}
        return self.add(
            "revenue", account_id=account, month=date.fromisoformat(month), mrr=mrr, **row
        )

    def rate(self, month: str, rate: float, currency: str = "EUR") -> Company:
        return self.add("fx_rates", month=date.fromisoformat(month), currency=currency, rate=rate)

    def contract(self, contract_id: str, start: str, end: str, mrr: float, **row: Any) -> Company:
        row = {"account_id": "a", "currency": "USD", **row}
        return self.add(
            "contracts",
            contract_id=contract_id,
            term_start=date.fromisoformat(start),
            term_end=date.fromisoformat(end),
            contract_mrr=mrr,
            **row,
        )

    def build(self) -> dict[str, list[dict]]:
        rules = {"plr_event_roles": self.roles, "plr_activity_rules": self.rules}
        return compute(self.inputs, rules, self.config)

    def origin(self, account: str = "a") -> dict:
        rows = self.build()["plr_account_origin"]
        return next(row for row in rows if row["account_id"] == account)

    def moves(self, account: str = "a") -> dict[str, dict]:
        """Movements by month, written 2024-03."""
        rows = self.build()["plr_mrr_movements"]
        return {str(r["month"])[:7]: r for r in rows if r["account_id"] == account}

    def codes(self) -> dict[tuple[str, str], int]:
        rows = self.build()["plr_data_quality"]
        return {(r["relation"], r["code"]): r["rows"] for r in rows}

    def rows(self, mart: str, **wanted: Any) -> list[dict]:
        """The mart's rows that have these values; months are written 2024-03."""
        if "month" in wanted:
            wanted["month"] = date.fromisoformat(f"{wanted['month']}-01")
        return [
            row
            for row in self.build()[mart]
            if all(row[column] == value for column, value in wanted.items())
        ]

    def row(self, mart: str, **wanted: Any) -> dict:
        """The only such row."""
        (row,) = self.rows(mart, **wanted)
        return row

    def started(self, stage: str, account: str = "a") -> tuple[str, str | None]:
        row = self.row("plr_revenue_events", stage=stage, account_id=account)
        return row["initiation"], row["unobserved_reason"]


def paying(**settings: Any) -> Company:
    """An account that pays from Mar 10, 2024."""
    return Company(**settings).account().period("2024-03-10", None, 100)


def money(amount: Any) -> float:
    return round(float(amount), 2)


def grown(**settings: Any) -> Company:
    """An account that pays 100 from Mar 10 and 150 from Sep 15, 2024."""
    company = Company(**settings).covered().account()
    company.period("2024-03-10", "2024-09-15", 100)
    return company.period("2024-09-15", None, 150)

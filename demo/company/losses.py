"""What did not work out with customers, and what is still open: upsells, renewals, win-backs.

These deals stand where nothing else hangs on them: an upsell that failed has no growth within the
half-year after it, so none of the customers' own stories changes.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

from company import names
from company.crm import CrmLog
from company.model import Account, Term
from company.when import AS_OF, in_office_hours, workday

TEAM = "Account Management"


def sign_late(accounts: list[Account]) -> None:
    """Some renewals are signed weeks after the old term ended; some renew with no new contract."""
    rng = Random(f"{names.SEED}/late signatures")
    usual = [a for a in accounts if not a.plant and a.segment == "mid_market"]
    usual = [a for a in usual if len(a.terms) > 1 and a.terms[-1].start < date(2025, 11, 1)]
    for account in accounts:  # signed ahead of its start: the deal is won then, not on the last day
        for moment, term in ((m, t) for m in account.moments for t in account.terms):
            if moment.kind == "renewed" and moment.day == term.start > AS_OF:
                moment.signed_on = term.signed_on
    late = [a for a in usual if not a.terms[-2].auto_renews]
    for account in rng.sample(late, 5):
        term = account.terms[-1]
        term.signed_on = term.start + timedelta(days=int(34 + rng.random() * 20))
        for moment in account.moments:
            if moment.kind == "renewed" and moment.day == term.start:
                moment.signed_on = term.signed_on
    unsigned = [a for a in usual if a.terms[-2].auto_renews and a.left_on is None]
    for account in rng.sample(unsigned, 4):
        account.terms.pop()


def lose_and_wait(accounts: list[Account], log: CrmLog) -> None:
    """Every deal with a customer that was lost or is still open."""
    usual = [a for a in accounts if a.paid_on and not a.plant]
    asked: dict[str, list[date]] = {a.id: [] for a in usual}
    _lose_answers_to_growth({a.id: a for a in usual}, asked, log)
    for account in usual:
        rng = Random(f"{names.SEED}/losses/{account.id}")
        if account.annual and not account.is_product_led and rng.random() < 0.5:
            _push(account, rng, asked[account.id], log)
        for term in account.terms:
            if term.end == account.left_on:
                _lose_renewal(account, term, rng, log)
            elif term is account.terms[-1] and term.end > AS_OF and not term.auto_renews:
                _talk(account, term.end, None, rng, log)
        if account.left_on and account.motion in ("self_serve", "assisted", "sales_led"):
            _win_back_in_vain(account, rng, log)


def _lose_answers_to_growth(
    accounts: dict[str, Account], asked: dict[str, list[date]], log: CrmLog
) -> None:
    """Account management calls whoever grows; more than half of these calls become a deal."""
    rng = Random(f"{names.SEED}/lost upsells")
    calls = [a for a in log.activities if (a["owner_team"], a["minutes"]) == (TEAM, 20)]
    for call in calls:
        account, happens = accounts.get(call["account_ref"]), rng.random() < 0.6
        if account is None or not happens:
            continue
        opened = datetime.fromisoformat(call["activity_at"])
        if _is_calm(account, opened.date(), 0, asked[account.id]):
            call["deal_ref"] = _upsell(account, opened, rng, log)
            asked[account.id].append(opened.date())


def _push(account: Account, rng: Random, asked: list[date], log: CrmLog) -> None:
    """An offer that nobody had asked for."""
    until = account.left_on or AS_OF
    days = (until - account.paid_on).days - 90
    if days <= 0:
        return
    opened = in_office_hours(rng, account.paid_on + timedelta(days=int(60 + rng.random() * days)))
    if opened.date() < until and _is_calm(account, opened.date(), 100, asked):
        deal = _upsell(account, opened, rng, log)
        log.touch(account, opened, "Call", TEAM, "expansion", deal=deal, minutes=25)


def _is_calm(account: Account, day: date, before: int, asked: list[date]) -> bool:
    """No growth near that day, no other upsell, and no term that ends soon after."""
    grown = [m.day for m in account.moments if m.kind in ("expanded", "returned")]
    grown += [v.start for v in account.versions if v.item != "seats"]
    ends = [t.end for t in account.terms]
    return not (
        any(-before <= (other - day).days <= 200 for other in grown)
        or any(0 <= (end - day).days <= 130 for end in ends)
        or any(abs((other - day).days) <= 150 for other in asked)
    )


def _upsell(account: Account, opened: datetime, rng: Random, log: CrmLog) -> str | None:
    """An upsell that is lost within two months, or still open at the edge."""
    more = account.versions[-1].mrr * (0.12 + 0.25 * rng.random())
    lost = workday(opened.date() + timedelta(days=int(12 + rng.random() * 50)))
    return log.deal(account, "Upsell", opened, lost, "Closed Lost", 12 * more, TEAM)


def _lose_renewal(account: Account, term: Term, rng: Random, log: CrmLog) -> None:
    """The customer leaves at the term's end; who renews itself often leaves without a word."""
    if not term.auto_renews or rng.random() < 0.5:
        lost = workday(term.end - timedelta(days=int(4 + rng.random() * 20)))
        _talk(account, term.end, lost, rng, log)


def _talk(account: Account, end: date, closed: date | None, rng: Random, log: CrmLog) -> None:
    """The renewal talk some months before a term's end, and its deal."""
    opened = in_office_hours(rng, end - timedelta(days=int(55 + rng.random() * 50)))
    yearly = 12 * account.terms[-1].mrr
    deal = log.deal(account, "Renewal", opened, closed, "Closed Lost", yearly, "Sales")
    if deal:
        log.touch(account, opened, "Meeting", TEAM, "renewal", deal=deal, minutes=45)


def _win_back_in_vain(account: Account, rng: Random, log: CrmLog) -> None:
    """Half of those who left are asked to come back, and don't."""
    if rng.random() < 0.5:
        return
    asked = in_office_hours(rng, account.left_on + timedelta(days=int(25 + rng.random() * 60)))
    lost = workday(asked.date() + timedelta(days=int(15 + rng.random() * 40)))
    before = -account.moments[-1].delta_mrr
    deal = log.deal(account, "Win-back", asked, lost, "Closed Lost", 12 * before, "Sales")
    log.touch(account, asked, "Call", "Sales", "prospecting", deal=deal, minutes=15)

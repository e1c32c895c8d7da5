"""Who started something: the product's signals and the people's touches inside a window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from .contact import Touch
from .facts import AccountFacts, Facts, Opportunity
from .timeline import DAY, Interval, midnight, month_of, separately, whole_day
from .usage import Usage

PROMPTED = ("prompt", "intent", "commercial_action")
HITS = ("limit", *PROMPTED)
STARTED_BY_PRODUCT = {"product_initiated", "product_sourced_human_assisted"}


@dataclass(frozen=True)
class Signal:
    """Something the product did that may have started the event."""

    when: Interval
    role: str


@dataclass(frozen=True)
class Question:
    """The event whose start is sought."""

    facts: AccountFacts
    stage: str
    day: date
    earliest: date | None = None  # the window opens no earlier: what came before explains that
    churned: date | None = None
    auto_renew: bool = False
    deal: str | None = None  # the won opportunity, where a deal is asked about
    is_too_small: bool = False


@dataclass
class Answer:
    """Who started it, and what was seen in the window."""

    window_start: date | None
    window_end: date
    initiation: str = "unobserved"
    unobserved_reason: str | None = None
    signal: Interval | None = None
    signal_role: str | None = None
    commercial: Touch | None = None
    human: Touch | None = None
    commercial_at: datetime | None = None
    commercial_when: Interval | None = None
    opportunities: set[str] = field(default_factory=set)  # that it used


class Initiations:
    """Answers who started a conversion, expansion, reactivation or renewal."""

    def __init__(self, facts: Facts, usage: Usage) -> None:
        self.facts, self.usage, self.config = facts, usage, facts.config

    def explain(self, question: Question, used: set[str]) -> Answer:
        """The window, what is in it, and the verdict; opportunities already used do not count."""
        start, end = self.window(question)
        answer = Answer(start, end)
        signals = [s for s in self._signals(question) if _inside(answer, s.when)]
        if question.stage == "expansion" and start is not None:
            signals += self._running_streak(question.facts.account.account_id, start)
        if question.is_too_small:
            signals = []
        touches = [t for t in question.facts.touches if _inside(answer, t.when) and t.is_human]
        touches += self._open_opportunities(question, answer, used)
        touches += self._own_opportunity(question, touches)
        touches.sort(key=lambda touch: touch.report_order)
        commercial = [touch for touch in touches if touch.is_commercial]
        answer.opportunities |= {
            o.opportunity_id
            for o in question.facts.opportunities
            if o.is_touch and _inside(answer, o.created)
        }

        answer.signal = separately([s.when for s in signals])
        if signals:
            answer.signal_role = min(signals, key=lambda s: (s.when.lo, s.role)).role
        answer.commercial = commercial[0] if commercial else None
        answer.commercial_at = commercial[0].when.lo if commercial else None
        answer.commercial_when = separately([t.when for t in commercial])
        answer.human = touches[0] if touches else None
        if question.is_too_small:
            answer.unobserved_reason = "too_small"
        elif not self.is_covered(question, answer):
            answer.unobserved_reason = "crm_not_covered"
        else:
            self.decide(question, answer)
        return answer

    def window(self, question: Question) -> tuple[date | None, date]:
        """Days whose midnights bound the window: after the first, up to the last."""
        config = self.config
        reach = {
            "conversion": config.conversion_window_days,
            "expansion": config.expansion_window_days,
            "retention": config.retention_window_days,
            "reactivation": config.reactivation_window_days,
        }[question.stage]
        floors = [question.earliest, question.churned]
        if reach is not None:
            floors.append(question.day - timedelta(days=reach))
        start = max((floor for floor in floors if floor is not None), default=None)
        end = question.day + timedelta(days=config.window_days_after)
        return start, end

    def is_covered(self, question: Question, answer: Answer) -> bool:
        """Whether the CRM feed could have seen every touch of the window."""
        begins, end = self.facts.crm_since, midnight(answer.window_end)
        if begins is None or self.facts.crm_until is None or end > self.facts.crm_until:
            return False
        if question.stage not in {"acquisition", "conversion"}:
            return midnight(answer.window_start) >= begins
        account, activity = question.facts.account, question.facts.activity
        known = [account.signed_up_at, account.created_at]
        known += [activity.lo] if activity and activity.lo <= end else []
        known = [instant for instant in known if instant is not None]
        return bool(known) and begins <= min(known)

    def product_starts(
        self,
        facts: AccountFacts,
        stage: str,
        start: date,
        churned: date | None,
        is_inside: Callable[[Interval], bool],
    ) -> list[Interval]:
        """P of a stage in some window, a streak that runs as it begins included."""
        question = Question(facts, stage, start, churned=churned)
        signals = [signal for signal in self._signals(question) if is_inside(signal.when)]
        if stage == "expansion":
            signals += self._running_streak(facts.account.account_id, start)
        return [signal.when for signal in signals]

    # ── P and H ──────────────────────────────────────────────────────────────────────────────

    def _signals(self, question: Question) -> list[Signal]:
        facts = question.facts
        if question.stage == "conversion":
            bought = self.facts.origins.purchase(
                facts.account.account_id, question.day, datetime.max
            )
            found = [(facts.activity, "activity"), (bought, "commercial_action")]
            return [Signal(when, role) for when, role in found if when]
        roles = PROMPTED if question.stage == "retention" else HITS
        signals = [
            Signal(event.when, role)
            for event in facts.of_role(*roles)
            for role in roles
            if role in event.roles
        ]
        if question.stage == "reactivation" and question.churned is not None:
            gone = midnight(question.churned)
            back = [e.when for e in facts.of_role("value") if e.when.lo > gone]
            signals += [Signal(when, "value") for when in back]
        if question.stage == "expansion":
            account = facts.account.account_id
            streaks = self.usage.streak_starts(account)
            signals += [Signal(whole_day(day), "earned") for day in streaks]
        return signals

    def _running_streak(self, account: str, start: date) -> list[Signal]:
        """Earned at the last month-end before the window opens: since its start, counted from here.

        Whatever it is compared with is compared with the window's first instant, its hi.
        """
        is_month_end = month_of(start + DAY) == start + DAY
        last_month_end = start if is_month_end else month_of(start) - DAY
        since = self.usage.earned_since(account, month_of(last_month_end))
        return [Signal(Interval(midnight(since), midnight(start)), "earned")] if since else []

    def _open_opportunities(
        self, question: Question, answer: Answer, used: set[str]
    ) -> list[Touch]:
        """Opportunities open as the window begins count under their own date, unless old or used.

        They precede what lies in the window and tie with a streak that runs as it begins.
        """
        if answer.window_start is None:
            return []
        opening = midnight(answer.window_start)
        oldest = question.day - timedelta(days=self.config.open_opportunity_days)
        touches = []
        for o in question.facts.opportunities:
            if not o.is_touch or o.opportunity_id in used or not o.is_open_at(opening):
                continue
            if o.created.lo.date() >= oldest:
                answer.opportunities.add(o.opportunity_id)
                touches.append(_creation(o))
        return touches

    def _own_opportunity(self, question: Question, touches: list[Touch]) -> list[Touch]:
        """A deal's own opportunity counts whenever it was created, used or not."""
        known = {t.record_id for t in touches if t.source == "opportunity"}
        return [
            _creation(o)
            for o in question.facts.opportunities
            if o.opportunity_id == question.deal and o.is_touch and o.opportunity_id not in known
        ]

    # ── the table ────────────────────────────────────────────────────────────────────────────

    def decide(self, question: Question, answer: Answer) -> None:
        """Put the table to what was seen."""
        p, h, any_human = answer.signal, answer.commercial_when, answer.human is not None
        account = question.facts.account.account_id
        if p and not any_human:
            answer.initiation = "product_initiated"
        elif self._renewed_itself(question, answer):
            answer.initiation = "product_initiated"
            answer.signal, answer.signal_role = min(self._values(question, answer)), "value"
        elif p and (h is None or p.hi < h.lo):
            answer.initiation = "product_sourced_human_assisted"
        elif (
            question.stage == "expansion"
            and p is None
            and h is None
            and self.usage.seats_unchanged(account, month_of(question.day))
        ):
            answer.unobserved_reason = "price_or_escalator"
        elif any_human:
            answer.initiation = "human_initiated"
        else:
            inert = question.stage == "retention" and question.auto_renew
            answer.unobserved_reason = "inertia_renewal" if inert else "no_evidence"

    def _renewed_itself(self, question: Question, answer: Answer) -> bool:
        """An automatic renewal of something still in use."""
        return (
            question.stage == "retention"
            and question.auto_renew
            and answer.human is None
            and bool(self._values(question, answer))
        )

    def _values(self, question: Question, answer: Answer) -> list[Interval]:
        """The value found in the window."""
        return [e.when for e in question.facts.of_role("value") if _inside(answer, e.when)]


def _creation(opportunity: Opportunity) -> Touch:
    """An opportunity's creation as a touch."""
    return Touch(
        opportunity.created,
        "opportunity",
        opportunity.opportunity_id,
        opportunity.team,
        is_human=True,
        is_commercial=True,
    )


def _inside(answer: Answer, when: Interval) -> bool:
    """After the first midnight, up to the last."""
    if when.lo > midnight(answer.window_end):
        return False
    return answer.window_start is None or when.lo > midnight(answer.window_start)

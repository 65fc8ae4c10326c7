"""A programme's contact plan in one municipality as a value: steps, quiet gap, deadlines, duty (K2, K3, K9). Pure.

What may be saved is decided here; the words are for the person who edits it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.models import NextStepKind

from .sending_window import Window

# What a plan is made of; a look-up comes by itself where no number is known (C4), the rest follows from answers (K6).
STEP_KINDS = (NextStepKind.SMS, NextStepKind.CALL, NextStepKind.LETTER)
# K2: an SMS that nobody answers never completes a follow-up; these are somebody's documented work.
HUMAN_KINDS = frozenset({NextStepKind.CALL, NextStepKind.LETTER})
MOST_STEPS = 6
MOST_ATTEMPTS = 9
# The planner's table of choices grows with their product; nobody is called more often than this.
MOST_IN_ALL = 15
MOST_DAYS = 60
MOST_DEADLINE_DAYS = 120
EARLIEST_HOUR, LATEST_HOUR = 8, 20
# K9: no SMS within 24 hours of another; a week between two messages is as long as a plan may wait.
LEAST_GAP, MOST_GAP = 24, 168
EARLIEST_OPENING, LATEST_CLOSING = 8, 21
MOST_PER_MINUTE = 6000

Duty = tuple[date | None, date | None]


@dataclass(frozen=True)
class PlanStep:
    """One step: kind, working days since the step before, attempts, working days between them, hours of the day."""

    kind: str
    delay_days: int = 0
    attempts: int = 1
    retry_days: int = 1
    hours: tuple[int, ...] = ()


@dataclass(frozen=True)
class ContactPlan:
    """All that a municipality decides about one programme. `duties` holds group → first and last day of the duty."""

    steps: tuple[PlanStep, ...]
    quiet_gap_hours: int = 24
    first_contact_days: int = 5
    answer_days: int = 15
    duties: Mapping[str, Duty] = field(default_factory=dict)

    def as_stored(self) -> dict[str, Any]:
        """The plan as JSON, for its history."""
        return {
            "steps": [
                [step.kind, step.delay_days, step.attempts, step.retry_days, list(step.hours)] for step in self.steps
            ],
            "quiet_gap_hours": self.quiet_gap_hours,
            "first_contact_days": self.first_contact_days,
            "answer_days": self.answer_days,
            "duties": {
                code: [day.isoformat() if day else None for day in days] for code, days in sorted(self.duties.items())
            },
        }

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> ContactPlan:
        """What `as_stored` wrote."""
        return cls(
            steps=tuple(
                PlanStep(kind, delay, attempts, retry, tuple(hours))
                for kind, delay, attempts, retry, hours in stored["steps"]
            ),
            quiet_gap_hours=stored["quiet_gap_hours"],
            first_contact_days=stored["first_contact_days"],
            answer_days=stored["answer_days"],
            duties={code: (_day(first), _day(last)) for code, (first, last) in stored["duties"].items()},
        )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def problems(plan: ContactPlan) -> list[str]:
    """Why the plan cannot be saved, a sentence each; empty when it can."""
    said = _step_problems(plan.steps)
    if not LEAST_GAP <= plan.quiet_gap_hours <= MOST_GAP:
        said.append(
            _("Der skal gå mellem %(least)s og %(most)s timer mellem to beskeder.")
            % {"least": LEAST_GAP, "most": MOST_GAP}
        )
    if not 1 <= plan.first_contact_days <= MOST_DEADLINE_DAYS or not 1 <= plan.answer_days <= MOST_DEADLINE_DAYS:
        said.append(_("En frist er mellem 1 og %(most)s arbejdsdage.") % {"most": MOST_DEADLINE_DAYS})
    elif plan.answer_days < plan.first_contact_days:
        said.append(_("Fristen for svar kan ikke ligge før fristen for første kontakt."))
    for code, (first, last) in plan.duties.items():
        if last is not None and (first is None or last < first):
            said.append(
                _("Målgruppe %(code)s: Pligten skal have en første dag, og den kan ikke ligge efter den sidste.")
                % {"code": code}
            )
    return said


def _step_problems(steps: Sequence[PlanStep]) -> list[str]:
    if not steps:
        return [_("Planen er tom. Vælg mindst ét opkald eller brev.")]
    said = []
    if not any(step.kind in HUMAN_KINDS for step in steps):
        said.append(
            _(
                "Planen skal have mindst ét opkald eller brev: En sms, som ingen svarer på, kan ikke afslutte en "
                "opfølgning."
            )
        )
    if len(steps) > MOST_STEPS:
        said.append(_("En plan kan have højst %(most)s trin.") % {"most": MOST_STEPS})
    if sum(step.attempts for step in steps) > MOST_IN_ALL:
        said.append(_("En plan kan have højst %(most)s forsøg i alt.") % {"most": MOST_IN_ALL})
    for number, step in enumerate(steps, start=1):
        said += [_("Trin %(number)s: %(problem)s") % {"number": number, "problem": each} for each in _wrong_with(step)]
    return said


def _wrong_with(step: PlanStep) -> list[str]:
    said = []
    if step.kind not in STEP_KINDS:
        said.append(_("Vælg sms, opkald eller brev."))
    if not 0 <= step.delay_days <= MOST_DAYS:
        said.append(_("Vent mellem 0 og %(most)s arbejdsdage.") % {"most": MOST_DAYS})
    if not 1 <= step.attempts <= MOST_ATTEMPTS:
        said.append(_("Vælg mellem 1 og %(most)s forsøg.") % {"most": MOST_ATTEMPTS})
    if not 0 <= step.retry_days <= MOST_DAYS:
        said.append(_("Vælg mellem 0 og %(most)s arbejdsdage mellem forsøgene.") % {"most": MOST_DAYS})
    elif step.attempts > 1 and step.retry_days == 0 and step.kind != NextStepKind.CALL:
        said.append(_("Der skal gå mindst én arbejdsdag mellem to beskeder."))
    if any(not EARLIEST_HOUR <= hour < LATEST_HOUR for hour in step.hours):
        said.append(
            _("Klokkeslættene skal ligge fra kl. %(first)s til kl. %(last)s.")
            % {"first": EARLIEST_HOUR, "last": LATEST_HOUR - 1}
        )
    return said


def doubts(plan: ContactPlan) -> list[str]:
    """What the plan may be saved with, though it is hardly meant so: steps that come after the deadlines (K3)."""
    said = []
    first = plan.steps[0].delay_days if plan.steps else 0
    if first > plan.first_contact_days:
        said.append(
            _("Første trin kommer efter %(days)s arbejdsdage, men fristen for første kontakt er %(due)s.")
            % {"days": first, "due": plan.first_contact_days}
        )
    whole = working_days(plan)
    if whole > plan.answer_days:
        said.append(
            _("Hele planen tager %(days)s arbejdsdage, men fristen for svar er %(due)s.")
            % {"days": whole, "due": plan.answer_days}
        )
    calls = [step for step in plan.steps if step.kind == NextStepKind.CALL and step.attempts > 1]
    if any(len(set(step.hours)) < 2 for step in calls):
        said.append(_("Alle opkald i et trin ligger på samme tid af dagen. Flere fanges, når tiden skifter."))
    return said


def working_days(plan: ContactPlan) -> int:
    """Working days from the start to the last attempt, when nobody answers anything."""
    return sum(step.delay_days + step.retry_days * (step.attempts - 1) for step in plan.steps)


def window_problems(window: Window) -> list[str]:
    """Why a sending window cannot be saved (S4)."""
    said = []
    if not EARLIEST_OPENING <= window.opens < window.closes <= LATEST_CLOSING:
        said.append(
            _("Sms'er kan tidligst sendes fra kl. %(first)s og senest til kl. %(last)s, og de skal åbne før de lukker.")
            % {"first": EARLIEST_OPENING, "last": LATEST_CLOSING}
        )
    if not 1 <= window.messages_per_minute <= MOST_PER_MINUTE:
        said.append(_("Vælg mellem 1 og %(most)s sms'er i minuttet.") % {"most": MOST_PER_MINUTE})
    return said


def step_words(step: PlanStep, *, first: bool) -> str:
    """One step as people say it: "Opkald efter 2 arbejdsdage, højst 3 forsøg, kl. 10, 14 og 17"."""
    kind = str(NextStepKind(step.kind).label)
    if step.delay_days:
        days = ngettext("%(days)s arbejdsdag", "%(days)s arbejdsdage", step.delay_days) % {"days": step.delay_days}
        words = _("%(kind)s efter %(days)s") % {"kind": kind, "days": days}
    else:
        words = _("%(kind)s med det samme") % {"kind": kind} if first else _("%(kind)s samme dag") % {"kind": kind}
    if step.attempts > 1:
        words = _("%(step)s, højst %(attempts)s forsøg") % {"step": words, "attempts": step.attempts}
        if step.retry_days > 1:
            words = _("%(step)s med %(days)s arbejdsdage imellem") % {"step": words, "days": step.retry_days}
    if step.kind == NextStepKind.CALL and step.hours:
        words = _("%(step)s, kl. %(hours)s") % {"step": words, "hours": hours_words(step.hours)}
    return words


def hours_words(hours: Sequence[int]) -> str:
    """`10, 14 og 17`."""
    texts = [str(hour) for hour in hours]
    if len(texts) < 2:
        return "".join(texts)
    return _("%(first)s og %(last)s") % {"first": ", ".join(texts[:-1]), "last": texts[-1]}

"""Contact plans in words: what holds, and what was changed when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outreach.design.formats import date_da, number_da
from registry.models import Programme

from ..contact_plans import ContactPlan, doubts, step_words, working_days
from ..models import ContactPlanChange
from ..sending_window import Window
from .moments import stamp


@dataclass(frozen=True)
class PlanView:
    """A programme's plan as a page says it; `own` when it differs from the common one."""

    programme_id: int
    name: str
    own: bool
    steps: list[str]
    gap: str
    whole: str
    deadlines: str
    mandatory: str
    voluntary: str
    doubts: list[str]


@dataclass(frozen=True)
class ChangeLine:
    """One saved version: what changed, by whom, when."""

    change_id: int
    when: str
    iso: str
    who: str
    title: str
    lines: list[str]
    programme_id: int | None


def plan_view(programme: Programme, plan: ContactPlan, common: ContactPlan, today: date) -> PlanView:
    """The plan in words; `common` is what holds where a municipality has nothing of its own."""
    on = [code for code, days in plan.duties.items() if _holds(days, today)]
    return PlanView(
        programme_id=programme.pk,
        name=programme.name,
        own=plan != common,
        steps=steps_words(plan),
        gap=_("%(hours)s timer mellem to beskeder") % {"hours": plan.quiet_gap_hours},
        whole=ngettext(
            "Uden svar tager planen %(days)s arbejdsdag.", "Uden svar tager planen %(days)s arbejdsdage.",
            working_days(plan),
        ) % {"days": working_days(plan)},
        deadlines=_("%(first)s arbejdsdage til første kontakt, %(answer)s til svar eller dokumenterede forsøg")
        % {"first": plan.first_contact_days, "answer": plan.answer_days},
        mandatory=_groups(on),
        voluntary=_groups([code for code in plan.duties if code not in on]),
        doubts=doubts(plan),
    )  # fmt: skip


def steps_words(plan: ContactPlan) -> list[str]:
    """Each step in a line."""
    return [step_words(step, first=number == 0) for number, step in enumerate(plan.steps)]


def window_words(window: Window) -> str:
    """`Kl. 9–20, mandag til lørdag, ikke på helligdage. Højst 60 sms'er i minuttet.`"""
    days = _("alle ugens dage") if window.sundays else _("mandag til lørdag")
    holidays = _("også på helligdage") if window.holidays else _("ikke på helligdage")
    return _("Kl. %(opens)s–%(closes)s, %(days)s, %(holidays)s. Højst %(number)s sms'er i minuttet.") % {
        "opens": window.opens,
        "closes": window.closes,
        "days": days,
        "holidays": holidays,
        "number": number_da(window.messages_per_minute),
    }


def change_line(change: ContactPlanChange) -> ChangeLine:
    """A line of the history; the programme must be loaded."""
    if change.programme is None:
        title = _("Sendetider for sms")
        lines = [window_words(Window(**change.after))]
    else:
        title = change.programme.name
        lines = plan_differences(ContactPlan.from_stored(change.before), ContactPlan.from_stored(change.after))
    return ChangeLine(
        change_id=change.pk,
        when=stamp(change.at),
        iso=timezone.localtime(change.at).isoformat(timespec="minutes"),
        who=change.by_name,
        title=title,
        lines=lines,
        programme_id=change.programme_id,
    )


def plan_differences(before: ContactPlan, after: ContactPlan) -> list[str]:
    """What differs between two plans, a line each."""
    lines = []
    if before.steps != after.steps:
        lines.append(_("Trin: %(steps)s") % {"steps": " → ".join(steps_words(after))})
    for label, was, new in (
        (_("Timer mellem to beskeder"), before.quiet_gap_hours, after.quiet_gap_hours),
        (_("Arbejdsdage til første kontakt"), before.first_contact_days, after.first_contact_days),
        (_("Arbejdsdage til svar"), before.answer_days, after.answer_days),
    ):
        if was != new:
            lines.append(_("%(what)s: %(before)s → %(after)s") % {"what": label, "before": was, "after": new})
    for code, days in after.duties.items():
        if before.duties.get(code) != days:
            lines.append(_("Målgruppe %(code)s: %(duty)s") % {"code": code, "duty": duty_words(*days)})
    return lines


def duty_words(first: date | None, last: date | None) -> str:
    """`pligt fra 12.04.2021`, `frivillig`."""
    if first is None:
        return _("frivillig")
    if last is None:
        return _("pligt fra %(first)s") % {"first": date_da(first)}
    return _("pligt fra %(first)s til %(last)s") % {"first": date_da(first), "last": date_da(last)}


def _groups(codes: Sequence[str]) -> str:
    return _("Målgruppe %(codes)s") % {"codes": ", ".join(codes)} if codes else _("Ingen målgrupper")


def _holds(days: tuple[date | None, date | None], today: date) -> bool:
    first, last = days
    return first is not None and first <= today and (last is None or last >= today)

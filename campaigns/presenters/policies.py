"""Contact plans in words: what holds, what a change would do, what was changed when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outreach.design.formats import date_da, number_da
from registry.models import Citizen, ClosedReason, FollowUp, NextStepKind, Programme

from ..contact_plans import ContactPlan, doubts, step_words, working_days
from ..models import ContactPlanChange
from ..reasons import sentence
from ..sending_window import Window
from ..services.policies.previewing import Preview, Step
from .moments import stamp

CLOSED = "closed"


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
class CountRow:
    """One line of a preview: before, after, and the difference with its sign."""

    label: str
    before: int
    after: int
    difference: str
    tone: str


@dataclass(frozen=True)
class ExampleRow:
    """A citizen whose step moves: in words before and after."""

    citizen_id: int
    name: str
    cpr_masked: str
    programme: str
    before: str
    after: str


@dataclass(frozen=True)
class PreviewView:
    """What a change would do; `changes` is False when nobody's step or deadline moves."""

    headline: str
    changes: bool
    kinds: list[CountRow]
    calls: list[CountRow]
    deadlines: list[CountRow]
    duties: list[str]
    examples: list[ExampleRow]


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


def preview_view(preview: Preview, follow_ups: Mapping[int, FollowUp], citizens: Mapping[int, Citizen]) -> PreviewView:
    """The preview in words. `follow_ups` (with their programmes) and `citizens` are those of the examples."""
    figures = preview.figures
    kinds = _kind_rows(figures["kinds"])
    calls = _call_rows(figures["calls"])
    deadlines = _deadline_rows(figures["deadlines"])
    duties = _duty_words(figures)
    moved = figures["another_kind"] + figures["another_date"]
    return PreviewView(
        headline=_headline(figures, moved),
        changes=bool(moved or duties or any(row.before != row.after for row in deadlines)),
        kinds=kinds,
        calls=calls,
        deadlines=deadlines,
        duties=duties,
        examples=[
            ExampleRow(
                citizen_id=example.citizen_id,
                name=citizens[example.citizen_id].name,
                cpr_masked=citizens[example.citizen_id].cpr_masked,
                programme=follow_ups[example.follow_up_id].programme.name,
                before=_step_words(example.before),
                after=_step_words(example.after),
            )
            for example in preview.examples
            if example.citizen_id in citizens and example.follow_up_id in follow_ups
        ],
    )


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


def _headline(figures: Mapping[str, Any], moved: int) -> str:
    if not moved:
        return _("Ingen af de %(open)s åbne opfølgninger får et andet næste skridt i dag.") % {
            "open": number_da(figures["open"])
        }
    return _(
        "Af %(open)s åbne opfølgninger får %(kind)s et andet næste skridt, og %(date)s beholder skridtet på en ny dato."
    ) % {
        "open": number_da(figures["open"]),
        "kind": number_da(figures["another_kind"]),
        "date": number_da(figures["another_date"]),
    }


def _kind_rows(pairs: Sequence[tuple[str, str, int]]) -> list[CountRow]:
    before: dict[str, int] = {}
    after: dict[str, int] = {}
    for was, kind, number in pairs:
        before[was] = before.get(was, 0) + number
        after[kind] = after.get(kind, 0) + number
    order = [*NextStepKind.values, CLOSED]
    return [
        _row(_kind_words(kind), before.get(kind, 0), after.get(kind, 0))
        for kind in sorted(before | after, key=order.index)
    ]


def _kind_words(kind: str) -> str:
    return _("Afsluttes") if kind == CLOSED else str(NextStepKind(kind).label)


def _call_rows(calls: Mapping[str, int]) -> list[CountRow]:
    labels = {
        "today": _("Opkald i dag, også de ventende"),
        "tomorrow": _("Opkald i morgen"),
        "week": _("Opkald til og med søndag"),
    }
    return [_row(label, calls[f"{name}_before"], calls[f"{name}_after"]) for name, label in labels.items()]


def _deadline_rows(deadlines: Mapping[str, int]) -> list[CountRow]:
    labels = {
        "over_mandatory": _("Over fristen, pligt"),
        "late_mandatory": _("Første kontakt planlagt efter fristen, pligt"),
        "over_voluntary": _("Over fristen, frivillig"),
        "late_voluntary": _("Første kontakt planlagt efter fristen, frivillig"),
    }
    return [
        _row(label, deadlines[f"{name}_before"], deadlines[f"{name}_after"], fewer_is_better=True)
        for name, label in labels.items()
    ]


def _row(label: str, before: int, after: int, *, fewer_is_better: bool = False) -> CountRow:
    moved = after - before
    sign = "+" if moved > 0 else "−"
    tone = "" if not moved or not fewer_is_better else ("danger" if moved > 0 else "success")
    return CountRow(label, before, after, f"{sign}{number_da(abs(moved))}" if moved else "0", tone)


def _duty_words(figures: Mapping[str, Any]) -> list[str]:
    gained, lost = figures["duty_gained"], figures["duty_lost"]
    said = []
    if gained:
        said.append(
            ngettext("%(count)s opfølgning bliver pligt.", "%(count)s opfølgninger bliver pligt.", gained)
            % {"count": number_da(gained)}
        )
    if lost:
        said.append(
            ngettext("%(count)s opfølgning bliver frivillig.", "%(count)s opfølgninger bliver frivillige.", lost)
            % {"count": number_da(lost)}
        )
    return said


def _step_words(step: Step) -> str:
    if step.closed:
        return _("Afsluttes: %(reason)s") % {"reason": ClosedReason(step.closed).label}
    at: datetime | None = step.at
    return sentence(step.reason, step.detail, at)

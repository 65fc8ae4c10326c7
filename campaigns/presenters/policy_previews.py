"""What a change of a contact plan would do to today's queue, in words (K2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outreach.design.formats import number_da
from registry.models import Citizen, ClosedReason, FollowUp, NextStepKind

from ..reasons import sentence
from ..services.policies.previewing import Preview, Step

CLOSED = "closed"


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

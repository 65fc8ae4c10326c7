"""Whether a citizen who comes back on a list is asked again, why, and the sentence that says so (L8).

Pure: values in, values out. `sql/classify.sql` and `sql/commit_rows.sql` hold the same rule for a million rows; a test
holds them equal on random data.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Protocol

from django.utils.translation import gettext as _


class Why(StrEnum):
    """What opened a follow-up anew; `NOT` = it rests, and the earlier answer rides on the row."""

    LISTED = "listed"
    RESTED = "rested"
    OTHER_GROUP = "other_group"
    NOT = ""


@dataclass(frozen=True, slots=True)
class Reask:
    """One rule as it holds for a programme and a municipality; `after_days` None = time alone opens nothing."""

    when_listed: bool = False
    when_other_group: bool = False
    when_new_programme: bool = True
    after_days: int | None = None


# What holds where nobody has written a rule, and always for those who asked not to be contacted.
RESTS = Reask()
NEVER = Reask(when_new_programme=False)


class StoredRule(Protocol):
    """The columns of `models.ReaskRule`."""

    programme_id: int | None
    municipality_id: int | None
    closed_reason: str
    outcome: str
    when_listed: bool
    when_other_group: bool
    when_new_programme: bool
    after_days: int | None


Rules = Mapping[tuple[str, str], Reask]


def effective(stored: Iterable[StoredRule], *, programme: int, municipality: int) -> dict[tuple[str, str], Reask]:
    """(closed reason, answer or "") → the narrowest rule for this programme and municipality."""
    fitting = [
        rule
        for rule in stored
        if rule.programme_id in (None, programme) and rule.municipality_id in (None, municipality)
    ]
    # The narrowest comes last and stays: the municipality's own before the programme's, that before the common one.
    fitting.sort(key=lambda rule: (rule.municipality_id is not None, rule.programme_id is not None))
    return {
        (rule.closed_reason, rule.outcome): Reask(
            rule.when_listed, rule.when_other_group, rule.when_new_programme, rule.after_days
        )
        for rule in fitting
    }


def rule_for(rules: Rules, closed_reason: str, outcome: str) -> Reask:
    """The rule of a closed follow-up: of its answer, else of its reason."""
    if closed_reason == "do_not_contact":
        return NEVER
    return rules.get((closed_reason, outcome)) or rules.get((closed_reason, "")) or RESTS


def why_asked_again(
    rule: Reask,
    *,
    closed_on: date,
    reopen_on: date | None,
    group_before: str,
    group_now: str,
    today: date,
    barred: bool = False,
) -> Why:
    """Why a closed follow-up opens when a list names the citizen on `today`, or `Why.NOT`.

    `reopen_on` is the day somebody was told; without it `after_days` counts from the closing. `barred`: an answer in
    another programme forbids asking here.
    """
    if barred:
        return Why.NOT
    if rule.when_listed:
        return Why.LISTED
    rested = reopen_on
    if rested is None and rule.after_days is not None:
        rested = closed_on + timedelta(days=rule.after_days)
    if rested is not None and rested <= today:
        return Why.RESTED
    if rule.when_other_group and group_before and group_now and group_before != group_now:
        return Why.OTHER_GROUP
    return Why.NOT


def as_rows(rules: Rules, closed_reasons: Iterable[str], outcomes: Iterable[str]) -> list[dict[str, Any]]:
    """The rules as set-based SQL joins them: one row for each reason and answer, resolved here and only here."""
    answers = ["", *outcomes]
    return [
        {"closed_reason": reason, "outcome": outcome, **asdict(rule_for(rules, reason, outcome))}
        for reason in closed_reasons
        for outcome in answers
    ]


def sentence(
    why: str,
    *,
    closed_reason: str,
    closed_on: date | None,
    group_before: str = "",
    group_now: str = "",
) -> str:
    """`Sagde nej 08.04.2021 og spørges igen, fordi borgeren nu står i målgruppe 8 (før 7).`"""
    words: dict[str, str] = {
        Why.LISTED: _("fordi borgeren står på listen igen."),
        Why.RESTED: _("fordi svaret har hvilet den aftalte tid."),
        Why.OTHER_GROUP: _("fordi borgeren nu står i målgruppe %(now)s (før %(before)s).")
        % {"now": group_now, "before": group_before},
    }
    if why not in words:
        return ""
    return _("%(before)s og spørges igen, %(because)s") % {
        "before": _what_happened(closed_reason, closed_on),
        "because": words[why],
    }


def _what_happened(closed_reason: str, closed_on: date | None) -> str:
    words = {
        "declined": _("Sagde nej %(day)s"),
        "gone": _("Stod ikke længere på listen %(day)s"),
        "answered": _("Svarede %(day)s"),
        "attempts_documented": _("Kunne ikke træffes, afsluttet %(day)s"),
        "status": _("Blev afsluttet efter CPR-status %(day)s"),
        "moved": _("Var flyttet %(day)s"),
        "undone": _("Listen blev fortrudt %(day)s"),
    }.get(closed_reason, _("Blev afsluttet %(day)s"))
    return (words % {"day": f"{closed_on:%d.%m.%Y}" if closed_on else ""}).strip()

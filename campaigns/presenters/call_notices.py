"""What the caller must know before ringing: the language, a second record, a death that was told (K5, K8, C3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from registry.models import CitizenStatus, NextStepKind, Outcome, RelativeKind

from ..selectors.citizen_case import CitizenCase
from .contacts import relative_line
from .languages import language_name
from .programmes import last_answer_words


@dataclass(frozen=True)
class Notice:
    """A sentence above the talk, with a place to go where there is something to do."""

    tone: str
    text: str
    url: str = ""
    verb: str = ""
    # Something to do that changes things: posted, after a question.
    post_url: str = ""
    question: str = ""


def call_notices(case: CitizenCase, *, actor: Actor, now: datetime) -> list[Notice]:
    """In the order in which they matter."""
    found = [_other_record(case), _told_dead(case, actor), _language(case, actor)]
    return [each for each in found if each is not None]


def _other_record(case: CitizenCase) -> Notice | None:
    """Both records have been answered: a call before somebody has chosen might ask what was answered already."""
    if case.other_record is None:
        return None
    answers = [words for each in case.other_record.follow_ups.all() if (words := last_answer_words(each))]
    text = _("CPR siger, at borgeren også har stået her under et andet nummer, og der er svaret på begge.")
    if answers:
        text = _("%(text)s Under det andet nummer: %(answers)s.") % {"text": text, "answers": "; ".join(answers)}
    return Notice(
        "warning",
        _("%(text)s Vælg, hvilke svar der gælder, før du ringer.") % {"text": text},
        reverse("registry:citizen_differences"),
        _("Vælg, hvad der gælder"),
    )


def _told_dead(case: CitizenCase, actor: Actor) -> Notice | None:
    """A death told on the telephone ends the calls at once, and stays a word until somebody has looked it up (C3)."""
    told = [each for each in case.follow_ups if each.outcome == Outcome.DECEASED]
    if not told or case.citizen.status != CitizenStatus.ACTIVE:
        return None
    return Notice(
        "warning",
        _(
            "Vi har fået at vide, at borgeren er død, og kontakter ikke borgeren. CPR-status er ikke ændret endnu: "
            "Slå op i CPR, og bekræft, så alt arbejde og alle beskeder stopper for altid."
        ),
        verb=_("Bekræft dødsfaldet"),
        post_url=reverse("campaigns:citizen_dead", args=[case.citizen.pk])
        if actor.may(Permission.EDIT_CITIZENS)
        else "",
        question=_("Har du slået op i CPR, at borgeren er død? Så afsluttes alt, og intet sendes mere."),
    )


def _language(case: CitizenCase, actor: Actor) -> Notice | None:
    """K4, K8: who speaks the language just rings; otherwise the interpreter comes on the line first."""
    language = case.citizen.language
    steps = [each for each in case.open_follow_ups if each.next_step_kind == NextStepKind.INTERPRETER_CALL]
    if language == "da" and not steps and not case.citizen.needs_interpreter:
        return None
    name = language_name(language)
    if language != "da" and language in actor.languages:
        return Notice("info", _("Borgeren taler %(language)s, og det gør du også.") % {"language": name})
    if _with_relative(case, steps):
        return Notice("info", _with_relative(case, steps))
    if not steps and not case.citizen.needs_interpreter:
        return Notice("info", _("Borgeren taler %(language)s.") % {"language": name})
    return Notice(
        "info",
        _(
            "Opkald med tolk (%(language)s): Ring til tolken først, og tag så borgeren med på linjen. "
            "Er der ingen tolk nu, så aftal en tid med tolken, og vælg »Ring senere«."
        )
        % {"language": name},
    )


def _with_relative(case: CitizenCase, steps: Sequence[object]) -> str:
    if not any(getattr(each, "next_step_detail", {}).get("help") == "relative" for each in steps):
        return ""
    known = [relative_line(each) for each in case.relatives if each.kind == RelativeKind.RELATIVE]
    numbers = [f"{line.name} {line.number}".strip() for line in known]
    if not numbers:
        return _("Borgeren vil have en pårørende med på linjen: Spørg, hvem I kan ringe til.")
    return _("Ring sammen med en pårørende: %(people)s.") % {"people": "; ".join(numbers)}

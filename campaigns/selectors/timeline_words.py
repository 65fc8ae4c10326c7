"""One contact in words, for the timeline: how, with whom, what was answered and what belonged to it."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from outreach.design.formats import time_da
from popup_sites.local_times import hours_text
from registry.models import Barrier, Outcome

from ..models import (
    CallNeed,
    ContactAnswer,
    ContactAttempt,
    ContactKind,
    DialogueOutcome,
    LookupPlace,
    LookupResult,
    SpokeWith,
)
from ..sending_window import COPENHAGEN


def _lookup_text(attempt: ContactAttempt) -> str:
    """C4: how a look-up ended, and where somebody looked."""
    if attempt.lookup_result == LookupResult.NOT_WANTED:
        return _("Borgeren vil ikke oplyse et telefonnummer")
    places = [str(LookupPlace(each).label).lower() for each in attempt.lookup_places or []]
    if not places:
        return _("Intet telefonnummer fundet")
    return _("Intet telefonnummer fundet. Ledt her: %(places)s") % {"places": ", ".join(places)}


def attempt_text(attempt: ContactAttempt, names: dict[int, str]) -> str:
    """An attempt with what came of it; `names` are programmes to put in front of its answers. Answers are loaded."""
    answers = list(dict.fromkeys(_answer_text(each, names) for each in attempt.answers.all()))
    kind = ContactKind(attempt.kind).label
    if attempt.earlier_contacts_id is not None:
        who = f" ({attempt.by_name})" if attempt.by_name else ""
        text = _("Fra regneark %(day)s: %(answers)s%(who)s") % {
            "day": f"{attempt.at.astimezone(COPENHAGEN):%d.%m.%Y}",
            "answers": "; ".join(answers),
            "who": who,
        }
    elif attempt.kind == ContactKind.LOOKUP:
        text = _lookup_text(attempt)
    elif attempt.kind == ContactKind.LETTER:
        text = _("Brev sendt")
    elif attempt.kind == ContactKind.DIALOGUE and hasattr(attempt, "health_talk"):
        # That it was held and what came of it is for all; what was said in it is the advisers'.
        text = f"{kind}: {DialogueOutcome(attempt.health_talk.outcome).label}"
    else:
        text = _("%(kind)s: %(answers)s") % {"kind": kind, "answers": "; ".join(answers)} if answers else str(kind)
    return _("Fortrudt: %(text)s") % {"text": text} if attempt.undone_at else text


def _answer_text(answer: ContactAnswer, names: dict[int, str]) -> str:
    text = str(Outcome(answer.outcome).label)
    if answer.barrier:
        text = f"{text} ({Barrier(answer.barrier).label})"
    return with_programme(text, names.get(answer.follow_up_id, ""))


def spoke_with(attempt: ContactAttempt) -> str:
    """K8: who it was, unless the citizen, and in which language."""
    words = []
    if attempt.spoke_with not in (SpokeWith.CITIZEN, SpokeWith.NOBODY):
        who = attempt.spoke_with_name or str(SpokeWith(attempt.spoke_with).label).lower()
        words.append(_("Talte med: %(who)s.") % {"who": who})
    if attempt.interpreter_language:
        words.append(_("Med tolk."))
    return " ".join(words)


def told(attempt: ContactAttempt) -> str:
    """What belonged to the answers: a booked time, a pop-up, what is needed to get there, wishes. Said once."""
    words = []
    for answer in attempt.answers.all():
        if answer.booked_at is not None:
            at = answer.booked_at.astimezone(COPENHAGEN)
            clock = pgettext("clock time", "kl.")
            words.append(f"{at:%d.%m.} {clock} {time_da(at)}, {answer.booked_place}".rstrip(", "))
        if answer.session is not None:
            session = answer.session
            words.append(f"{session.site.name}, {hours_text(session.starts_at, session.ends_at)}")
        if answer.needs:
            words.append(", ".join(str(CallNeed(each).label) for each in answer.needs))
        if answer.wishes:
            words.append(_("Ønsker: %(wishes)s") % {"wishes": answer.wishes})
    return " ".join(f"{each}." for each in dict.fromkeys(words))


def with_programme(text: str, programme: str) -> str:
    """The programme first, where there are several."""
    return f"{programme}: {text}" if programme else text

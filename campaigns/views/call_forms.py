"""Between the answer form and the services: what the form offers for a case, and what a filled form says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from outreach.design.formats import number_da
from popup_sites.local_times import hours_text
from popup_sites.selectors.nearest import NearSession
from registry.models import Outcome, Relative, RelativeKind

from ..call_back_times import quick_times
from ..forms.answers import AnswerForm
from ..forms.call_choices import LEFT_OUT, SAME, CallChoices
from ..forms.outcome_groups import PER_PROGRAMME
from ..models import ContactKind, SpokeWith
from ..presenters.contacts import phone_line, relative_line
from ..presenters.languages import language_choices, language_name
from ..presenters.moments import clock, day_words, local_day
from ..presenters.people import guardian_to_inform, is_child
from ..selectors.citizen_case import CitizenCase
from ..services.answers import ALL, Contact, MemberSaid, Said

KIND_OF_RELATIVE = {
    RelativeKind.RELATIVE: SpokeWith.RELATIVE,
    RelativeKind.GUARDIAN: SpokeWith.GUARDIAN,
    RelativeKind.CUSTODY_HOLDER: SpokeWith.CUSTODY_HOLDER,
}


def choices_for(case: CitizenCase, sessions: Sequence[NearSession], now: datetime) -> CallChoices:
    """What the form offers for this citizen at this moment."""
    citizen, today = case.citizen, local_day(now)
    foreign = citizen.language != "da" or citizen.needs_interpreter
    lines = [(phone, phone_line(phone, no_sms=False)) for phone in case.phones if phone.wrong_since is None]
    return CallChoices(
        programmes=[(str(each.pk), each.programme.name) for each in case.open_follow_ups],
        household=[(str(each.citizen.pk), each.citizen.name) for each in case.household if each.follow_ups],
        people=_people(case, child=is_child(citizen, today)),
        sessions=[(str(each.session.pk), _session_words(each)) for each in sessions],
        phones=[(str(phone.pk), f"{line.number} · {line.kind}") for phone, line in lines],
        quick=[(each.code, _quick_words(each.code, each.at, now)) for each in quick_times(now)],
        languages=language_choices(),
        language=citizen.language,
        interpreted=language_name(citizen.language) if foreign else "",
        guardian=guardian_to_inform(case) is not None,
        child=is_child(citizen, today),
    )


def said_by(form: AnswerForm) -> dict[int, Said]:
    """The answers by follow-up key, or one under `ALL`; also from a form that lacks what is still to be filled in."""
    filled = form.cleaned_data
    common = _common(filled)
    if len(form.choices.programmes) < 2 or Outcome(filled["outcome"]) not in PER_PROGRAMME:
        return {ALL: common}
    said: dict[int, Said] = {}
    for key, _label in form.choices.programmes:
        own = filled.get(f"programme_{key}", "")
        if own != LEFT_OUT:
            said[int(key)] = _other(filled, f"programme_{key}", own) if own else common
    return said or {ALL: common}


def members_said(form: AnswerForm, case: CitizenCase) -> list[MemberSaid]:
    """What was learnt of others in the household."""
    filled, said = form.cleaned_data, []
    for member in case.household:
        name = f"member_{member.citizen.pk}"
        own = filled.get(name, "")
        if own:
            answer = _common(filled) if own == SAME else _other(filled, name, own)
            said.append(MemberSaid(member.citizen, answer))
    return said


def contact_of(form: AnswerForm, case: CitizenCase, *, kind: ContactKind = ContactKind.CALL) -> Contact:
    """Who was spoken with, by name where they are known (K8), and in which language."""
    filled = form.cleaned_data
    chosen, _separator, key = (filled.get("spoke_with") or SpokeWith.CITIZEN).partition(":")
    known = next((each for each in case.relatives if str(each.pk) == key), None)
    return Contact(
        kind=kind,
        spoke_with=chosen,
        spoke_with_name=relative_line(known).name if known else _written_name(filled, chosen),
        interpreter_language=case.citizen.language if filled.get("interpreter") else "",
        guardian_told=bool(filled.get("guardian_told")),
        note=filled.get("note") or "",
    )


def _written_name(filled: dict[str, Any], chosen: str) -> str:
    return "" if chosen in (SpokeWith.CITIZEN, SpokeWith.NOBODY) else filled.get("spoke_with_name") or ""


def _common(filled: dict[str, Any]) -> Said:
    return Said(
        outcome=filled["outcome"],
        barrier=filled.get("barrier") or "",
        call_back_at=filled.get("call_back_at"),
        session=_key(filled.get("session")),
        booked_at=filled.get("booked_at"),
        booked_place=filled.get("booked_place") or "",
        needs=tuple(filled.get("needs") or ()),
        wishes=filled.get("wishes") or "",
        topic=filled.get("topic") or "",
        worry=filled.get("worry") or "",
        talk_at=filled.get("talk_at"),
        wrong_phone=_key(filled.get("wrong_phone")),
        language=filled.get("language") or "" if filled["outcome"] == Outcome.LANGUAGE else "",
        language_help=filled.get("language_help") or "",
    )


def _other(filled: dict[str, Any], name: str, outcome: str) -> Said:
    return Said(outcome=outcome, barrier=filled.get(f"{name}_barrier") or "")


def _key(value: str | None) -> int | None:
    return int(value) if value else None


def _people(case: CitizenCase, *, child: bool) -> list[tuple[str, str]]:
    """The citizen, unless a child; everybody known round them; and somebody else."""
    people = [] if child else [(SpokeWith.CITIZEN.value, str(SpokeWith.CITIZEN.label))]
    known = (
        sorted(case.relatives, key=lambda each: each.kind != RelativeKind.CUSTODY_HOLDER) if child else case.relatives
    )
    people += [(f"{KIND_OF_RELATIVE[RelativeKind(each.kind)].value}:{each.pk}", _named(each)) for each in known]
    kinds = {each.kind for each in case.relatives}
    if child and RelativeKind.CUSTODY_HOLDER not in kinds:
        people.insert(0, (SpokeWith.CUSTODY_HOLDER.value, str(SpokeWith.CUSTODY_HOLDER.label)))
    if RelativeKind.GUARDIAN not in kinds and not child:
        people.append((SpokeWith.GUARDIAN.value, str(SpokeWith.GUARDIAN.label)))
    other = _("En anden pårørende") if RelativeKind.RELATIVE in kinds else _("Pårørende")
    return [*people, (SpokeWith.RELATIVE.value, other)]


def _named(relative: Relative) -> str:
    line = relative_line(relative)
    return line.name if relative.kind == RelativeKind.RELATIVE else f"{line.name} ({line.label.lower()})"


def _session_words(near: NearSession) -> str:
    when = hours_text(near.session.starts_at, near.session.ends_at)
    return _("%(place)s · %(when)s · %(distance)s km") % {
        "place": near.site.name,
        "when": when,
        "distance": number_da(near.distance_km, 1),
    }


def _quick_words(code: str, at: datetime, now: datetime) -> str:
    if code == "hour":
        return _("Om en time, %(clock)s") % {"clock": _hour(at)}
    if code == "afternoon":
        return _("I eftermiddag %(clock)s") % {"clock": _hour(at)}
    day = day_words(local_day(at), local_day(now))
    return f"{day[:1].upper()}{day[1:]} {_hour(at)}"


def _hour(at: datetime) -> str:
    """`kl. 15`, and `kl. 12.20` where it is not a whole hour."""
    return clock(at).removesuffix(".00")

"""The call screen (K5): who, why now, what to say, where there is room, and what has happened so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.design.formats import number_da
from popup_sites.local_times import hours_text
from popup_sites.selectors.nearest import NearSession
from registry.models import FollowUp

from ..models import CallScript
from ..selectors.citizen_case import CitizenCase
from .call_notices import Notice, call_notices
from .languages import language_name
from .people import PersonView, person_view
from .programmes import ProgrammeView, programme_view, reason_words
from .scripts import ScriptView, script_view


@dataclass(frozen=True)
class NearSite:
    """A row of "Nærmeste steder med plads"; `note` says how one gets in."""

    name: str
    when: str
    note: str
    distance: str
    free_places: int


@dataclass(frozen=True)
class ScriptLanguage:
    """A language the script can be read in."""

    code: str
    name: str
    chosen: bool


@dataclass(frozen=True)
class CallScreen:
    """Everything beside the form. `why` has one sentence per open programme, in the order of `programmes`."""

    person: PersonView
    programmes: list[ProgrammeView]
    why: list[str]
    scripts: list[ScriptView]
    sites: list[NearSite]
    speak_of_child: str
    notices: list[Notice]
    script_languages: list[ScriptLanguage]

    @property
    def several_programmes(self) -> bool:
        return len(self.programmes) > 1


def call_screen(
    case: CitizenCase,
    *,
    actor: Actor,
    scripts: Mapping[int, CallScript],
    sessions: Iterable[NearSession],
    languages: Sequence[str],
    now: datetime,
) -> CallScreen:
    """The screen for a case; `scripts` by programme id, `sessions` nearest first, `languages` with a script."""
    open_follow_ups = case.open_follow_ups
    person = person_view(case, now=now)
    fields = {
        "caller": actor.name.split(" ")[0],
        "organisation": actor.organisation_name,
        "citizen": person.main_number.whose_name if person.main_number else person.name,
    }
    return CallScreen(
        person=person,
        programmes=[programme_view(each, case.citizen, now=now) for each in open_follow_ups],
        why=_reasons(open_follow_ups, now),
        scripts=[
            script_view(each.programme, scripts[each.programme_id], fields)
            for each in open_follow_ups
            if each.programme_id in scripts
        ],
        sites=[_near_site(each) for each in sessions],
        speak_of_child=_speak_of_child(person),
        notices=call_notices(case, actor=actor, now=now),
        script_languages=_script_languages(languages, {each.language for each in scripts.values()}),
    )


def _script_languages(languages: Sequence[str], shown: set[str]) -> list[ScriptLanguage]:
    if len(languages) < 2:
        return []
    return [ScriptLanguage(code, language_name(code), code in shown) for code in languages]


def _speak_of_child(person: PersonView) -> str:
    if not person.is_child:
        return ""
    return _("Det er barnet, der er inviteret: Sig »%(name)s«, hvor der står »du«.") % {
        "name": person.name.split(" ")[0]
    }


def _reasons(follow_ups: Sequence[FollowUp], now: datetime) -> list[str]:
    named = [(each.programme.name, reason_words(each, now=now)) for each in follow_ups]
    if len({reason for _name, reason in named}) <= 1:
        return [reason for _name, reason in named[:1]]
    return [f"{name}: {reason}" for name, reason in named]


def _near_site(near: NearSession) -> NearSite:
    session = near.session
    if session.drop_in:
        note = _("uden tid")
    else:
        note = _("med tid")
    return NearSite(
        name=near.site.name,
        when=hours_text(session.starts_at, session.ends_at),
        note=note,
        distance=f"{number_da(near.distance_km, 1)}\N{NO-BREAK SPACE}km",
        free_places=near.free_places,
    )

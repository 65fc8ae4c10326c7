"""The texts of a wave: one approved version per language, with what is the same for everybody already known (S2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from outreach.design.formats import time_da
from outreach.errors import UserError
from popup_sites.models import VaccinationSession
from registry.models import Municipality

from ...message_texts import FIELD, first_name, municipality_title, render, require_sendable
from ...models import ContactPoint, MessageTemplate
from ...texts.catalogue import MESSAGES, NEUTRAL, PERSON
from ..texts.choosing import FALLBACK, in_use

# What may be sent to many: neutral, and written to a person. Receipts answer somebody and are not among them.
WAVE_TEXTS = tuple(text for text in MESSAGES if text.content_class == NEUTRAL and set(PERSON) <= set(text.fields))
ABOUT_SESSION = frozenset({"tid", "sted"})


@dataclass(frozen=True)
class WaveText:
    """One language's text; `fields` are those that are the same for every recipient."""

    template: MessageTemplate
    fields: Mapping[str, str]

    def body_for(self, name: str) -> str:
        """The text as this person will read it. Raises UserError for a name without a word (SS02)."""
        return render(self.template.body, {**self.fields, "fornavn": first_name(name), "navn": name})

    @property
    def used(self) -> frozenset[str]:
        """The fields it holds."""
        return frozenset(FIELD.findall(self.template.body))

    @property
    def names(self) -> str:
        """What of a name it holds: `none`, `first` or `whole`."""
        if "navn" in self.used:
            return "whole"
        return "first" if "fornavn" in self.used else "none"


def wave_texts(municipality: Municipality, code: str, session: VaccinationSession | None) -> dict[str, WaveText]:
    """Language → text, for every language with an approved version; Danish is always among them.

    Raises UserError `template_missing`, `template_health`, `wave_needs_session` and `wave_needs_phone`.
    """
    usable = list(MessageTemplate.objects.filter(code=code).usable())
    languages = {each.language for each in usable if each.municipality_id in (None, municipality.pk)}
    if FALLBACK not in languages:
        raise UserError("template_missing", _("Der er ingen godkendt sms-tekst »%(code)s« på dansk.") % {"code": code})
    found = {}
    for language in sorted(languages):
        template = in_use([each for each in usable if each.language == language], language, municipality.pk)
        if template is not None:
            require_sendable(template)
            found[language] = WaveText(template, _fields(municipality, session, language))
    _require_fields(found, session)
    return found


def pinned_texts(
    municipality: Municipality, ids: Mapping[str, int], session: VaccinationSession | None
) -> dict[str, WaveText]:
    """The versions that were approved with a wave. Raises UserError when one has been withdrawn since."""
    templates = MessageTemplate.objects.in_bulk(ids.values())
    found = {
        language: WaveText(templates[template_id], _fields(municipality, session, language))
        for language, template_id in ids.items()
        if template_id in templates
    }
    for text in found.values():
        require_sendable(text.template)
    return found


def _require_fields(texts: Mapping[str, WaveText], session: VaccinationSession | None) -> None:
    used = frozenset[str]().union(*(text.used for text in texts.values()))
    if used & ABOUT_SESSION and session is None:
        raise UserError("wave_needs_session", _("Teksten nævner tid og sted. Vælg den pop-up, den handler om."))
    if "telefon" in used and not next(iter(texts.values())).fields["telefon"]:
        raise UserError(
            "wave_needs_phone",
            _("Teksten nævner et telefonnummer, men kommunen har ikke skrevet et ind. Vælg en anden tekst."),
        )


def _fields(municipality: Municipality, session: VaccinationSession | None, language: str) -> dict[str, str]:
    point = ContactPoint.objects.filter(municipality=municipality).first()
    about = {"tid": _when(session, language), "sted": _where(session)} if session is not None else {}
    return {
        "kommune": municipality_title(municipality.code, municipality.name),
        "telefon": point.phone if point else "",
        **about,
    }


def _when(session: VaccinationSession, language: str) -> str:
    starts, ends = localtime(session.starts_at), localtime(session.ends_at)
    if language != FALLBACK:
        # Digits read the same in every language we write.
        return f"{starts:%d.%m.%Y} {starts:%H:%M}-{ends:%H:%M}"
    with override(FALLBACK):
        return f"{starts:%d.%m.} kl. {time_da(starts)}-{time_da(ends)}"


def _where(session: VaccinationSession) -> str:
    return f"{session.site.name}, {session.site.address}"

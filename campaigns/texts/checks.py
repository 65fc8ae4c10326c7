"""What a text must keep before anybody may use it: fields that exist, nothing about health, not too long. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from outreach.messaging.segments import count

from ..message_texts import MAX_SEGMENTS, render
from ..models import ContentClass
from .catalogue import SMS, TextDefinition
from .examples import EXAMPLE

FIELD = re.compile(r"{([^{}]*)}")
# S1: a text sent by SMS may not tell that somebody is on a list of people to be vaccinated. Stems, in lower case; a
# person approves besides, for no list of words is complete.
TELLING = {
    "da": ("vaccin", "covid", "corona", "influenza", "pneumokok", "smitte", "sygdom", "helbred", "dosis"),
    "en": ("vaccin", "covid", "corona", "flu shot", "influenza", "pneumococc", "infection", "disease", "health"),
    "ar": ("تطعيم", "لقاح", "كورونا", "كوفيد", "صحة"),
    "so": ("tallaal", "covid", "korona", "caafimaad"),
    "tr": ("aşı", "covid", "korona", "grip", "sağlık"),
    "ur": ("ویکسین", "کورونا", "کووڈ", "صحت"),
    "pl": ("szczep", "covid", "koronawirus", "gryp", "chorob", "zdrow"),
    "uk": ("вакцин", "щеплен", "ковід", "грип", "здоров"),
    "fa": ("واکسن", "کرونا", "کووید", "سلامتی"),
}
EVERYWHERE = ("vaccin", "vaksin", "covid", "corona", "korona")


# What even a draft may not hold.
UNREADABLE = frozenset({"field", "empty"})


@dataclass(frozen=True)
class Fault:
    """What is wrong, as a code and a sentence, and in which part of the content."""

    code: str
    part: str
    message: str


def faults(definition: TextDefinition, language: str, content: Mapping[str, Any]) -> list[Fault]:
    """Everything that keeps the text from being approved; empty when nothing does."""
    found = [
        Fault("field", part, _unknown_field(name, definition)) for part, name in _unknown_fields(definition, content)
    ]
    found += [Fault("empty", part, _("Skriv en tekst.")) for part in _empty_parts(definition, content)]
    if definition.kind == SMS:
        found += _message_faults(language, content, bool(found))
    return found


def telling_words(language: str, body: str) -> list[str]:
    """Words of the body that would tell what it is about (S1)."""
    folded = body.casefold()
    return [word for word in dict.fromkeys([*TELLING.get(language, ()), *EVERYWHERE]) if word in folded]


def texts_in(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each text of the content with the part it stands in."""
    for part, value in content.items():
        if isinstance(value, str):
            yield part, value
            continue
        for each in value:
            yield from ((part, text) for text in ([each] if isinstance(each, str) else each.values()))


def _unknown_fields(definition: TextDefinition, content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for part, text in texts_in(content):
        yield from ((part, name) for name in FIELD.findall(text) if name not in definition.fields)


def _unknown_field(name: str, definition: TextDefinition) -> str:
    known = ", ".join("{%s}" % each for each in definition.fields)  # noqa: UP031 - braces
    return _("Feltet {%(field)s} findes ikke her. Brug kun: %(known)s.") % {"field": name, "known": known}


def _empty_parts(definition: TextDefinition, content: Mapping[str, Any]) -> list[str]:
    optional = {"further", "closing", "content_class"}
    return [part for part, value in content.items() if part not in optional and not value]


def _message_faults(language: str, content: Mapping[str, Any], unreadable: bool) -> list[Fault]:
    if content["content_class"] == ContentClass.HEALTH:
        message = _("En tekst om helbred kan ikke sendes som sms og derfor ikke godkendes.")
        return [Fault("health", "content_class", message)]
    found = []
    words = telling_words(language, content["body"])
    if words and content["content_class"] == ContentClass.NEUTRAL:
        message = _("En neutral sms må ikke fortælle, hvad den handler om. Fjern: %(words)s.")
        found.append(Fault("telling", "body", message % {"words": ", ".join(f"»{word}«" for word in words)}))
    if not unreadable and count(render(content["body"], EXAMPLE)).segments > MAX_SEGMENTS:
        message = _("Sms'en fylder mere end %(parts)s dele. Forkort teksten.")
        found.append(Fault("long", "body", message % {"parts": MAX_SEGMENTS}))
    return found

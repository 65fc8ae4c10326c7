"""Parts of the personalised texts of a wave, exactly (S2).

Names that make a text equally long are counted together, and one of each kind is written out (1 M recipients: some ten
thousand kinds).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, replace

from django.utils.translation import gettext as _

from outreach.errors import UserError
from outreach.messaging.segments import BASIC, Segments, count

from ...message_texts import MAX_SEGMENTS, first_name
from ...selectors.waves_audience import AudienceCounts
from .texts import WaveText

_PLAIN = BASIC - set("\n\r")


@dataclass(frozen=True)
class TextCount:
    """One language's text: to how many, and the parts of all of them together; `forcing`: characters that make it
    UCS-2, with the number of recipients whose text holds them."""

    language: str
    template_id: int
    version: int
    recipients: int
    segments: int
    fewest: int
    most: int
    unicode: int
    forcing: dict[str, int]


@dataclass(frozen=True)
class _Tally:
    """Sums of one text, while it is measured."""

    recipients: int = 0
    segments: int = 0
    fewest: int = 0
    most: int = 0
    unicode: int = 0


def measure_texts(texts: dict[str, WaveText], counts: AudienceCounts) -> list[TextCount]:
    """How many parts each language makes with the recipients' names. Raises UserError `message_too_long` (SS01)."""
    tallies = dict.fromkeys(texts, _Tally())
    forcing: dict[str, Counter[str]] = {language: Counter() for language in texts}
    known: dict[tuple[str, int, int], Segments] = {}
    for each in counts.recipients:
        size = _size(texts[each.language], each.example, known)
        if size.segments > MAX_SEGMENTS:
            raise UserError(
                "message_too_long",
                _("Sms'en fylder mere end %(parts)s dele. Forkort teksten.") % {"parts": MAX_SEGMENTS},
            )
        tally = tallies[each.language]
        tallies[each.language] = replace(
            tally,
            recipients=tally.recipients + each.number,
            segments=tally.segments + each.number * size.segments,
            fewest=min(tally.fewest or size.segments, size.segments),
            most=max(tally.most, size.segments),
            unicode=tally.unicode + (each.number if size.encoding == "UCS-2" else 0),
        )
        for character in size.forcing_characters:
            forcing[each.language][character] += each.number
    return [
        TextCount(
            language=language,
            template_id=text.template.pk,
            version=text.template.version,
            forcing=dict(forcing[language].most_common(10)),
            **asdict(tallies[language]),
        )
        for language, text in texts.items()
        if tallies[language].recipients
    ]


def _size(text: WaveText, name: str, known: dict[tuple[str, int, int], Segments]) -> Segments:
    """The parts of one person's text. Names in plain letters of one length give texts of one length."""
    if not _PLAIN.issuperset(name):
        return count(text.body_for(name))
    whole = len(" ".join(name.split())) if text.names == "whole" else 0
    key = (text.template.language, len(first_name(name)), whole)
    size = known.get(key)
    if size is None:
        size = known[key] = count(text.body_for(name))
    return size

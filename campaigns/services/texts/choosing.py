"""Which version of a text is used: the newest that a person approved, own before common, else in Danish (S2)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from django.utils.translation import gettext as _

from outreach.errors import UserError
from registry.models import Programme

from ...message_texts import require_sendable
from ...models import CallScript, LetterText, MessageTemplate, TextVersion

FALLBACK = "da"
Version = TypeVar("Version", bound=TextVersion)


def sendable_template(code: str, language: str, *, municipality_id: int | None = None) -> MessageTemplate:
    """The SMS text to send: approved, not withdrawn, and nothing about health (S1).

    `language` is the citizen's (two letters). The municipality's own text goes before the common one, and both before
    the Danish ones; without `municipality_id` only common texts are looked at. Raises UserError `template_missing`.
    """
    return MessageTexts([code]).template(code, language, municipality_id)


def approved_script(programme: Programme, language: str, *, municipality_id: int | None = None) -> CallScript | None:
    """The script a caller reads from (K5): in the citizen's language where one is approved, else Danish, else none."""
    scripts = CallScript.objects.filter(programme=programme)
    return in_use(scripts.usable(), language, municipality_id)


def approved_letter(code: str, language: str, *, municipality_id: int | None = None) -> LetterText | None:
    """The letter's text (S9), chosen like a script."""
    return in_use(LetterText.objects.filter(code=code).usable(), language, municipality_id)


def in_use(versions: Iterable[Version], language: str, municipality_id: int | None) -> Version | None:
    """Of approved versions of one text: the language first, then whose it is, then the newest."""
    open_to = [
        each
        for each in versions
        if each.language in (language, FALLBACK) and each.municipality_id in (None, municipality_id)
    ]
    return max(
        open_to,
        key=lambda each: (each.language == language, each.municipality_id is not None, each.version),
        default=None,
    )


class MessageTexts:
    """The SMS texts of some codes, read once for a whole batch of messages."""

    def __init__(self, codes: Iterable[str]) -> None:
        self._usable: dict[str, list[MessageTemplate]] = {}
        for template in MessageTemplate.objects.filter(code__in=list(codes)).usable():
            self._usable.setdefault(template.code, []).append(template)

    def template(self, code: str, language: str, municipality_id: int | None) -> MessageTemplate:
        """As `sendable_template`, without a further query."""
        found = in_use(self._usable.get(code, []), language, municipality_id)
        if found is None:
            raise UserError(
                "template_missing", _("Der er ingen godkendt sms-skabelon »%(code)s« på dansk.") % {"code": code}
            )
        require_sendable(found)
        return found

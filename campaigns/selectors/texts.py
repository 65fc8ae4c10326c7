"""The library of texts as pages show it: what there is in which language, and the versions of one text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from outreach.access.actor import Actor
from registry.models import Programme

from ..models import CallScript, LetterText, MessageTemplate, TextState
from ..texts.catalogue import (
    LANGUAGES,
    LETTERS,
    MESSAGES,
    MODELS,
    SCRIPT,
    TextDefinition,
    definition,
    script_definition,
)

AnyText = MessageTemplate | CallScript | LetterText


@dataclass
class Shelf:
    """All versions of one text in one language that the actor may see, newest first, own before common."""

    text: TextDefinition
    language: str
    versions: list[AnyText] = field(default_factory=list)

    @property
    def used(self) -> AnyText | None:
        """The version in use in this very language: own before common, then the newest."""
        approved = [each for each in self.versions if each.state == TextState.APPROVED]
        return max(approved, key=lambda each: (each.municipality_id is not None, each.version), default=None)

    @property
    def draft(self) -> AnyText | None:
        """The newest draft that is newer than what is in use, if any."""
        used = self.used
        drafts = [each for each in self.versions if each.state == TextState.DRAFT and _is_newer(each, used)]
        return max(drafts, key=lambda each: (each.municipality_id is not None, each.version), default=None)

    @property
    def newest_own(self) -> int:
        """The number of the newest own version, 0 without one."""
        return max((each.version for each in self.versions if each.municipality_id is not None), default=0)


def _is_newer(version: AnyText, used: AnyText | None) -> bool:
    if used is None:
        return True
    if version.municipality_id == used.municipality_id:
        return version.version > used.version
    return version.municipality_id is not None


def definitions() -> list[TextDefinition]:
    """Every text there can be, in the order of the page."""
    scripts = [script_definition(each.code, each.name) for each in Programme.objects.order_by("id")]
    return [*MESSAGES, *scripts, *LETTERS]


def find_definition(kind: str, code: str) -> TextDefinition | None:
    """One text, or None for an address that nobody made."""
    if kind != SCRIPT:
        return definition(kind, code)
    programme = Programme.objects.filter(code=code).first()
    return script_definition(programme.code, programme.name) if programme else None


def library(actor: Actor) -> dict[tuple[str, str], dict[str, Shelf]]:
    """(kind, code) → language → its shelf; one query for each kind."""
    shelves = {
        (text.kind, text.code): {language: Shelf(text, language) for language in LANGUAGES} for text in definitions()
    }
    for kind in MODELS:
        for version in _versions(actor, kind):
            by_language = shelves.get((kind, _code(version)))
            if by_language is not None:
                text = next(iter(by_language.values())).text
                by_language.setdefault(version.language, Shelf(text, version.language)).versions.append(version)
    return shelves


def drafts_to_approve(actor: Actor) -> int:
    """Drafts written in the municipality by somebody else, that are newer than the version in use."""
    drafts = [shelf.draft for by_language in library(actor).values() for shelf in by_language.values()]
    return sum(
        draft is not None and draft.municipality_id is not None and draft.written_by_id != actor.user_id
        for draft in drafts
    )


def shelf(actor: Actor, text: TextDefinition, language: str) -> Shelf:
    """One text in one language."""
    mine = [each for each in _versions(actor, text.kind, language) if _code(each) == text.code]
    return Shelf(text, language, mine)


def _versions(actor: Actor, kind: str, language: str | None = None) -> Sequence[AnyText]:
    found: QuerySet[Any] = MODELS[kind].objects.visible_to(actor)
    if kind == SCRIPT:
        found = found.prefetch_related("programme")
    if language is not None:
        found = found.filter(language=language)
    # Own versions first: PostgreSQL puts NULLs last.
    return list(found.order_by("municipality", "-version"))


def _code(version: AnyText) -> str:
    return version.programme.code if isinstance(version, CallScript) else version.code

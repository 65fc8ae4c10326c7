"""The text library's pages: who approved what, how it reads with its fields filled in, and how long an SMS becomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from outreach.design.formats import datetime_da, number_da
from outreach.errors import UserError
from outreach.messaging.prices import cost_in_ore
from outreach.messaging.segments import CONCATENATED, SINGLE, count, forcing

from ..message_texts import MAX_SEGMENTS, render
from ..models import CallScript, LetterText, MessageTemplate, TextState
from ..selectors.texts import Shelf
from ..texts.catalogue import KIND_NAMES, TextDefinition
from ..texts.checks import faults, texts_in
from .languages import direction, language_codes, language_name
from .scripts import fill

AnyText = MessageTemplate | CallScript | LetterText
TONES = {TextState.APPROVED: "success", TextState.DRAFT: "warning", TextState.WITHDRAWN: ""}
PART_NAMES = {
    "opening": gettext_noop("Sådan begynder du"),
    "further": gettext_noop("Sådan fortsætter du"),
    "closing": gettext_noop("Sådan slutter du"),
    "answers": gettext_noop("Svar på bekymringer"),
}


@dataclass(frozen=True)
class Cell:
    """One text in one language: `state` in a word, `note` what else there is to know."""

    language: str
    url: str
    state: str
    tone: str
    note: str


@dataclass(frozen=True)
class LibraryRow:
    """One text with its languages."""

    title: str
    used_for: str
    cells: list[Cell]


@dataclass(frozen=True)
class Block:
    """A part of a text: its name, and its paragraphs; `heading` for each where they are answers to something."""

    name: str
    paragraphs: list[str] = field(default_factory=list)
    answers: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class VersionView:
    """One version as a page shows it."""

    id: int
    name: str
    state: str
    tone: str
    history: list[str]
    used: bool
    own: bool
    draft: bool
    restorable: bool
    withdrawable: bool
    faults: list[str]
    blocks: list[Block]
    direction: str
    language_code: str


@dataclass(frozen=True)
class Measure:
    """How long an SMS becomes with its fields filled in; `problem` instead when that cannot be said."""

    text: str = ""
    line: str = ""
    price: str = ""
    forcing: list[str] = field(default_factory=list)
    too_long: bool = False
    problem: str = ""


def library_rows(shelves: Mapping[tuple[str, str], Mapping[str, Shelf]], languages: list[str]) -> list[dict[str, Any]]:
    """The page's tables, one for each kind."""
    tables: dict[str, dict[str, Any]] = {}
    for (kind, _code), by_language in shelves.items():
        text = next(iter(by_language.values())).text
        cells = [_cell(text, language, by_language.get(language)) for language in languages]
        table = tables.setdefault(kind, {"kind": kind, "name": str(KIND_NAMES[kind]), "rows": []})
        table["rows"].append(LibraryRow(str(text.title), str(text.used_for), cells))
    return list(tables.values())


def _cell(text: TextDefinition, language: str, shelf: Shelf | None) -> Cell:
    used, draft = (shelf.used, shelf.draft) if shelf else (None, None)
    notes = []
    if used is not None:
        state, tone = _("godkendt"), "success"
        if used.municipality_id is not None:
            notes.append(_("jeres egen"))
        if draft is not None:
            notes.append(_("kladde venter"))
    elif draft is not None:
        state, tone = _("kladde"), "warning"
    else:
        state, tone = _("mangler"), ""
    url = reverse("campaigns:text", args=[text.kind, text.code, language])
    return Cell(language, url, state, tone, ", ".join(notes))


def version_view(version: AnyText, shelf: Shelf, fields: Mapping[str, str] | None = None) -> VersionView:
    """A version with its history; with `fields` filled in where they are known."""
    used, own, state = shelf.used, version.municipality_id is not None, version.state
    wrong = [each.message for each in faults(shelf.text, version.language, content_of(version))]
    return VersionView(
        id=version.pk,
        name=(_("Jeres udgave %(number)s") if own else _("Fælles udgave %(number)s")) % {"number": version.version},
        state=str(state.label),
        tone=TONES[state],
        history=_history(version),
        used=used is not None and used.pk == version.pk,
        own=own,
        draft=state == TextState.DRAFT,
        restorable=state == TextState.WITHDRAWN
        or (state == TextState.APPROVED and used is not None and used.pk != version.pk),
        withdrawable=own and state != TextState.WITHDRAWN,
        faults=wrong if state == TextState.DRAFT else [],
        blocks=blocks(version, fields or {}),
        direction=direction(version.language),
        language_code=version.language,
    )


def blocks(version: AnyText, fields: Mapping[str, str]) -> list[Block]:
    """The version's parts; an unknown field stays readable as it stands."""
    if isinstance(version, CallScript):
        parts = [("opening", version.opening), ("further", version.further), ("closing", version.closing)]
        lines = [Block(_(PART_NAMES[part]), [fill(each, fields) for each in value]) for part, value in parts if value]
        answers = [(fill(each["worry"], fields), fill(each["answer"], fields)) for each in version.answers]
        return [*lines, Block(_(PART_NAMES["answers"]), answers=answers)] if answers else lines
    if isinstance(version, LetterText):
        return [Block(fill(version.title, fields), fill(version.body, fields).split("\n\n"))]
    return [Block("", [fill(version.body, fields)])]


def content_of(version: AnyText) -> dict[str, Any]:
    """The parts of a version."""
    return {part: getattr(version, part) for part in version.content}


def _history(version: AnyText) -> list[str]:
    lines = [
        _line(_("Skrevet"), version.written_at, version.written_by_name),
        _line(_("Godkendt"), version.approved_at, version.approved_by_name),
        _line(_("Trukket tilbage"), version.withdrawn_at, version.withdrawn_by_name),
    ]
    return [line for line in lines if line] + ([version.note] if version.note else [])


def _line(what: str, at: datetime | None, name: str) -> str:
    if at is None:
        return ""
    day = datetime_da(timezone.localtime(at))
    return f"{what} {day} · {name}" if name else f"{what} {day}"


def measure(body: str, fields: Mapping[str, str], ore_per_segment: Decimal | None) -> Measure:
    """Segments and price of the text with its fields filled in, and which characters make it longer (S2)."""
    try:
        text = render(body, fields)
    except UserError as problem:
        return Measure(problem=problem.message)
    size = count(text)
    room = SINGLE[size.encoding] if size.segments <= 1 else CONCATENATED[size.encoding] * size.segments
    parts = ngettext("%(parts)s sms-del", "%(parts)s sms-dele", size.segments) % {"parts": size.segments}
    line = _("%(parts)s · %(units)s af %(room)s tegn") % {"parts": parts, "units": size.units, "room": room}
    return Measure(
        text=text,
        line=line,
        price=price_words(size.segments, ore_per_segment),
        forcing=[_forcing_words(each.character, each.name, each.positions) for each in forcing(text)[:10]],
        too_long=size.segments > MAX_SEGMENTS,
    )


def price_words(segments: int, ore_per_segment: Decimal | None) -> str:
    """`58 øre for hver modtager`; says so where nobody has written the price down."""
    if ore_per_segment is None:
        return _("Prisen er ikke skrevet ind")
    ore = cost_in_ore(segments, ore_per_segment)
    return _("%(ore)s øre for hver modtager") % {"ore": number_da(ore, 0 if ore == ore.to_integral_value() else 2)}


def _forcing_words(character: str, name: str, positions: tuple[int, ...]) -> str:
    shown = ", ".join(str(each) for each in positions[:5]) + (" …" if len(positions) > 5 else "")
    places = _("tegn nr. %(places)s") % {"places": shown}
    visible = f"»{character}«" if character.isprintable() and not character.isspace() else f"U+{ord(character):04X}"
    return f"{visible} ({name.capitalize()}) – {places}"


def missing_fields(version: AnyText, fields: Mapping[str, str]) -> list[str]:
    """Fields of the text that this person has no value for (SS02)."""
    named = {name for _part, text in texts_in(content_of(version)) for name in _names(text)}
    return sorted(name for name in named if not fields.get(name))


def _names(text: str) -> set[str]:
    return {piece.split("}")[0] for piece in text.split("{")[1:]}


def languages_beyond(shown: list[str]) -> list[tuple[str, str]]:
    """Languages one may translate into besides those with a column, by name."""
    others = [(code, language_name(code)) for code in language_codes() if code not in shown]
    return sorted(others, key=lambda each: each[1])

"""What the caller may say: the programme's script with its fields filled in (K5). Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from registry.models import Programme

from ..models import CallScript
from .languages import direction, language_name

FIELD = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class WorryLine:
    """A worry citizens voice, and what may be answered."""

    worry: str
    answer: str


@dataclass(frozen=True)
class ScriptView:
    """One programme's script."""

    programme: str
    language: str
    language_code: str
    direction: str
    lines: list[str]
    further: list[str]
    closing: list[str]
    worries: list[WorryLine]


def script_view(programme: Programme, script: CallScript, fields: Mapping[str, str]) -> ScriptView:
    """The script with `{caller}`, `{organisation}`, `{citizen}` and `{programme}` filled in."""
    filled = {**fields, "programme": programme.name}
    return ScriptView(
        programme=programme.name,
        language=language_name(script.language),
        language_code=script.language,
        direction=direction(script.language),
        lines=[fill(line, filled) for line in script.opening],
        further=[fill(line, filled) for line in script.further],
        closing=[fill(line, filled) for line in script.closing],
        worries=[WorryLine(fill(each["worry"], filled), fill(each["answer"], filled)) for each in script.answers],
    )


def fill(text: str, fields: Mapping[str, str]) -> str:
    """Put values into `{name}`; a field we do not know stays readable as it stands."""
    return FIELD.sub(lambda match: fields.get(match[1], match[0]), text)

"""What a caseworker's own answer by SMS may say (S1): refused where it must not be sent, warned where a person decides.

Pure. An SMS is an open postcard: no CPR number may stand in it, and that somebody is or is not vaccinated is health
information. No list of words is complete, so the rule errs on the side of asking.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from outreach.messaging.segments import Segments, count

# Shorter than a template may be: one who needs more should call.
MOST_SEGMENTS = 4
# Ten digits as a CPR number is written: day (also + 60), month, year, four more. Spaces and dots in between count.
_CPR = re.compile(
    r"(?<!\d)([0-3]\d|[67-9]\d)[\s./-]?(0\d|1[0-2])[\s./-]?\d{2}[\s./-]{0,3}[0-9A-Za-z]\d{3}(?![\dA-Za-z])"
)
_FIELD = re.compile(r"\{[^{}]*\}")
# Beginnings of words that tell of health, in the languages caseworkers write.
HEALTH_WORDS = (
    "vaccin", "vaksin", "corona", "korona", "covid", "smitte", "smittet", "influenza", "pneumokok", "dosis", "doser",
    "stikke", "bivirkning", "sygdom", "syg ", "diagnose", "medicin", "læge", "sygehus", "hospital", "behandling",
    "allergi", "gravid", "test", "positiv", "negativ", "booster", "shot", "illness", "disease", "doctor", "jab",
)  # fmt: skip


class Problem(StrEnum):
    """What is wrong with a text. All but HEALTH forbid it."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    CPR = "cpr"
    FIELD = "field"
    HEALTH = "health"


@dataclass(frozen=True)
class Checked:
    """The text as it would be sent, how many SMS it becomes, and what is wrong with it."""

    text: str
    size: Segments
    problems: tuple[Problem, ...]
    health_words: tuple[str, ...]

    @property
    def forbidden(self) -> tuple[Problem, ...]:
        return tuple(each for each in self.problems if each != Problem.HEALTH)


def check_reply(text: str) -> Checked:
    """Judge an answer that somebody has typed; nothing in it is changed but the spaces around it."""
    cleaned = text.replace("\r\n", "\n").strip()
    size = count(cleaned)
    words = health_words(cleaned)
    found = {
        Problem.EMPTY: not cleaned,
        Problem.TOO_LONG: size.segments > MOST_SEGMENTS,
        Problem.CPR: has_cpr(cleaned),
        Problem.FIELD: _FIELD.search(cleaned) is not None,
        Problem.HEALTH: bool(words),
    }
    return Checked(cleaned, size, tuple(problem for problem, holds in found.items() if holds), words)


def has_cpr(text: str) -> bool:
    """Whether something is written like a CPR number: `010161-1234`, `010161 1234`, `0101611234`, also day + 60."""
    return _CPR.search(text) is not None


def health_words(text: str) -> tuple[str, ...]:
    """The words that tell of health, as they are written, each once."""
    words = re.findall(r"[^\W\d_]+", text)
    return tuple(dict.fromkeys(word for word in words if f"{word.casefold()} ".startswith(HEALTH_WORDS)))

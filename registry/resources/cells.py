"""Cells of a spreadsheet as values and back: Danish days and decimals, codes, choices; sentences for what is wrong."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, TextChoices
from django.utils.translation import gettext as _
from import_export import widgets

from outreach.design.fields import DanishDateField
from outreach.design.formats import date_da

from ..birth_years import birth_year_words, years_of

# In a cell: every municipality, programme or answer.
ALL = "alle"
YES, NO = "ja", "nej"


class TextCell(widgets.Widget):
    """A text; an empty cell is an empty text."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        return str(value or "").strip()


class DayCell(widgets.Widget):
    """A day as `21.04.2021`."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> date | None:
        try:
            return DanishDateField(required=False).clean(str(value or ""))
        except ValidationError as error:
            raise ValueError(error.messages[0]) from None

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return date_da(value) if value else ""


class DecimalCell(widgets.Widget):
    """A number with decimals, with comma or point."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> float | None:
        text = str(value or "").strip().replace(",", ".")
        try:
            return float(text) if text else None
        except ValueError:
            raise ValueError(_("»%(text)s« er ikke et tal.") % {"text": text[:40]}) from None

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return "" if value is None else str(value).replace(".", ",")


class WholeCell(widgets.Widget):
    """A whole number, which a cell must have unless it is `optional`."""

    def __init__(self, *, optional: bool = False) -> None:
        super().__init__()
        self.optional = optional

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> int | None:
        text = str(value or "").strip()
        if not text and self.optional:
            return None
        if not (text.isascii() and text.isdigit()) or len(text) > 6:
            raise ValueError(_("»%(text)s« er ikke et helt tal.") % {"text": text[:40]})
        return int(text)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return "" if value is None else value


class YesNoCell(widgets.Widget):
    """Yes or no, as a word."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool:
        text = str(value or "").strip().casefold()
        if text not in (YES, NO):
            raise ValueError(_("»%(text)s« kendes ikke. Skriv ja eller nej.") % {"text": text[:40]})
        return text == YES

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return YES if value else NO


class YearsCell(widgets.Widget):
    """Birth years as people write them: `1972–1976, til 1936`."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> list[int]:
        return years_of(str(value or ""))

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return birth_year_words(value or [])


class ChoiceCell(widgets.Widget):
    """One of our choices by the word the pages show, or by its code; with `all_of_them` also none, for every one."""

    def __init__(self, choices: type[TextChoices], *, all_of_them: bool = False) -> None:
        super().__init__()
        self.choices, self.all_of_them = choices, all_of_them

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        text = str(value or "").strip()
        if self.all_of_them and text.casefold() in ("", ALL):
            return ""
        for choice, label in self.choices.choices:
            if text.casefold() in (str(choice).casefold(), str(label).casefold()):
                return str(choice)
        known = ", ".join(str(label) for _choice, label in self.choices.choices)
        raise ValueError(_("»%(text)s« kendes ikke. Skriv en af: %(known)s.") % {"text": text[:40], "known": known})

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        if value:
            return str(self.choices(value).label)
        return ALL if self.all_of_them else ""


class CodeCell(widgets.Widget):
    """Another row by its code (parish, programme). `digits` pads a number with zeros; an empty cell is none, which
    with `all_of_them` means every one."""

    def __init__(self, model: type[Model], *, digits: int = 0, all_of_them: bool = False) -> None:
        super().__init__()
        self.model, self.digits, self.all_of_them = model, digits, all_of_them

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Model | None:
        text = str(value or "").strip()
        if not text or (self.all_of_them and text.casefold() == ALL):
            return None
        fits = not self.digits or (text.isascii() and text.isdigit() and len(text) <= self.digits)
        found = self.model._base_manager.filter(code=text).first() if fits else None
        if found is None:
            raise ValueError(_("Koden »%(text)s« findes ikke.") % {"text": text[:40]})
        return found

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        if value is None:
            return ALL if self.all_of_them else ""
        return str(value.code).zfill(self.digits)

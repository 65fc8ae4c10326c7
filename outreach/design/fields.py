"""Date and time fields that take what Danes type and show it back as 21.04.2021 and 9.14."""

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

DATE_FORMATS = ("%d.%m.%Y", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%y", "%d-%m-%y", "%d/%m/%y", "%Y-%m-%d")
TIME_FORMATS = ("%H.%M", "%H:%M", "%H")
# Beyond these years no day of ours lies, and reckoning with them overflows.
EARLIEST, LATEST = dt.date(1850, 1, 1), dt.date(2999, 12, 31)


class DanishDateField(forms.DateField):
    """A day typed as `21.04.2021`, `21-4-2021`, `210421` or `2021-04-21`."""

    default_error_messages: ClassVar = {"invalid": _("Skriv datoen som dag, måned og år, fx 21.04.2021.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("input_formats", DATE_FORMATS)
        kwargs.setdefault("help_text", _("Fx 21.04.2021"))
        attrs = {"class": "date-input", "inputmode": "numeric", "autocomplete": "off"}
        kwargs.setdefault("widget", forms.DateInput(format="%d.%m.%Y", attrs=attrs))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> dt.date | None:
        """Reads the day. Six or eight digits get their dots first: strptime would take 210421 for the year 421."""
        if isinstance(value, str) and value.strip().isdigit() and len(value.strip()) in (6, 8):
            digits = value.strip()
            value = f"{digits[:2]}.{digits[2:4]}.{digits[4:]}"
        day = super().to_python(value)
        if day is not None and not EARLIEST <= day <= LATEST:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class DanishTimeField(forms.TimeField):
    """A time of day typed as `9.14`, `09:14`, `0914` or `9`."""

    default_error_messages: ClassVar = {"invalid": _("Skriv klokkeslættet som timer og minutter, fx 9.15.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("input_formats", TIME_FORMATS)
        kwargs.setdefault("help_text", _("Fx 9.15"))
        attrs = {"class": "date-input", "inputmode": "decimal", "autocomplete": "off"}
        kwargs.setdefault("widget", forms.TimeInput(format="%H.%M", attrs=attrs))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> dt.time | None:
        """Reads the time. Three or four digits get their dot first: strptime would take 14 for 1.04, 214 for 21.04."""
        if isinstance(value, str) and value.strip().isdigit() and len(value.strip()) in (3, 4):
            digits = value.strip()
            value = f"{digits[:-2]}.{digits[-2:]}"
        return super().to_python(value)

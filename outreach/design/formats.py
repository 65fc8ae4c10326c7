"""Ways of writing figures, dates, phone numbers and CPR numbers.

Values in, text out. Domain section 8: dates 21.04.2021, decimals 92,4, thousands 1.041, phone 12 34 56 78.
Figures and clock times are written the same way in both languages of the interface; days follow the language.
"""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import get_language, pgettext

UNKNOWN = "–"
MASK = "••••"
# In code, as Danish days have no month name that a translation could stand beside.
ENGLISH_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def cpr_masked(cpr: str | None) -> str:
    """The birth date part of a CPR number with the last four characters hidden: `010161-••••`.

    Anything shorter than ten characters is hidden whole, so that a broken number never shows its tail.
    """
    compact = "".join((cpr or "").split()).replace("-", "")
    if not compact:
        return UNKNOWN
    return f"{compact[:6]}-{MASK}" if len(compact) == 10 else f"••••••-{MASK}"


def phone_spaced(phone: str | None) -> str:
    """A phone number as people read it aloud: `12 34 56 78`, abroad `+46 70 123 45 67` left as it came."""
    text = (phone or "").strip()
    if not text:
        return UNKNOWN
    compact = text.replace(" ", "")
    for prefix in ("+45", "0045"):
        if compact.startswith(prefix) and len(compact) == len(prefix) + 8:
            compact = compact[len(prefix) :]
    if len(compact) == 8 and compact.isdigit():
        return " ".join(compact[start : start + 2] for start in range(0, 8, 2))
    return text


def number_da(number: float | Decimal | None, decimals: int = 0) -> str:
    """A number with full stop between thousands and comma before decimals: `1.041`, `92,4`; None is `–`."""
    if number is None:
        return UNKNOWN
    rounded = Decimal(str(number)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    if rounded == 0:
        rounded = abs(rounded)  # never "-0"
    english = f"{rounded:,.{decimals}f}"
    return english.translate(str.maketrans(",.", ".,"))


def percent_da(share: float | Decimal | None, decimals: int = 1) -> str:
    """A share given in percent (0–100): `7,5 %` with a no-break space; None is `–`."""
    return UNKNOWN if share is None else f"{number_da(share, decimals)}\N{NO-BREAK SPACE}%"


def date_da(day: dt.date | None) -> str:
    """`21.04.2021`, in English `21 Apr 2021`; None is `–`."""
    if day is None:
        return UNKNOWN
    return f"{_english_day(day)} {day.year:04d}" if _in_english() else f"{day:%d.%m}.{day.year:04d}"


def day_month(day: dt.date | None) -> str:
    """`20.04.`, in English `20 Apr`; None is `–`."""
    if day is None:
        return UNKNOWN
    return _english_day(day) if _in_english() else f"{day:%d.%m}."


def time_da(moment: dt.datetime | dt.time | None) -> str:
    """`9.14` in both languages; None is `–`."""
    return UNKNOWN if moment is None else f"{moment.hour}.{moment.minute:02d}"


def datetime_da(moment: dt.datetime | None) -> str:
    """`20.04.2021 kl. 9.14`, in English `20 Apr 2021, 9.14`, in the zone the moment carries; None is `–`."""
    if moment is None:
        return UNKNOWN
    if _in_english():
        return f"{date_da(moment)}, {time_da(moment)}"
    clock = pgettext("clock time", "kl.")
    return f"{date_da(moment)} {clock} {time_da(moment)}"


def weekday_da(day: dt.date | None) -> str:
    """`ons. 21.04.`, in English `Wed 21 Apr`; None is `–`."""
    return UNKNOWN if day is None else f"{_weekday(day)} {day_month(day)}"


def weekday_year_da(day: dt.date | None) -> str:
    """`ons. 21.04.2021`, in English `Wed 21 Apr 2021`; None is `–`."""
    return UNKNOWN if day is None else f"{_weekday(day)} {date_da(day)}"


def _weekday(day: dt.date) -> str:
    names = (
        pgettext("weekday", "man."),
        pgettext("weekday", "tirs."),
        pgettext("weekday", "ons."),
        pgettext("weekday", "tors."),
        pgettext("weekday", "fre."),
        pgettext("weekday", "lør."),
        pgettext("weekday", "søn."),
    )
    return names[day.weekday()]


def _english_day(day: dt.date) -> str:
    return f"{day.day} {ENGLISH_MONTHS[day.month - 1]}"


def _in_english() -> bool:
    return (get_language() or "").startswith("en")

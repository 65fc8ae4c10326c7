"""Phone numbers: from what people type or spreadsheets make of it to E.164, and what may get an SMS."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

# Digits and the signs people group them with; no letters, other scripts' digits or second numbers ("/").
WRITTEN_NUMBER = re.compile(r"\(?\+?[0-9(][0-9().\- ]*")
LONGEST = 10**15  # E.164 has at most fifteen digits
SPREADSHEET_FLOAT = re.compile(r"([0-9]+)\.0+")
SENDABLE_TYPES = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
MOBILE_WORDS = {
    "mobil",
    "mobile",
    "mobiltelefon",
    "mobilnummer",
    "mob",
    "mob.",
    "m",
    "sms",
}
LANDLINE_WORDS = {
    "fastnet",
    "fast",
    "landline",
    "hjemme",
    "fastnettelefon",
    "hjemmetelefon",
    "f",
}


class PhoneKind(StrEnum):
    """What a number is said to be. The number itself cannot tell: Danish mobiles and landlines share one plan
    with number portability, and libphonenumber answers "fixed line or mobile" for all of them."""

    MOBILE = "mobile"
    LANDLINE = "landline"
    UNKNOWN = "unknown"


def normalise(raw: str | float | None) -> str | None:
    """`20 12 34 56`, `004520123456`, `20123456.0` as `+4520123456`; None for whatever is no valid number.

    Invisible characters go; visible junk, scientific notation and two numbers in one cell make it None
    (PH01, PH08, PH09). Eight digits without country code are Danish.
    """
    text = _as_text(raw)
    if text is None or not WRITTEN_NUMBER.fullmatch(text):
        return None
    try:
        number = phonenumbers.parse(text, "DK")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _as_text(raw: str | float | None) -> str | None:
    if raw is None or isinstance(raw, bool):
        return None
    if isinstance(raw, int | float):
        return str(int(raw)) if 0 < raw < LONGEST and not raw % 1 else None
    visible = "".join(
        " " if character.isspace() else character
        for character in raw
        if unicodedata.category(character) not in {"Cf", "Cc"} or character.isspace()
    ).strip()
    spreadsheet_float = SPREADSHEET_FLOAT.fullmatch(visible)
    return spreadsheet_float[1] if spreadsheet_float else visible


def is_sendable(e164: str) -> bool:
    """Whether an SMS may go to this number: no premium, service or free number, no short code (PH04)."""
    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.number_type(number) in SENDABLE_TYPES


def national(e164: str) -> str:
    """`+4520123456` as `20 12 34 56`; foreign numbers with country code; what is no number unchanged."""
    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return e164
    if number.country_code != 45:
        return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    digits = str(number.national_number)
    return " ".join(digits[start : start + 2] for start in range(0, len(digits), 2))


def guess_kind(stated: str | None) -> PhoneKind:
    """What the source calls the number ("Mobil", "fastnet"); UNKNOWN when it says nothing we know."""
    word = (stated or "").strip().casefold()
    if word in MOBILE_WORDS:
        return PhoneKind.MOBILE
    return PhoneKind.LANDLINE if word in LANDLINE_WORDS else PhoneKind.UNKNOWN

"""Keeps CPR numbers, phone numbers and message texts out of the logs (A4, ASVS 16.2.5). Rather too much."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from math import isfinite
from typing import Any
from uuid import UUID

CPR_MARKER = "[cpr]"
PHONE_MARKER = "[telefon]"
OMITTED_MARKER = "[udeladt]"

# Values under these names are left out whole: what people wrote follows no pattern.
OMITTED_KEYS = frozenset(
    {
        "body",
        "text",
        "sms_text",
        "message_text",
        "message_body",
        "note",
        "notes",
        "cpr",
        "cpr_number",
        "phone",
    }
    | {
        "phone_number",
        "number",
        "mobile",
        "to",
        "password",
        "token",
        "secret",
        "authorization",
        "cookie",
    }
)
DEEPEST = 8
LONGEST_NUMBER = 10**15  # E.164 has at most fifteen digits

SPACE = "[ \u00a0\u202f]"
HYPHEN = "[-\u2010-\u2015\u2212]"
# Identifiers first: a reference or a checksum must stay whole, or nothing can be traced.
KEPT = r"(?P<kept>\b[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\b|\b(?=\w*[a-fA-F])[0-9a-fA-F]{32,}\b)"
BIRTH_DATE = r"(?:[0-2]\d|3[01]|[67]\d|8\d|9[01])(?:0[1-9]|1[0-2])\d\d"
CPR = (
    rf"(?P<cpr>(?<!\d)\d{{6}}{SPACE}?{HYPHEN}?{SPACE}?\d{{4}}(?!\d)"
    rf"|(?<!\d)\d\d(?P<between>[ ./-])\d\d(?P=between)\d\d(?:{SPACE}|{HYPHEN}){{0,3}}\d{{4}}(?!\d)"
    rf"|(?<!\w){BIRTH_DATE}{HYPHEN}?(?=\w{{0,3}}[A-Za-z])[0-9A-Za-z]{{4}}(?!\w))"
)
GROUPED = (
    rf"[2-9]\d{{7}}|[2-9]\d{{3}}{SPACE}\d{{4}}|[2-9]\d(?:{SPACE}\d\d){{3}}|[2-9]\d{SPACE}\d{{6}}"
    rf"|[2-9]\d(?:{HYPHEN}\d\d){{3}}|[2-9]\d{SPACE}\d{{3}}{SPACE}\d{{3}}"
)
PHONE = rf"(?P<phone>(?<![\d.])(?:(?:\+|00)?45{SPACE}?{HYPHEN}?{SPACE}?)?(?:{GROUPED})(?!\d)|\+\d{{8,15}}(?!\d))"
PERSONAL_NUMBER = re.compile(f"{KEPT}|{CPR}|{PHONE}")
CPR_NUMBER = re.compile(f"{KEPT}|{CPR}")


def redact(text: str) -> str:
    """`text` with markers for CPR numbers (also with hyphen or blanks, and eCPR) and phone numbers."""
    return PERSONAL_NUMBER.sub(_marker, text)


def redact_cpr(text: str) -> str:
    """`text` with markers for CPR numbers only: eight digits of a file's name are a date more often than a phone."""
    return CPR_NUMBER.sub(lambda match: match["kept"] or CPR_MARKER, text)


def _marker(match: re.Match[str]) -> str:
    if match["kept"]:
        return match["kept"]
    return CPR_MARKER if match["cpr"] else PHONE_MARKER


def redact_value(value: Any, *, depth: int = 0) -> Any:
    """Any value for a log: texts redacted, containers gone through, other objects as redacted repr."""
    if value is None or isinstance(value, bool | UUID | date | time | timedelta):
        return value
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, int | float | Decimal):
        return OMITTED_MARKER if _is_personal_number(value) else value
    if depth >= DEEPEST:
        return OMITTED_MARKER
    if isinstance(value, Mapping):
        return {_redacted_key(key): _entry(key, inner, depth) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        redacted = [redact_value(inner, depth=depth + 1) for inner in value]
        return tuple(redacted) if isinstance(value, tuple) else redacted
    if isinstance(value, bytes | bytearray | memoryview):
        return f"<{len(bytes(value))} bytes>"
    return redact(repr(value))


def _is_personal_number(value: float | Decimal) -> bool:
    """Whether a spreadsheet may have turned a CPR or phone number into this one."""
    if not isinstance(value, int) and not isfinite(value):
        return False
    if not -LONGEST_NUMBER < value < LONGEST_NUMBER:
        return False
    written = str(int(value)) if value == int(value) else str(value)
    return redact(written) != written


def _redacted_key(key: Any) -> Any:
    return redact(key) if isinstance(key, str) else redact_value(key)


def _entry(key: Any, value: Any, depth: int) -> Any:
    if isinstance(key, str) and key.lower() in OMITTED_KEYS and value is not None:
        return OMITTED_MARKER
    return redact_value(value, depth=depth + 1)


def redact_event(logger: Any, method: str, event_dict: Mapping[str, Any]) -> dict[str, Any]:
    """structlog processor; stands after the one that formats exceptions, right before the renderer."""
    return {_redacted_key(key): _event_entry(key, value) for key, value in event_dict.items()}


def _event_entry(key: str, value: Any) -> Any:
    # structlog's own entries (the record, the logger) are objects that later processors need.
    return value if key.startswith("_") or key == "exc_info" else _entry(key, value, 0)


PLAIN_ATTRIBUTES = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


class RedactingFilter(logging.Filter):
    """For handlers: redacts message, arguments, extras, exception and stack of every record that passes.

    The exception's text is appended to the message, so that no formatter renders the original.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.msg, Mapping):  # structlog's wrapped event
            record.msg = redact_event(None, record.levelname, record.msg)
        else:
            record.msg, record.args = redact(self._whole_text(record)), ()
            record.exc_info = record.exc_text = record.stack_info = None
        for name in vars(record).keys() - PLAIN_ATTRIBUTES:
            if not name.startswith("_") and isinstance(getattr(record, name), str | int | Mapping | list | tuple):
                setattr(record, name, _entry(name, getattr(record, name), 0))
        return True

    def _whole_text(self, record: logging.LogRecord) -> str:
        parts = [record.getMessage()]
        if record.exc_info and record.exc_info[0]:
            parts.append(record.exc_text or logging.Formatter().formatException(record.exc_info))
        if record.stack_info:
            parts.append(record.stack_info)
        return "\n".join(parts)

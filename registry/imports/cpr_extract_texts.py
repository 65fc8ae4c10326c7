"""The Danish sentences for a CPR extract that is refused, and for what was left out of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _


def refusal_sentences(values: Mapping[str, Any]) -> dict[str, str]:
    """By code; `line` is the line in the file, `said` and `found` are numbers of records."""
    line = values.get("line")
    return {
        "cpr_no_end": _("CPR-udtrækket er ikke helt: slutrecorden (999) mangler. Hent udtrækket igen."),
        "cpr_no_start": _("CPR-udtrækket er ikke helt: startrecorden (000) mangler. Hent udtrækket igen."),
        "cpr_count": _(
            "CPR-udtrækket er ikke helt: slutrecorden siger %(said)s records, og der er %(found)s. Hent udtrækket igen."
        )
        % {"said": values.get("said"), "found": values.get("found")},
        "cpr_order": _(
            "Linje %(line)s i CPR-udtrækket står forkert: en persons records skal stå samlet og begynde med 001, "
            "og start- og slutrecord skal stå først og sidst. Hent udtrækket igen."
        )
        % {"line": line},
        "cpr_short": _("Linje %(line)s i CPR-udtrækket er for kort og er skåret over. Hent udtrækket igen.")
        % {"line": line},
    }


def unread_warnings(dropped: Sequence[str]) -> list[dict[str, Any]]:
    """What the reader left out: record types with their number of lines, and a file that could not be checked."""
    warnings: list[dict[str, Any]] = []
    for each in dropped:
        kind, colon, count = each.partition(":")
        if colon and count.isdecimal():
            text = _("Recordtype %(kind)s bruges ikke og er sprunget over.") % {"kind": kind}
            warnings.append({"code": "record_unknown", "count": int(count), "message": text})
        elif each == "unchecked":
            text = _("Udtrækket har ingen start- og slutrecord, så det kan ikke ses, om det er helt.")
            warnings.append({"code": "extract_unchecked", "count": 1, "message": text})
    return warnings

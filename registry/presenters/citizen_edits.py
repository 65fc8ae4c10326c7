"""Numbers, edits and possible duplicates in words. Never queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from outreach.design.formats import date_da, phone_spaced

from ..models import Citizen, CitizenEdit, Phone, PhoneKind
from .lists import moment_words


@dataclass(frozen=True, slots=True)
class PhoneLine:
    """A number, where it comes from, and what may be said of it."""

    id: int
    number: str
    facts: str
    wrong: str
    is_mobile: bool
    is_landline: bool


@dataclass(frozen=True, slots=True)
class EditNote:
    """A field somebody changed by hand."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class DuplicateLine:
    """Somebody who may be the same person."""

    id: int
    name: str
    protected: bool
    facts: str


def phone_lines(phones: Iterable[Phone]) -> list[PhoneLine]:
    """Each number with its source, who found it and when, and whether it was found wrong (C4)."""
    return [
        PhoneLine(
            id=phone.pk,
            number=phone_spaced(phone.number),
            facts=_("%(kind)s · %(source)s, %(who)s %(when)s")
            % {
                "kind": phone.get_kind_display(),
                "source": phone.get_source_display().lower(),
                "who": phone.found_by_name,
                "when": moment_words(phone.found_at),
            },
            wrong=_wrong(phone),
            is_mobile=phone.kind == PhoneKind.MOBILE,
            is_landline=phone.kind == PhoneKind.LANDLINE,
        )
        for phone in phones
    ]


def edit_notes(edits: Iterable[CitizenEdit]) -> list[EditNote]:
    """Which fields are kept against files, by whom, and what stood there before."""
    return [
        EditNote(
            field=str(edit.get_field_display()),
            text=_("rettet af %(who)s %(when)s, før: %(old)s")
            % {"who": edit.edited_by_name, "when": moment_words(edit.edited_at), "old": edit.old_value or "–"},
        )
        for edit in edits
    ]


def duplicate_lines(citizens: Iterable[Citizen], *, today: date) -> list[DuplicateLine]:
    """People with the same number, or the same name and birth date."""
    return [
        DuplicateLine(
            each.pk,
            each.name,
            each.is_protected(today),
            _("født %(day)s") % {"day": date_da(each.birth_date)} if each.birth_date else "",
        )
        for each in citizens
    ]


def _wrong(phone: Phone) -> str:
    if phone.wrong_since is None:
        return ""
    return _("%(reason)s · markeret af %(who)s %(when)s") % {
        "reason": phone.wrong_reason or _("Forkert nummer"),
        "who": phone.wrong_by_name or "–",
        "when": moment_words(phone.wrong_since),
    }

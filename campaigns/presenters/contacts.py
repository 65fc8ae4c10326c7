"""Phone numbers with their source, and the people around a citizen, in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from outreach.design.formats import day_month, phone_spaced
from registry.models import Phone, PhoneKind, PhoneSource, Relative, RelativeKind

from .moments import local_day


@dataclass(frozen=True)
class PhoneLine:
    """One number with its source. `tel` is E.164 for the link."""

    id: int
    number: str
    tel: str
    kind: str
    source: str
    wrong: str
    no_sms: bool


@dataclass(frozen=True)
class RelativeLine:
    """A relative, guardian or custody holder; `informed` says when a guardian was told (K8)."""

    label: str
    name: str
    number: str
    tel: str
    informed: str
    must_inform: bool


def phone_line(phone: Phone, *, no_sms: bool) -> PhoneLine:
    """A number, unsealed; `no_sms` when its owner has opted out."""
    return PhoneLine(
        id=phone.pk,
        number=phone_spaced(phone.number),
        tel=phone.number,
        kind=str(PhoneKind(phone.kind).label),
        source=_source(phone),
        wrong=_wrong(phone),
        no_sms=no_sms,
    )


def _source(phone: Phone) -> str:
    day = day_month(local_day(phone.found_at))
    words = {
        PhoneSource.SYSTEM: _("fagsystem %(day)s"),
        PhoneSource.RELATIVE: _("oplyst af pårørende %(day)s"),
        PhoneSource.CITIZEN: _("oplyst af borgeren %(day)s"),
        PhoneSource.LOOKED_UP: _("fundet af %(name)s %(day)s") if phone.found_by_name else _("slået op %(day)s"),
    }
    return words[PhoneSource(phone.source)] % {"day": day, "name": phone.found_by_name.split(" ")[0]}


def _wrong(phone: Phone) -> str:
    if phone.wrong_since is None:
        return ""
    day = day_month(local_day(phone.wrong_since))
    return _("forkert siden %(day)s") % {"day": day}


def relative_line(relative: Relative) -> RelativeLine:
    """A relative, with the number to reach them on."""
    label = RelativeKind(relative.kind).label
    informed = ""
    if relative.kind == RelativeKind.GUARDIAN:
        told = relative.informed_at
        informed = _("orienteret %(day)s") % {"day": day_month(local_day(told))} if told else _("ikke orienteret")
    return RelativeLine(
        label=str(label),
        name=f"{relative.name}, {relative.relation}" if relative.relation else relative.name,
        number=phone_spaced(relative.phone) if relative.phone else "",
        tel=relative.phone,
        informed=informed,
        must_inform=relative.kind == RelativeKind.GUARDIAN and relative.informed_at is None,
    )

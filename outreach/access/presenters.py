"""Keys for other systems in words. Never queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from outreach.design.formats import date_da, time_da

from .models import ApiKey


@dataclass(frozen=True, slots=True)
class KeyLine:
    """One key on the page."""

    id: int
    label: str
    prefix: str
    created: str
    expires: str
    used: str
    state: str
    tone: str
    holds: bool


def key_line(row: ApiKey, now: datetime) -> KeyLine:
    """A key with its state at `now`."""
    expired = row.expires_at <= now
    state, tone = _("Gælder"), "success"
    if row.revoked_at is not None:
        state, tone = _("Spærret"), "danger"
    elif expired:
        state, tone = _("Udløbet"), "warning"
    return KeyLine(
        id=row.pk,
        label=row.label,
        prefix=row.prefix,
        created=_("%(day)s af %(who)s") % {"day": _day(row.created_at), "who": row.created_by_name},
        expires=_day(row.expires_at),
        used=_moment(row.last_used_at) if row.last_used_at else _("aldrig"),
        state=state,
        tone=tone,
        holds=row.revoked_at is None and not expired,
    )


def _day(moment: datetime) -> str:
    return date_da(timezone.localtime(moment).date())


def _moment(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{date_da(local.date())} {time_da(local)}"

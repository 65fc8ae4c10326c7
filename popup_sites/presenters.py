"""What the pages show of sessions and notices, prepared from loaded rows. Never queries."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from outreach.design.formats import datetime_da, number_da, weekday_da

from .local_times import COPENHAGEN, hours_text, local_day
from .models import NoticeKind, SessionNotice, SessionStatus, VaccinationSession

_STATUS_TONE = {
    SessionStatus.PLANNED: "",
    SessionStatus.PUBLISHED: "success",
    SessionStatus.CANCELLED: "danger",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A badge: its words and its tone ("" is neutral)."""

    text: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One session in a table."""

    id: int
    site_id: int
    site_name: str
    municipality: str
    kind: str
    invented: bool
    when: str
    round_text: str
    team: str
    vaccine: str
    access: str
    room: str
    free: Mark
    status: Mark
    notice: Mark
    reason: str
    may_publish: bool
    publishes_both: bool
    may_change: bool
    may_plan_second: bool
    # Published and not over: people may be told of it.
    may_invite: bool


@dataclass(frozen=True, slots=True)
class NoticeEntry:
    """What the municipality was told, and how it answered."""

    id: int
    heading: str
    sent_at: datetime
    answer: Mark
    detail: str
    facts: list[tuple[str, str]] = field(default_factory=list)


def session_rows(sessions: Iterable[VaccinationSession], now: datetime, *, may_plan: bool = False) -> list[SessionRow]:
    """Rows for sessions loaded by `selectors.sessions`; `may_plan` opens the planner's actions."""
    return [_row(session, now, may_plan) for session in sessions]


def _row(session: VaccinationSession, now: datetime, may_plan: bool) -> SessionRow:
    second = _live_second_round(session)
    open_still = session.ends_at > now and session.status != SessionStatus.CANCELLED
    planned = session.status == SessionStatus.PLANNED
    site = session.site
    return SessionRow(
        id=session.pk,
        site_id=site.pk,
        site_name=site.name,
        municipality=site.municipality.name,
        kind=site.get_kind_display(),
        invented=site.invented,
        when=when_text(session, now),
        round_text=_round_text(session, second),
        team=session.team.name if session.team else _("Intet hold endnu"),
        vaccine=session.vaccine,
        access=access_text(drop_in=session.drop_in, by_appointment=session.by_appointment),
        room=_room_text(session),
        free=_free_mark(session),
        status=Mark(session.get_status_display(), _STATUS_TONE[SessionStatus(session.status)]),
        notice=notice_mark(list(session.notices.all())),
        reason=_cancel_reason(session),
        may_publish=may_plan and open_still and planned,
        publishes_both=second is not None and second.status == SessionStatus.PLANNED,
        may_change=may_plan and open_still,
        may_plan_second=may_plan
        and session.status != SessionStatus.CANCELLED
        and session.second_round_of_id is None
        and second is None,
        may_invite=session.status == SessionStatus.PUBLISHED and session.ends_at > now,
    )


def when_text(session: VaccinationSession, now: datetime) -> str:
    """Opening hours, with the year when it is not this one."""
    other_year = local_day(session.starts_at).year != local_day(now).year
    return hours_text(session.starts_at, session.ends_at, with_year=other_year)


def access_text(*, drop_in: bool, by_appointment: bool) -> str:
    """How one gets in: with or without a time."""
    if drop_in and by_appointment:
        return _("Med eller uden tid")
    return _("Kun med tid") if by_appointment else _("Uden tid")


def notice_mark(notices: list[SessionNotice]) -> Mark:
    """How far the newest notice has come; `notices` newest first."""
    if not notices:
        return Mark(_("Ikke sendt"))
    newest = notices[0]
    if newest.acknowledged_at is not None:
        return Mark(_("Kvitteret"), "success")
    return Mark(_("Læst, ikke kvitteret") if newest.read_at else _("Ikke læst"), "warning")


def notice_entries(notices: Iterable[SessionNotice]) -> list[NoticeEntry]:
    """Notices as told, newest first, with the municipality's answer to each."""
    return [
        NoticeEntry(
            id=notice.pk,
            heading=f"{notice.get_kind_display()}: {_hours_told(notice.told)}",
            sent_at=notice.sent_at,
            answer=notice_mark([notice]),
            detail=_answer(notice),
            facts=_facts(notice),
        )
        for notice in sorted(notices, key=lambda each: (each.sent_at, each.pk), reverse=True)
    ]


def _live_second_round(session: VaccinationSession) -> VaccinationSession | None:
    second = getattr(session, "second_round", None)
    return second if second is not None and second.status != SessionStatus.CANCELLED else None


def _round_text(session: VaccinationSession, second: VaccinationSession | None) -> str:
    if session.second_round_of is not None:
        return _("Anden runde efter %(day)s") % {"day": weekday_da(local_day(session.second_round_of.starts_at))}
    if second is not None:
        return _("Anden runde %(day)s") % {"day": weekday_da(local_day(second.starts_at))}
    return ""


def _room_text(session: VaccinationSession) -> str:
    if session.status == SessionStatus.CANCELLED:
        return "–"
    return _("%(free)s af %(capacity)s pladser er frie") % {
        "free": number_da(session.free_places),
        "capacity": number_da(session.capacity),
    }


def _free_mark(session: VaccinationSession) -> Mark:
    if session.status == SessionStatus.CANCELLED:
        return Mark("–")
    tone = "danger" if session.free_places == 0 else ""
    return Mark(f"{number_da(session.free_places)} / {number_da(session.capacity)}", tone)


def _cancel_reason(session: VaccinationSession) -> str:
    """Why it was cancelled, where the status rows were loaded with the session."""
    loaded = getattr(session, "_prefetched_objects_cache", {}).get("status_changes", ())
    return next((change.reason for change in loaded if change.to_status == SessionStatus.CANCELLED), "")


def _answer(notice: SessionNotice) -> str:
    """Who answered or read it, when, and the remark."""
    if notice.acknowledged_at is not None:
        by = f"{notice.acknowledged_by_name}, {_at(notice.acknowledged_at)}"
        return f"{by}: {notice.remark}" if notice.remark else by
    return f"{notice.read_by_name}, {_at(notice.read_at)}" if notice.read_at is not None else ""


def _at(moment: datetime) -> str:
    return datetime_da(moment.astimezone(COPENHAGEN))


def _hours_told(told: dict[str, Any]) -> str:
    return hours_text(
        datetime.fromisoformat(told["starts_at"]), datetime.fromisoformat(told["ends_at"]), with_year=True
    )


def _facts(notice: SessionNotice) -> list[tuple[str, str]]:
    told = notice.told
    second = told["second_round_starts_at"]
    facts = [
        (_("Hvor"), f"{told['site']}, {told['address']}"),
        (_("Vaccine"), f"{told['programme']}, {told['vaccine']}"),
        (_("Plads til"), _("%(number)s borgere") % {"number": number_da(told["capacity"])}),
        (_("Adgang"), access_text(drop_in=told["drop_in"], by_appointment=told["by_appointment"])),
        (_("Anden runde"), weekday_da(local_day(datetime.fromisoformat(second))) if second else ""),
        (_("Begrundelse"), told["reason"] if notice.kind == NoticeKind.CANCELLED else ""),
    ]
    return [(label, value) for label, value in facts if value]

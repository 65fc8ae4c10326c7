"""All that has happened to one citizen, newest first: lists, the authority's letters, messages, calls, answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from registry.models import (
    Citizen,
    CitizenEdit,
    ClosedReason,
    EditedField,
    FollowUp,
    FollowUpChange,
    PhoneSource,
)
from registry.selectors.reask import reask_sentence

from ..models import (
    BookingChange,
    BookingState,
    ContactAttempt,
    ContactKind,
    InboundMessage,
    MessageStatus,
    ReplyAct,
    SmsMessage,
)
from ..sending_window import at_hour
from .timeline_around import chain_events, letter_events
from .timeline_words import attempt_text, spoke_with, told, with_programme

# The authority's own reminder letter comes four weeks after the invitation [002] (K3).
REMINDER_AFTER = timedelta(days=28)
DAY_STARTS = 8


@dataclass(frozen=True)
class TimelineEntry:
    """One event. `kind` is for icons and filters, `detail` for what is said below the line."""

    at: datetime
    kind: str
    text: str
    by_name: str = ""
    detail: str = ""


def timeline(citizen: Citizen, *, until: datetime | None = None) -> list[TimelineEntry]:
    """The citizen's events, newest first; with `until` none after it (the reminder letter may lie ahead).

    A fixed number of queries, however long the story is.
    """
    follow_ups = list(citizen.follow_ups.select_related("programme").order_by("id"))
    several = len(follow_ups) > 1
    names = {each.pk: each.programme.name for each in follow_ups}
    entries = [
        *_list_entries(citizen, names if several else {}),
        *_authority_entries(follow_ups, several),
        *_message_entries(citizen),
        *_reply_entries(citizen),
        # Before the attempts: a letter is made before it is sent.
        *(TimelineEntry(*event) for event in letter_events(citizen)),
        *_attempt_entries(citizen, names if several else {}),
        *_phone_entries(citizen),
        *_booking_entries(citizen),
        *(TimelineEntry(*event) for event in chain_events(citizen)),
        *_edit_entries(citizen),
    ]
    kept = entries if until is None else [entry for entry in entries if entry.at <= until]
    return sorted(kept, key=lambda entry: entry.at)[::-1]  # of the same minute, what came last stands first


def _list_entries(citizen: Citizen, names: dict[int, str]) -> list[TimelineEntry]:
    changes = FollowUpChange.objects.filter(follow_up__citizen=citizen).select_related("follow_up").order_by("at", "id")
    return [
        TimelineEntry(
            change.at,
            f"list_{change.kind}",
            with_programme(_change_text(change), names.get(change.follow_up_id, "")),
            change.by_name,
            detail=reask_sentence(change),
        )
        for change in changes
    ]


def _change_text(change: FollowUpChange) -> str:
    if change.kind == FollowUpChange.Kind.SEEN_AGAIN:
        return _("Stadig på listen, %(week)s. uge") % {"week": change.week or 1}
    if change.kind == FollowUpChange.Kind.CLOSED:
        known = change.reason in ClosedReason.values
        return _("Afsluttet: %(reason)s") % {"reason": ClosedReason(change.reason).label if known else change.reason}
    if change.kind == FollowUpChange.Kind.REOPENED:
        return _("Svaret er fortrudt") if change.reason == "answer_undone" else _("Åbnet igen")
    # L9: opened without a list.
    if change.reason == "selection":
        return _("Med i kommunens eget udvalg")
    if change.reason == "case":
        return _("Sag oprettet efter henvendelse")
    return _("På listen første gang")


def _authority_entries(follow_ups: list[FollowUp], several: bool) -> list[TimelineEntry]:
    entries = []
    for each in follow_ups:
        if each.invited_on is None:
            continue
        name = each.programme.name if several else ""
        entries.append(_authority(each.invited_on, "invited", _("Inviteret af SSI"), name))
        reminded = each.invited_on + REMINDER_AFTER
        entries.append(_authority(reminded, "reminder", _("Påmindelsesbrev fra SSI"), name))
    return entries


def _authority(day: date, kind: str, text: str, programme: str) -> TimelineEntry:
    return TimelineEntry(at_hour(day, DAY_STARTS), kind, with_programme(text, programme))


def _message_entries(citizen: Citizen) -> list[TimelineEntry]:
    messages = SmsMessage.objects.filter(citizen=citizen).order_by("queued_at", "id")
    return [
        TimelineEntry(
            message.handed_over_at or message.status_at,
            "sms",
            message_text(message),
            detail=message.error_text or message.body,
        )
        for message in messages
    ]


def message_text(message: SmsMessage) -> str:
    """`Sms: Leveret`."""
    return _("Sms: %(status)s") % {"status": MessageStatus(message.status).label}


def _reply_entries(citizen: Citizen) -> list[TimelineEntry]:
    """S7: what the citizen wrote back, from conversations that are theirs."""
    replies = InboundMessage.objects.filter(conversation__citizen=citizen).order_by("received_at", "id")
    entries = []
    for reply in replies:
        act = str(ReplyAct(reply.act).label) if reply.act else ""
        text = _("Svar på sms: %(act)s") % {"act": act} if act else _("Svar på sms")
        entries.append(TimelineEntry(reply.received_at, "reply", text, detail=reply.body or ""))
    return entries


def _attempt_entries(citizen: Citizen, names: dict[int, str]) -> list[TimelineEntry]:
    # An SMS has its own entry, with what became of it.
    attempts = ContactAttempt.objects.filter(citizen=citizen).exclude(kind=ContactKind.SMS, earlier_contacts=None)
    return [
        TimelineEntry(
            attempt.at,
            attempt.kind if attempt.earlier_contacts_id is None else "imported",
            attempt_text(attempt, names),
            attempt.by_name if attempt.earlier_contacts_id is None else "",
            detail=" ".join(part for part in (spoke_with(attempt), told(attempt), attempt.note or "") if part),
        )
        for attempt in attempts.select_related("health_talk")
        .prefetch_related("answers__session__site")
        .order_by("at", "id")
    ]


def _booking_entries(citizen: Citizen) -> list[TimelineEntry]:
    changes = BookingChange.objects.filter(request__citizen=citizen).exclude(to_state=BookingState.DRAFT)
    return [
        TimelineEntry(
            change.at,
            "booking",
            _("Booking: %(state)s") % {"state": BookingState(change.to_state).label},
            change.by_name,
            detail=change.reason or "",
        )
        for change in changes.order_by("at", "id")
    ]


def _edit_entries(citizen: Citizen) -> list[TimelineEntry]:
    """The newest change by hand of each field; all of them are in the access log."""
    return [
        TimelineEntry(
            edit.edited_at,
            "edited",
            _("%(field)s rettet") % {"field": EditedField(edit.field).label},
            edit.edited_by_name,
        )
        for edit in CitizenEdit.objects.filter(citizen=citizen).order_by("edited_at", "id")
    ]


def _phone_entries(citizen: Citizen) -> list[TimelineEntry]:
    entries = []
    for phone in citizen.phones.order_by("found_at", "id"):
        if phone.source != PhoneSource.SYSTEM:
            text, how = _("Telefonnummer fundet"), f"{phone.get_source_display()}, {phone.get_kind_display()}"
            entries.append(TimelineEntry(phone.found_at, "phone_found", text, phone.found_by_name, detail=how))
        if phone.wrong_since is not None:
            text, by_name = _("Telefonnummer virker ikke"), phone.wrong_by_name
            entries.append(TimelineEntry(phone.wrong_since, "phone_wrong", text, by_name, detail=phone.wrong_reason))
    return entries

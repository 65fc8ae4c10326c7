"""Conversations in plain words: who writes, what they probably mean, what to do about it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from outreach.messaging.numbers import national
from registry.models import Outcome

from ..models import Conversation, InboundMessage, MessageStatus, ReplyAct, ReplyKind, SmsMessage
from ..selectors.inbox import InboxCounts, Thread
from .moments import clock, moment_words

SNIPPET = 90
_TONES = {
    ReplyKind.STOP: "warning",
    ReplyKind.MAYBE_STOP: "warning",
    ReplyKind.RING: "accent",
    ReplyKind.MAYBE_RING: "accent",
    ReplyKind.YES: "success",
    ReplyKind.NO: "danger",
    ReplyKind.DECEASED: "danger",
    ReplyKind.WRONG_NUMBER: "warning",
}
# What the page proposes, and the outcome that the form then starts with.
_PROPOSALS = {
    ReplyKind.STOP: (gettext_lazy("Nummeret er frameldt sms. Bekræft, eller fortryd, hvis det ikke var ment."), ""),
    ReplyKind.START: (gettext_lazy("Vil gerne have sms'er igen. Tilmeld nummeret, hvis det er i orden."), ""),
    ReplyKind.RING: (gettext_lazy("Vil ringes op. Læg et opkald i køen."), ""),
    ReplyKind.MAYBE_RING: (gettext_lazy("Vil måske ringes op. Læs, hvornår, og læg et opkald i køen."), ""),
    ReplyKind.YES: (gettext_lazy("Siger ja. Vælg, hvad det er ja til, og gem det som svar."), Outcome.BOOKS_SELF),
    ReplyKind.NO: (gettext_lazy("Siger nej. Gem det som svar, eller ring og hør hvorfor."), Outcome.DECLINED),
    ReplyKind.WRONG_NUMBER: (
        gettext_lazy("Måske forkert nummer. Gem det som svar, så finder vi et andet."),
        Outcome.WRONG_NUMBER,
    ),
    ReplyKind.DECEASED: (
        gettext_lazy("Nogen skriver måske, at borgeren er død. Ring og hør, før du gemmer noget."),
        "",
    ),
    ReplyKind.MAYBE_STOP: (
        gettext_lazy("Vil måske ikke have flere sms'er. Frameld nummeret, hvis det er ment sådan."),
        "",
    ),
    ReplyKind.HELP: (gettext_lazy("Beder om hjælp. Ring, eller skriv, hvem I er, og hvor man kan ringe."), ""),
    ReplyKind.MEDIA: (
        gettext_lazy("Har kun sendt et billede eller en fil. Vi henter dem ikke. Ring, eller bed om det på skrift."),
        "",
    ),
    ReplyKind.EMPTY: (gettext_lazy("Beskeden er tom. Ring, hvis du vil vide hvorfor."), ""),
    ReplyKind.TEXT: (gettext_lazy("Læs, og svar med en sms, et opkald eller et gemt svar."), ""),
}
_BAD = frozenset({MessageStatus.FAILED, MessageStatus.UNDELIVERED, MessageStatus.CANCELLED, MessageStatus.EXPIRED})


@dataclass(frozen=True)
class InboxTab:
    """One view of the inbox, and how much is in it (None: not counted)."""

    value: str
    label: str
    number: int | None
    current: bool


@dataclass(frozen=True)
class ConversationRow:
    """One conversation in the list."""

    id: int
    who: str
    unknown: bool
    snippet: str
    from_right: bool
    when: str
    unread: bool
    suggestion: str
    tone: str
    act: str
    holder: str


@dataclass(frozen=True)
class Bubble:
    """One message of the thread: theirs, or ours with where it stands."""

    theirs: bool
    text: str
    from_right: bool
    media: str
    when: str
    status: str
    bad: bool
    act: str


def inbox_tabs(counts: InboxCounts, chosen: str) -> list[InboxTab]:
    """The views in the order they are worked."""
    labels = [
        ("open", _("Åbne"), counts.open),
        ("unread", _("Ulæste"), counts.unread),
        ("mine", _("Mine"), counts.mine),
        ("unknown", _("Ukendte numre"), counts.unknown),
        ("done", _("Afsluttede"), None),
    ]
    return [InboxTab(value, label, number, value == chosen) for value, label, number in labels]


def conversation_row(conversation: Conversation, *, reader_id: int | None, now: datetime) -> ConversationRow:
    """A row; citizen, holders and replies (newest first) must be loaded."""
    newest = next(iter(conversation.replies.all()), None)
    kind = ReplyKind(conversation.suggestion)
    body = newest.body or "" if newest else ""
    return ConversationRow(
        id=conversation.pk,
        who=who_writes(conversation),
        unknown=conversation.citizen is None,
        snippet=_snippet(newest),
        from_right=reads_from_the_right(body),
        when=moment_words(conversation.last_reply_at, now),
        unread=conversation.unread,
        suggestion=str(kind.label),
        tone=_TONES.get(kind, ""),
        act=_act_words(newest) if newest else "",
        holder=holder_words(conversation, reader_id, now),
    )


def who_writes(conversation: Conversation) -> str:
    """The citizen's name, or the number while it is nobody's we know."""
    if conversation.citizen is not None:
        return conversation.citizen.name
    return _("Ukendt nummer %(number)s") % {"number": national(conversation.number)}


def holder_words(conversation: Conversation, reader_id: int | None, now: datetime) -> str:
    """Who is at it or is to be, when it is not the reader."""
    held = conversation.held_by is not None and conversation.held_until is not None and conversation.held_until > now
    if held and conversation.held_by_id != reader_id and conversation.held_by and conversation.held_until:
        words = {"name": conversation.held_by.display_name, "time": clock(conversation.held_until)}
        return _("%(name)s er i gang til %(time)s") % words
    if conversation.assigned_to is not None:
        if conversation.assigned_to_id == reader_id:
            return _("Din")
        return _("Givet til %(name)s") % {"name": conversation.assigned_to.display_name}
    return ""


def proposal(conversation: Conversation, thread: Thread) -> tuple[str, str]:
    """What to do about it in a sentence, and the outcome to begin with."""
    kind = ReplyKind(conversation.suggestion)
    if kind == ReplyKind.STOP and thread.opt_out is None:
        return _("Framelding fortrudt. Der er ikke mere at gøre."), ""
    if kind == ReplyKind.START and thread.opt_out is None:
        return _("Nummeret får sms'er igen. Der er ikke mere at gøre."), ""
    if kind == ReplyKind.RING and conversation.citizen is not None and not thread.follow_ups:
        return _("Vil ringes op, men har ingen åben sag. Åbn borgerens side, og genåbn eller opret en."), ""
    if conversation.citizen is None and kind not in (ReplyKind.STOP, ReplyKind.START, ReplyKind.MAYBE_STOP):
        return _("Find ud af, hvem der skriver: søg borgeren frem, eller ring til nummeret."), ""
    text, outcome = _PROPOSALS[kind]
    return str(text), outcome


def bubbles(thread: Thread, now: datetime) -> list[Bubble]:
    """The thread, oldest first."""
    moments = [(reply.received_at, _their_bubble(reply, now)) for reply in reversed(thread.replies)]
    for message in reversed(thread.messages):
        at = message.handed_over_at or message.queued_at
        moments.append((at, _our_bubble(message, at, now)))
    return [bubble for _at, bubble in sorted(moments, key=lambda pair: pair[0])]


def reads_from_the_right(text: str) -> bool:
    """Whether the first letter of a text belongs to a script that is written from the right."""
    for sign in text:
        if (direction := unicodedata.bidirectional(sign)) in ("L", "R", "AL"):
            return direction != "L"
    return False


def _their_bubble(reply: InboundMessage, now: datetime) -> Bubble:
    body = reply.body or ""
    return Bubble(
        theirs=True,
        text=body,
        from_right=reads_from_the_right(body),
        media=_media_words(reply.media),
        when=moment_words(reply.received_at, now),
        status="" if body or reply.media else _("Tom besked"),
        bad=False,
        act=_act_words(reply),
    )


def _our_bubble(message: SmsMessage, at: datetime, now: datetime) -> Bubble:
    status = MessageStatus(message.status)
    words = str(status.label)
    if message.error_text:
        words = f"{words}: {message.error_text}"
    return Bubble(
        theirs=False,
        text=message.body,
        from_right=reads_from_the_right(message.body),
        media="",
        when=moment_words(at, now),
        status=words,
        bad=status in _BAD,
        act="",
    )


def _media_words(number: int) -> str:
    if not number:
        return ""
    words = ngettext(
        "%(number)s billede eller fil, som ikke hentes", "%(number)s billeder eller filer, som ikke hentes", number
    )
    return words % {"number": number}


def _act_words(reply: InboundMessage) -> str:
    """What was done about it, and by whom when that was a person."""
    if not reply.act:
        return ""
    label = str(ReplyAct(reply.act).label)
    return f"{label} · {reply.act_by_name}" if reply.act_by_name else label


def _snippet(reply: InboundMessage | None) -> str:
    if reply is None:
        return ""
    text = " ".join((reply.body or "").split())
    if not text:
        return _media_words(reply.media) or _("Tom besked")
    return f"{text[:SNIPPET]}…" if len(text) > SNIPPET else text

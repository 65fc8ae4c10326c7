"""What waits for this very person, counted kind by kind: only what their role may act on, only what is not zero."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from campaigns.selectors.bookings import counts as booking_counts
from campaigns.selectors.bookings import links_to_agree
from campaigns.selectors.deadlines import deadline_counts
from campaigns.selectors.inbox import unread_replies
from campaigns.selectors.letters import batches_waiting, letters_due
from campaigns.selectors.quality import tasks_given, unread_feedback, waiting_checks
from campaigns.selectors.texts import drafts_to_approve
from campaigns.selectors.waves import waves_awaiting
from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from popup_sites.selectors.notices import notices_waiting
from registry.selectors.citizen_differences import open_differences

from .overview import citizen_files_held, lookups_waiting, messages_in_doubt

Count = Callable[[Actor, datetime], int]

# Kind → who can do something about it, and how many there are.
_COUNTED: dict[str, tuple[Permission, Count]] = {
    "citizen_files": (Permission.APPROVE_LISTS, lambda actor, now: citizen_files_held(actor)),
    "differences": (Permission.UPLOAD_LISTS, lambda actor, now: open_differences(actor).order_by().count()),
    "replies": (Permission.ANSWER_INBOX, lambda actor, now: unread_replies(actor)),
    "lookups": (Permission.LOOK_UP_CONTACTS, lambda actor, now: lookups_waiting(actor)),
    "links": (Permission.REQUEST_BOOKINGS, lambda actor, now: links_to_agree(actor, mine=True).order_by().count()),
    "to_follow_up": (Permission.WORK_CALLS, lambda actor, now: tasks_given(actor)),
    "feedback": (Permission.WORK_CALLS, lambda actor, now: unread_feedback(actor)),
    "waves": (Permission.SEND_WAVES, lambda actor, now: waves_awaiting(actor)),
    "doubt": (Permission.SEE_MESSAGES, lambda actor, now: messages_in_doubt(actor)),
    "letters": (Permission.SEND_LETTERS, lambda actor, now: _letters(actor, now)),
    "batches": (Permission.SEND_LETTERS, lambda actor, now: batches_waiting(actor)),
    "checks": (Permission.CHECK_QUALITY, lambda actor, now: waiting_checks(actor).order_by().count()),
    "texts": (Permission.APPROVE_TEXTS, lambda actor, now: drafts_to_approve(actor)),
    "notices": (Permission.ACKNOWLEDGE_POPUP_SITES, lambda actor, now: notices_waiting(actor, now).count()),
}
# Who has anything of this kind to do at all; the others have no such panel.
WAITED_FOR = frozenset(needed for needed, _count in _COUNTED.values()) | {Permission.SEE_BREACHES}


def waiting_counts(actor: Actor, now: datetime) -> dict[str, int]:
    """Kind → how many, for everything the person may act on and that is not zero."""
    counted = {kind: count(actor, now) for kind, (needed, count) in _COUNTED.items() if actor.may(needed)}
    if actor.may(Permission.REQUEST_BOOKINGS):
        bookings = booking_counts(actor, now)
        counted |= {"tell": bookings.tell, "held_bookings": bookings.held}
        counted |= {"overdue_bookings": bookings.overdue, "attendance": bookings.came}
    if actor.may(Permission.SEE_BREACHES):
        deadlines = deadline_counts(actor, now)
        counted["deadlines"] = deadlines["today_mandatory"] + deadlines["today_voluntary"]
    return {kind: number for kind, number in counted.items() if number}


def _letters(actor: Actor, now: datetime) -> int:
    """Citizens whose letter can be made now; those with something in the way stand on the page of letters."""
    return sum(each.left_out is None for each in letters_due(actor, now))

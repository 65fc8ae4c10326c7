"""The line under the call screen: what one has done today, and what waits."""

from django.utils.translation import gettext as _

from ..selectors.queue import Progress, QueueCounts


def tally_line(progress: Progress, counts: QueueCounts) -> str:
    """`Du har ringet 14 i dag · 27 venter · 5 med frist i dag`."""
    return _("Du har ringet %(made)s i dag · %(due)s venter · %(today)s med frist i dag") % {
        "made": progress.mine,
        "due": counts.due,
        "today": counts.deadline_today,
    }

"""What an answer will lead to, in words, before it is saved (K5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from outreach.design.formats import date_da
from registry.models import ClosedReason, FollowUp, FollowUpStatus

from ..reasons import sentence


@dataclass(frozen=True)
class LedToWords:
    """The sentences, or why the answer cannot be saved as it is."""

    lines: list[str]
    problem: str = ""


def preview_words(follow_ups: Sequence[FollowUp]) -> list[str]:
    """One sentence for each person, or one for each programme where they differ; the first person needs no name."""
    people: dict[int, list[FollowUp]] = {}
    for each in follow_ups:
        people.setdefault(each.citizen_id, []).append(each)
    lines: list[str] = []
    for number, rows in enumerate(people.values()):
        said = [(each.programme.name, _words(each)) for each in rows]
        alike = len({words for _name, words in said}) == 1
        own = [said[0][1]] if alike else [f"{name}: {words}" for name, words in said]
        lines += own if number == 0 else [f"{rows[0].citizen.name}: {words}" for words in own]
    return lines


def _words(follow_up: FollowUp) -> str:
    if follow_up.status == FollowUpStatus.OPEN:
        return sentence(follow_up.next_step_reason, follow_up.next_step_detail, follow_up.next_step_at)
    reason = ClosedReason(follow_up.closed_reason).label
    if follow_up.reopen_on is not None:
        return _("Opfølgningen afsluttes: %(reason)s. Borgeren kan spørges igen fra %(day)s.") % {
            "reason": reason,
            "day": date_da(follow_up.reopen_on),
        }
    return _("Opfølgningen afsluttes: %(reason)s. Vi kontakter ikke borgeren igen.") % {"reason": reason}

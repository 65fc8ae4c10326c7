"""What an answer will lead to, in words, before it is saved (K5)."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from outreach.design.formats import date_da
from registry.models import ClosedReason, FollowUp

from ..next_steps import NextStep
from ..reasons import sentence


def preview_words(steps: Sequence[tuple[FollowUp, NextStep]]) -> list[str]:
    """One sentence, or one for each programme where they differ."""
    said = [(follow_up.programme.name, _words(step)) for follow_up, step in steps]
    if len({words for _name, words in said}) <= 1:
        return [words for _name, words in said[:1]]
    return [f"{name}: {words}" for name, words in said]


def _words(step: NextStep) -> str:
    if step.closes is None:
        return sentence(step.reason, step.detail, step.at)
    if step.reopen_on is not None:
        return _("Opfølgningen afsluttes: %(reason)s. Borgeren kan spørges igen fra %(day)s.") % {
            "reason": ClosedReason(step.closes).label,
            "day": date_da(step.reopen_on),
        }
    return _("Opfølgningen afsluttes: %(reason)s. Vi kontakter ikke borgeren igen.") % {
        "reason": ClosedReason(step.closes).label
    }

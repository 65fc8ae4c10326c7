"""How far the reading of a list has come, in words. Never queries."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from outreach.design.formats import number_da

from ..models import ListState, NonresponderList


@dataclass(frozen=True, slots=True)
class ProgressLine:
    """`done` of `of` rows (None while nobody knows), and the same as a sentence."""

    title: str
    text: str
    done: int | None
    of: int | None


def progress_line(nonresponder_list: NonresponderList) -> ProgressLine:
    """What the worker wrote last; before it has begun, the list waits for its turn."""
    progress = nonresponder_list.progress
    done, of = progress.get("done"), progress.get("of")
    if nonresponder_list.state == ListState.MATCHED:
        return ProgressLine(
            _("Gennemsynet gøres klar"), _("Rækkerne er læst og sammenholdt med registret."), None, None
        )
    if done is None:
        waiting = nonresponder_list.leased_until is None
        text = _("Den står i kø og går i gang om et øjeblik.") if waiting else _("Den er ved at blive læst.")
        return ProgressLine(_("Listen er modtaget"), text, None, None)
    words = {"done": number_da(done), "of": number_da(of) if of else ""}
    text = _("%(done)s af %(of)s rækker læst og sammenholdt") if of else _("%(done)s rækker læst og sammenholdt")
    return ProgressLine(_("Listen læses"), text % words, done, of)

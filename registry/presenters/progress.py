"""How far the reading of a list has come, in words. Never queries."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from outreach.design.formats import number_da

from ..models import NonresponderList


@dataclass(frozen=True, slots=True)
class ProgressLine:
    """`done` of `of` (None while nobody knows), and the same as a sentence."""

    title: str
    text: str
    done: int | None
    of: int | None


def progress_line(nonresponder_list: NonresponderList) -> ProgressLine:
    """The stage the worker wrote last; before it has begun, the list waits for its turn."""
    progress = nonresponder_list.progress or {}
    stage, done, of = progress.get("stage", ""), progress.get("done"), progress.get("of")
    title = {
        "read": _("Listen læses"),
        "match": _("Listen sammenholdes med registret"),
        "review": _("Gennemsynet gøres klar"),
    }.get(stage, _("Listen er modtaget"))
    if done is None:
        return ProgressLine(title, _("Den står i kø og går i gang om et øjeblik."), None, None)
    words = {"done": number_da(done), "of": number_da(of) if of else ""}
    if stage == "match":
        text = _("%(done)s af %(of)s rækker sammenholdt") if of else _("%(done)s rækker sammenholdt")
    else:
        text = _("%(done)s af %(of)s rækker læst") if of else _("%(done)s rækker læst")
    return ProgressLine(title, text % words, done, of)

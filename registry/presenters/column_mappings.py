"""The columns of a file in words: what each seems to hold, and where the mapping comes from. Never queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outreach.design.formats import date_da

from ..models import ColumnMapping, ListState, MappingSource, NonresponderList
from ..services.erasure import erasure_due

KIND_WORDS = {
    "ten_digits": gettext_lazy("ti cifre"),
    "date": gettext_lazy("dato"),
    "number": gettext_lazy("tal"),
    "text": gettext_lazy("tekst"),
    "mixed": gettext_lazy("blandet"),
    "empty": gettext_lazy("tom"),
}


@dataclass(frozen=True, slots=True)
class MappingNote:
    """What is said above the columns. `may_forget`: something about this sender is remembered."""

    heading: str
    text: str
    sender: str
    may_forget: bool
    erasure: str


def header_choices(header: Sequence[str], kinds: Sequence[str]) -> list[tuple[str, str]]:
    """Each column's name with what it seems to hold: `("CPR", "CPR (ti cifre)")`. Never a cell of the file."""
    known = [*kinds, *[""] * (len(header) - len(kinds))]
    return [
        (name, _("%(name)s (%(kind)s)") % {"name": name, "kind": KIND_WORDS[kind]} if kind in KIND_WORDS else name)
        for name, kind in zip(header, known, strict=False)
    ]


def mapping_note(nonresponder_list: NonresponderList, newest: ColumnMapping | None) -> MappingNote:
    """Why the page asks, or how the columns were read; `newest` is the last word on this sender."""
    sender = nonresponder_list.sender
    asking = nonresponder_list.state == ListState.UPLOADED
    remembered = nonresponder_list.mapping_source == MappingSource.REMEMBERED
    if remembered and newest is not None:
        day = date_da(timezone.localtime(newest.confirmed_at).date())
        text = _("%(who)s valgte kolonnerne for %(sender)s den %(day)s.") % {
            "who": newest.confirmed_by_name,
            "sender": sender,
            "day": day,
        }
        if asking:
            text += " " + _("Overskriften er ændret siden. Det, der stadig passer, er valgt på forhånd.")
        heading = _("Husket fra sidst")
    elif nonresponder_list.mapping_source == MappingSource.PERSON:
        heading, text = _("Kolonnerne er valgt af en person"), ""
    elif asking and nonresponder_list.rows == 0 and not nonresponder_list.seconds:
        heading = _("Vi kan ikke genkende alle kolonner i filen")
        text = _("Vælg, hvad kolonnerne hedder hos afsenderen. Det, vi selv har genkendt, er valgt på forhånd.")
    else:
        heading, text = _("Kolonnerne er genkendt af systemet"), _("Ret dem, hvis de er læst forkert.")
    return MappingNote(heading, text, sender, newest is not None, _erasure(nonresponder_list))


def _erasure(nonresponder_list: NonresponderList) -> str:
    due = erasure_due(nonresponder_list)
    if due is None:
        return ""
    return _("Filen slettes, og listen trækkes tilbage %(day)s, hvis ingen har taget stilling til den inden da.") % {
        "day": date_da(timezone.localtime(due).date())
    }

"""Files of earlier contacts in words: what the rows do, and what is wrong with some. Never queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from outreach.design.formats import number_da
from registry import row_problems
from registry.imports.columns import CONTACTS

from ..models import EarlierContactRow, EarlierContacts, EarlierContactsChange, EarlierContactsState
from .moments import stamp

PROBLEMS = {
    "citizen_unknown": gettext_lazy("Borgeren findes ikke i registret. Indlæs borgeren, eller opret en sag."),
    "phone_ambiguous": gettext_lazy("Flere borgere har nummeret. Skriv CPR-nummeret i rækken."),
    "phone_unreadable": gettext_lazy("Telefonnummeret er ikke gyldigt."),
    "person_missing": gettext_lazy("Rækken har hverken CPR-nummer eller telefonnummer."),
    "leading_zero_lost": gettext_lazy("CPR-nummeret har ni cifre. Sæt nullet foran, og gør kolonnen til tekst."),
    "contact_date_missing": gettext_lazy("Datoen for kontakten mangler."),
    "contact_date_future": gettext_lazy("Datoen ligger efter i dag."),
    "answer_missing": gettext_lazy("Svaret mangler."),
    "answer_long": gettext_lazy("Svaret er for langt til at blive forstået. Skriv det kort, og resten i bemærkningen."),
    "answer_unknown": gettext_lazy("Svaret er ikke forklaret endnu."),
    "answer_left_out": gettext_lazy("Efter jeres valg er det ikke en kontakt."),
    "programme_unknown": gettext_lazy("Vaccinationsprogrammet findes ikke."),
    "contact_repeated": gettext_lazy("Samme kontakt står tidligere i filen."),
    "contact_known": gettext_lazy("Kontakten er kendt i forvejen og tælles ikke igen."),
}
_TITLES = {column.name: column.title for column in CONTACTS}
_TONES = {
    EarlierContactsState.REVIEWED: "warning",
    EarlierContactsState.COMMITTED: "success",
    EarlierContactsState.REJECTED: "",
}


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file on the list of them."""

    id: int
    name: str
    rows: str
    who: str
    state: str
    tone: str


@dataclass(frozen=True, slots=True)
class ProblemLine:
    """A row that cannot be used, with its number as the spreadsheet shows it."""

    row: int
    column: str
    message: str


def file_line(file: EarlierContacts) -> FileLine:
    """A line of the list."""
    state = EarlierContactsState(file.state)
    return FileLine(
        id=file.pk,
        name=file.display_name,
        rows=number_da(file.rows),
        who=f"{file.uploaded_by_name}, {stamp(file.uploaded_at)}",
        state=str(state.label),
        tone=_TONES.get(state, ""),
    )


def effect_lines(counts: Mapping[str, int], *, done: bool) -> list[str]:
    """What the rows do, or did, one sentence each; only what occurs."""
    sentences = {
        "closes": ngettext(
            "%(n)s opfølgning lukkes som nej", "%(n)s opfølgninger lukkes som nej", counts.get("closes", 0)
        ),
        "ends": _("%(n)s afsluttes: død, flyttet eller vil ikke kontaktes"),
        "answers": _("%(n)s svar giver opfølgningen et nyt næste skridt"),
        "attempt": ngettext("%(n)s forsøg tælles med", "%(n)s forsøg tælles med", counts.get("attempt", 0)),
        "stored": _("%(n)s gælder borgere på ingen liste; svaret gemmes, til en liste nævner dem"),
        "history": _("%(n)s er ældre end det, vi ved, og kommer kun med i historikken"),
        "problem": _("%(n)s rækker bliver ikke brugt"),
    }
    done_sentences = {
        "closes": _("%(n)s opfølgninger lukket som nej"),
        "ends": _("%(n)s afsluttet: død, flyttet eller vil ikke kontaktes"),
        "answers": _("%(n)s svar gav opfølgningen et nyt næste skridt"),
        "attempt": _("%(n)s forsøg talt med"),
        "stored": _("%(n)s svar gemt for borgere på ingen liste"),
        "history": _("%(n)s kom kun med i historikken"),
        "problem": _("%(n)s rækker blev ikke brugt"),
    }
    words = done_sentences if done else sentences
    return [words[code] % {"n": number_da(counts[code])} for code in words if counts.get(code)]


def problem_line(row: EarlierContactRow) -> ProblemLine:
    """What is wrong with a row."""
    message = PROBLEMS.get(row.problem_code) or row_problems.message(row.problem_code)
    return ProblemLine(row.row_number, _TITLES.get(row.problem_column, ""), str(message))


def change_lines(changes: Iterable[EarlierContactsChange]) -> list[tuple[str, str]]:
    """When, and what by whom."""
    return [
        (stamp(change.at), " · ".join(filter(None, [str(change.get_state_display()), change.by_name, change.note])))
        for change in changes
    ]

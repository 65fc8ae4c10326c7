"""Files of earlier contacts in words: what the rows do, and what is wrong with some. Never queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.design.formats import number_da
from registry import row_problems
from registry.imports.columns import CONTACTS
from registry.models import ColumnMapping, MappingSource
from registry.presenters.progress import ProgressLine

from ..models import EarlierContactRow, EarlierContacts, EarlierContactsChange, EarlierContactsState
from ..services.earlier_contacts_gates import gate_sentences, is_barred, who_can
from .moments import stamp

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PROBLEMS = {
    "citizen_unknown": gettext_lazy("Borgeren findes ikke i registret. Indlæs borgeren, eller opret en sag."),
    "phone_ambiguous": gettext_lazy("Flere borgere har nummeret. Skriv CPR-nummeret i rækken."),
    "phone_unreadable": gettext_lazy("Telefonnummeret er ikke gyldigt."),
    "person_missing": gettext_lazy("Rækken har hverken CPR-nummer eller telefonnummer."),
    "leading_zero": gettext_lazy("CPR-nummeret har ni cifre: nullet foran mangler."),
    "contact_date_missing": gettext_lazy("Datoen for kontakten mangler."),
    "contact_date_future": gettext_lazy("Datoen ligger efter i dag."),
    "answer_missing": gettext_lazy("Svaret mangler."),
    "answer_long": gettext_lazy("Svaret er for langt til at blive forstået. Skriv det kort, og resten i bemærkningen."),
    "answer_number": gettext_lazy(
        "Der står et nummer i svaret. Det bliver ikke gemt dér: Skriv svaret kort, og nummeret i bemærkningen."
    ),
    "answer_unknown": gettext_lazy("Svaret er ikke forklaret endnu."),
    "answer_left_out": gettext_lazy("Efter jeres valg er det ikke en kontakt."),
    "programme_unknown": gettext_lazy("Vaccinationsprogrammet findes ikke."),
    "contact_repeated": gettext_lazy("Samme kontakt står tidligere i filen."),
    "contact_known": gettext_lazy("Kontakten er kendt i forvejen og tælles ikke igen."),
}
COLUMN_WORDS: dict[str, StrOrPromise] = {
    "cpr": gettext_lazy("CPR-nummer"),
    "phone": gettext_lazy("Telefon"),
    "contacted_on": gettext_lazy("Dato"),
    "answer": gettext_lazy("Svar"),
    "who": gettext_lazy("Hvem"),
    "programme": gettext_lazy("Vaccinationsprogram"),
    "kind": gettext_lazy("Kanal"),
    "barrier": gettext_lazy("Årsag"),
    "note": gettext_lazy("Bemærkning"),
}
_TONES = {
    EarlierContactsState.REVIEWED: "warning",
    EarlierContactsState.COMMITTED: "success",
    EarlierContactsState.REJECTED: "",
    EarlierContactsState.FAILED: "danger",
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


@dataclass(frozen=True, slots=True)
class HeldNote:
    """A file that ends very many follow-ups: why a second person must take it in, and who can."""

    reasons: list[str]
    text: str
    barred: bool


def held_note(file: EarlierContacts, actor: Actor) -> HeldNote | None:
    """For the review of a file; None for a file that anybody who approves lists may take in."""
    if not file.gates or file.state != EarlierContactsState.REVIEWED:
        return None
    barred = is_barred(actor, file)
    if barred or not actor.may(Permission.APPROVE_LISTS):
        return HeldNote(gate_sentences(file), who_can(), barred)
    text = _("%(who)s har indlæst filen. Se efter, at det er den rigtige fil, før du godkender den.")
    return HeldNote(gate_sentences(file), text % {"who": file.uploaded_by_name}, barred)


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


def file_progress(file: EarlierContacts) -> ProgressLine:
    """How far the reading is; before it has begun, the file waits for its turn."""
    done = file.progress.get("done")
    if done is None:
        waiting = file.leased_until is None
        text = _("Den står i kø og går i gang om et øjeblik.") if waiting else _("Den er ved at blive læst.")
        return ProgressLine(_("Filen er modtaget"), text, None, None)
    return ProgressLine(_("Filen læses"), _("%(done)s rækker læst") % {"done": number_da(done)}, done, None)


def columns_note(file: EarlierContacts, newest: ColumnMapping | None) -> tuple[str, str]:
    """Why the page asks which column is which: heading and text. `newest` is the last word on this sender."""
    if file.mapping_source == MappingSource.REMEMBERED and newest is not None:
        text = _(
            "%(who)s valgte kolonnerne for %(sender)s. Overskriften er ændret siden; det, der stadig passer, er valgt."
        )
        return _("Husket fra sidst"), text % {"who": newest.confirmed_by_name, "sender": file.sender}
    if file.mapping_source == MappingSource.PERSON:
        return _("Ret kolonnerne"), _("Det, der blev valgt sidst, er valgt på forhånd.")
    return (
        _("Vi kan ikke genkende alle kolonner i filen"),
        _("Vælg, hvad kolonnerne hedder. Det, vi selv har genkendt, er valgt på forhånd."),
    )


def column_fields() -> list[tuple[str, str, bool]]:
    """Our columns for the form: name, words, whether a file must have it."""
    return [(column.name, str(COLUMN_WORDS[column.name]), column.required) for column in CONTACTS]


def padding_lines(rows: Iterable[EarlierContactRow]) -> list[tuple[int, str]]:
    """Rows whose number is a proposal: the row, and whether the registry knows the proposed number."""
    known, unknown = (
        _("Findes i registret med nullet foran"),
        _("Findes ikke i registret, heller ikke med nullet foran"),
    )
    return [(row.row_number, unknown if row.citizen_id is None else known) for row in rows]


def effects_heading(state: str) -> str:
    """What the list of effects is about: what will happen, what happened, or what was taken back."""
    headings = {
        EarlierContactsState.COMMITTED: _("Det skete der"),
        EarlierContactsState.UNDONE: _("Det skete der, før filen blev fortrudt"),
    }
    return headings.get(EarlierContactsState(state), _("Når filen godkendes"))


def effect_lines(counts: Mapping[str, int], *, done: bool) -> list[str]:
    """What the rows do, or did, one sentence each; only what occurs."""
    return [
        (singular if counts[code] == 1 else plural) % {"n": number_da(counts[code])}
        for code, (singular, plural) in (_done() if done else _to_come()).items()
        if counts.get(code)
    ]


def _to_come() -> dict[str, tuple[str, str]]:
    """Effect → the sentence for one, and for several."""
    return {
        "closes": (_("%(n)s opfølgning afsluttes som nej"), _("%(n)s opfølgninger afsluttes som nej")),
        "ends": (
            _("%(n)s opfølgning afsluttes: død, flyttet eller vil ikke kontaktes"),
            _("%(n)s opfølgninger afsluttes: døde, flyttede eller vil ikke kontaktes"),
        ),
        "answers": (
            _("%(n)s svar giver opfølgningen et nyt næste skridt"),
            _("%(n)s svar giver opfølgningerne et nyt næste skridt"),
        ),
        "attempt": (_("%(n)s forsøg tælles med"), _("%(n)s forsøg tælles med")),
        "stored": (
            _("%(n)s svar gælder en borger på ingen liste og gemmes, til en liste nævner borgeren"),
            _("%(n)s svar gælder borgere på ingen liste og gemmes, til en liste nævner dem"),
        ),
        "history": (
            _("%(n)s kontakt er ældre end det, vi ved, og kommer kun med i historikken"),
            _("%(n)s kontakter er ældre end det, vi ved, og kommer kun med i historikken"),
        ),
        "problem": (_("%(n)s række bliver ikke brugt"), _("%(n)s rækker bliver ikke brugt")),
    }


def _done() -> dict[str, tuple[str, str]]:
    return {
        "closes": (_("%(n)s opfølgning afsluttet som nej"), _("%(n)s opfølgninger afsluttet som nej")),
        "ends": (
            _("%(n)s opfølgning afsluttet: død, flyttet eller vil ikke kontaktes"),
            _("%(n)s opfølgninger afsluttet: døde, flyttede eller vil ikke kontaktes"),
        ),
        "answers": (
            _("%(n)s svar gav opfølgningen et nyt næste skridt"),
            _("%(n)s svar gav opfølgningerne et nyt næste skridt"),
        ),
        "attempt": (_("%(n)s forsøg talt med"), _("%(n)s forsøg talt med")),
        "stored": (
            _("%(n)s svar gemt for en borger på ingen liste"),
            _("%(n)s svar gemt for borgere på ingen liste"),
        ),
        "history": (
            _("%(n)s kontakt kom kun med i historikken"),
            _("%(n)s kontakter kom kun med i historikken"),
        ),
        "problem": (_("%(n)s række blev ikke brugt"), _("%(n)s rækker blev ikke brugt")),
    }


def problem_line(row: EarlierContactRow) -> ProblemLine:
    """What is wrong with a row."""
    message = PROBLEMS.get(row.problem_code) or row_problems.message(row.problem_code)
    return ProblemLine(row.row_number, str(COLUMN_WORDS.get(row.problem_column, "")), str(message))


def change_lines(changes: Iterable[EarlierContactsChange]) -> list[tuple[str, str]]:
    """When, and what by whom."""
    return [
        (stamp(change.at), " · ".join(filter(None, [str(change.get_state_display()), change.by_name, change.note])))
        for change in changes
    ]

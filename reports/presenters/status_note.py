"""The status note in the words of a memo: its opening sentences and its footnotes (D5)."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outreach.design.formats import date_da, datetime_da, number_da, percent_da
from reports.notes import StatusNote

STALE_AFTER_DAYS = 7  # lists come every week


def sentences(note: StatusNote) -> list[str]:
    """What the table says, as a memo would put it; a sentence whose figures are unknown is left out."""
    total, day = note.total, date_da(note.as_of)
    said = []
    if total.invited is not None:
        said.append(
            _("{municipality} Kommune har pr. {day} {invited} borgere, der har fået invitation til vaccinen.").format(
                municipality=note.municipality.name, day=day, invited=number_da(total.invited)
            )
        )
    if total.not_reacted is not None and note.nonresponder_list is not None:
        said.append(_reactions(note, note.nonresponder_list.waiting_days))
    if note.local.first_dose_share is not None and note.local.complete_share is not None:
        said.append(
            _("{first} har fået første stik, og {complete} er færdigvaccineret.").format(
                first=percent_da(note.local.first_dose_share), complete=percent_da(note.local.complete_share)
            )
        )
    if note.national.first_dose_share is not None and note.national.complete_share is not None:
        said.append(
            _("I hele landet er det {first} og {complete}.").format(
                first=percent_da(note.national.first_dose_share), complete=percent_da(note.national.complete_share)
            )
        )
    return said


def _reactions(note: StatusNote, waiting_days: int) -> str:
    total = note.total
    share = f" ({percent_da(total.not_reacted_share)})" if total.not_reacted_share is not None else ""
    return _(
        "{number} borgere{share} i målgrupper, som opfølgningspligten dækker, har ikke reageret {days} dage efter "
        "invitationen. Af dem ønsker {declined} ikke at blive vaccineret, og {undecided} er uafklarede."
    ).format(
        number=number_da(total.not_reacted),
        share=share,
        days=waiting_days,
        declined=number_da(total.declined),
        undecided=number_da(total.undecided),
    )


def footnotes(note: StatusNote) -> list[str]:
    """What a reader must know: sources, what the list covers, what is unknown, what is invented."""
    notes = [*_source_notes(note), *_list_notes(note)]
    voluntary = [group.code for group in note.groups if not group.mandatory and group.not_reacted is not None]
    if voluntary:
        notes.append(
            _("Målgruppe {codes} er ikke omfattet af opfølgningspligten og står uden for totalen.").format(
                codes=_joined(voluntary)
            )
        )
    if note.uncovered:
        notes.append(
            _("Listen dækker ikke målgruppe {codes}; hvor mange der ikke har reageret dér, vides ikke.").format(
                codes=_joined(note.uncovered)
            )
        )
    if note.without_group:
        notes.append(
            ngettext(
                "{number} borger på listen har ingen kendt målgruppe og står uden for tabellen.",
                "{number} borgere på listen har ingen kendt målgruppe og står uden for tabellen.",
                note.without_group,
            ).format(number=number_da(note.without_group))
        )
    if note.answers_counted_at is not None:
        notes.append(_("Svarene er talt op {at}.").format(at=datetime_da(note.answers_counted_at)))
    notes.append(_("– betyder, at tallet ikke kendes."))
    if note.invented:
        notes.append(
            _("Demo: personerne er opdigtede, og rækkerne i målgruppe 1 og 4–6 er en antagelse, så listen går op.")
        )
    return notes


def _source_notes(note: StatusNote) -> list[str]:
    if note.snapshot is None:
        return [
            _("Der er ikke indlæst tal pr. målgruppe, så antal i målgruppen, vaccinerede og inviterede er ukendte.")
        ]
    said = [
        _("Borgere i målgruppen, vaccinerede og inviterede: {source}, opgjort pr. {day}.").format(
            source=note.snapshot.source, day=date_da(note.snapshot.as_of)
        )
    ]
    if note.local.source and note.local.source != note.snapshot.source:
        said.append(
            _("Første stik og færdigvaccinerede: {source}, opgjort pr. {day}.").format(
                source=note.local.source, day=date_da(note.local.as_of)
            )
        )
    return said


def _list_notes(note: StatusNote) -> list[str]:
    newest = note.nonresponder_list
    if newest is None:
        return [_("Der er ingen indlæst liste på denne dato, så det vides ikke, hvem der mangler at reagere.")]
    said = [
        _(
            "Ej reageret: listen fra Statens Serum Institut pr. {day} over borgere, der er inviteret for mere end "
            "{waiting} dage siden. Borgere, der ikke står på listen, er ikke dermed vaccineret; de kan være inviteret "
            "for nylig."
        ).format(day=date_da(newest.as_of), waiting=newest.waiting_days)
    ]
    age = (note.as_of - newest.as_of).days
    if age > STALE_AFTER_DAYS:
        said.append(_("Listen er {days} dage gammel på notatets dato.").format(days=age))
    if any(group.hidden_by_source for group in note.groups):
        said.append(_("Nogle tal er skjult af kilden, fordi de er små. Skjult er ikke nul."))
    return said


def _joined(codes: list[str]) -> str:
    return codes[0] if len(codes) == 1 else _("{first} og {last}").format(first=", ".join(codes[:-1]), last=codes[-1])

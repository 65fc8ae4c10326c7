"""Uptake and status note as rows of a CSV file."""

from __future__ import annotations

from django.utils.translation import gettext as _

from reports.exports import csv_text
from reports.notes import StatusNote
from reports.selectors.uptake import UptakeLine


def uptake_csv(lines: list[UptakeLine]) -> str:
    """The uptake rows of the command contract."""
    header = [
        _("Kode"), _("Navn"), _("Opgjort pr."), _("Borgere"), _("Inviterede"), _("Ikke booket"), _("Andel booket (%)"),
        _("Andel påbegyndt (%)"), _("Andel færdigvaccineret (%)"), _("Noget er skjult"),
    ]  # fmt: skip
    return csv_text(
        header,
        [
            (
                line.code, line.name, line.as_of, line.population, line.invited, line.not_booked, line.booked_share,
                line.started_share, line.complete_share, line.suppressed,
            )
            for line in lines
        ],
    )  # fmt: skip


def status_note_csv(note: StatusNote) -> str:
    """The note's groups, its total and its comparison, one row each."""
    header = [
        _("Opgjort pr."), _("Målgruppe"), _("Borgere i målgruppen"), _("Er vaccineret"), _("Er vaccineret (%)"),
        _("Ej reageret"), _("Ej reageret (%)"), _("Ønsker ikke"), _("Uafklarede"), _("Inviterede"),
        _("Første stik (%)"), _("Færdigvaccinerede (%)"),
    ]  # fmt: skip
    total = note.total
    rows: list[list[object]] = [
        [
            note.as_of, group.code, group.in_group, group.vaccinated, group.vaccinated_share, group.not_reacted,
            group.not_reacted_share, group.declined, group.undecided, "", "", "",
        ]
        for group in note.groups
    ]  # fmt: skip
    rows.append(
        [
            note.as_of, _("I alt, målgrupper med pligt"), "", "", "", total.not_reacted, total.not_reacted_share,
            total.declined, total.undecided, total.invited, "", "",
        ]
    )  # fmt: skip
    for name, uptake in ((note.municipality.name, note.local), (_("Hele landet"), note.national)):
        blank: list[object] = [""] * 8
        rows.append([note.as_of, name, *blank, uptake.first_dose_share, uptake.complete_share])
    return csv_text(header, rows)

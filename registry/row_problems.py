"""The Danish sentences for what can be wrong with one row of a file, by code. CPR's own are in `registry.cpr`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from . import cpr

MESSAGES = {
    **cpr.MESSAGES,
    "cells": _("Rækken har ikke lige så mange felter som overskriften. Ret rækken i filen."),
    "name_missing": _("Navnet mangler, og personen findes ikke i registret."),
    "name_long": _("Navnet er længere end 200 tegn."),
    "date_format": _("Datoen kan ikke læses sikkert. Skriv den som 22-03-2021."),
    "date_missing": _("Datoen for invitationen mangler."),
    "date_future": _("Datoen ligger efter den dag, listen er trukket."),
    "date_before_birth": _("Datoen ligger før borgerens fødsel."),
    "group_unknown": _("Målgruppen findes ikke i programmet."),
    "municipality_unknown": _("Kommunekoden findes ikke. Skriv fire cifre, for eksempel 0183."),
    "other_municipality": _("Borgeren hører efter listen til en anden kommune og bliver ikke indlæst."),
    "known_elsewhere": _("Borgeren er kendt i en anden kommune og bliver ikke indlæst."),
    "not_resident": _("Borgeren bor efter registret ikke længere i kommunen og bliver ikke indlæst."),
    "programme_other": _("Rækken hører til et andet vaccinationsprogram."),
    "citizen_status": _("Borgeren er efter registret død, forsvundet eller har et annulleret nummer."),
    "leading_zero": _("CPR-nummeret har ni cifre. Et foranstillet nul er foreslået; bekræft det."),
    "leading_zero_used": _("CPR-nummeret havde ni cifre. Et foranstillet nul er sat foran; kontrollér det."),
    "citizen_name_missing": _("Navnet mangler."),
    "same_cpr_differs": _("Samme CPR-nummer står flere gange med forskellige oplysninger. Vælg den rigtige række."),
    "ended_since": _("Borgeren er siden gennemsynet død, forsvundet eller har fået nummeret annulleret."),
    "moved_since": _("Borgeren er siden gennemsynet flyttet fra kommunen."),
    "status_since": _("Borgeren er efter registret kommet tilbage til kommunen siden gennemsynet."),
    "number_since": _("Borgeren har siden gennemsynet fået et andet CPR-nummer."),
    "protected_since": _("Borgerens navne- og adressebeskyttelse er ændret siden gennemsynet."),
    "answered_since": _("Borgeren har svaret siden gennemsynet."),
    "closed_since": _("Opfølgningen er afsluttet siden gennemsynet."),
    "opened_since": _("Opfølgningen er åbnet siden gennemsynet."),
    "known_since": _("Borgeren er oprettet i registret siden gennemsynet."),
    "phone_format": _("Telefonnummeret er ikke gyldigt og er ikke indlæst."),
    "email_format": _("E-mailadressen er ikke gyldig og er ikke indlæst."),
    "yes_no": _("Feltet skal være ja eller nej."),
    "parish_unknown": _("Sognekoden findes ikke."),
    "postal_code": _("Postnummeret er ikke fire cifre."),
    "language_unknown": _("Sprogkoden er ikke to bogstaver efter ISO 639-1, for eksempel da."),
    "status_unknown": _("CPR-statussen er ukendt. Brug koden fra CPR, for eksempel 01."),
    "duplicate": _("Samme CPR-nummer står tidligere i filen. Rækken er sprunget over."),
    "text_long": _("Teksten er for lang."),
    "valid_number_missing": _("Nummeret er ændret eller slettet, men det gældende nummer mangler. Intet er ændret."),
    "changed_to_itself": _("Nummeret står som ændret til sig selv. Rækken er sprunget over."),
    "changed_in_a_loop": _("Numrene er ændret i ring, så det gældende kan ikke findes. Rækken er sprunget over."),
    "changed_to_two": _("Nummeret er ændret til to forskellige numre. Rækken er sprunget over."),
    "known_by_new_number": _("CPR-nummeret er ændret. Oplysningerne er sat på borgeren under det gældende nummer."),
    "phone_shared": _("Samme telefonnummer står på mange borgere i filen. Kontrollér, om det er rigtigt."),
    "phone_wrong_again": _("Nummeret er tidligere markeret som forkert og bliver ikke brugt."),
}

# What sent a row to the second review (L5).
CHANGED_SINCE = tuple(code for code in MESSAGES if code.endswith("_since"))
# What no decision on a row may overrule (C3): the row can only be skipped.
SKIP_ONLY = ("citizen_status", "ended_since")
# Rows of which only one can be taken (IC02): which one is said row by row, or by the earliest group.
ONE_OF_SEVERAL = "same_cpr_differs"


def message(code: str) -> str:
    """The sentence for a code. Raises KeyError for one nobody has written a sentence for."""
    return str(MESSAGES[code])

"""A spreadsheet that ends very many follow-ups is taken in by another than whoever handed it in (L8, decision 0009)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.design.formats import number_da
from outreach.errors import UserError
from registry.services.citizen_gates import ENDED_SHARE, FROM_PEOPLE

from ..models import EarlierContacts
from .earlier_contacts_sql import statement


def many_ended(cursor: Any, file: EarlierContacts) -> list[dict[str, Any]]:
    """The programmes of which the file ends too much: [{"programme", "rows", "of"}], most citizens first.

    Call where `earlier_news` and `earlier_stopped` are worked out.
    """
    cursor.execute(statement("earlier_contacts_ended"), {"municipality": file.municipality_id})
    return [
        {"programme": programme, "rows": rows, "of": of}
        for programme, rows, of in cursor.fetchall()
        if is_many(rows, of)
    ]


def is_many(ended: int, open_before: int) -> bool:
    """The bound of citizen files: a share of the follow-ups that are open, from as many people on."""
    return ended >= FROM_PEOPLE and ended > open_before * ENDED_SHARE


def is_barred(by: Actor, file: EarlierContacts) -> bool:
    """Whether somebody else must take the file in: it ends too much, and `by` handed it in or is no person."""
    return bool(file.gates) and (by.user_id is None or by.user_id == file.uploaded_by_id)


def require_second_person(by: Actor, file: EarlierContacts) -> None:
    """Raises UserError `second_person` with why, and who can."""
    if is_barred(by, file):
        raise UserError("second_person", " ".join([*gate_sentences(file), who_can()]))


def gate_sentences(file: EarlierContacts) -> list[str]:
    """Why the file needs a second person, one sentence for each programme."""
    text = _(
        "I %(programme)s afslutter eller standser filen opfølgningen for %(rows)s borgere. "
        "Åbne opfølgninger i alt: %(of)s."
    )
    return [
        text % {"programme": gate["programme"], "rows": number_da(gate["rows"]), "of": number_da(gate["of"])}
        for gate in file.gates
    ]


def who_can() -> str:
    """What whoever handed the file in is told."""
    return _(
        "Det er så mange, at en anden end den, der har indlæst filen, skal godkende den: en anden teamleder eller "
        "listeadministrator. Er det den forkerte fil, så afvis den."
    )

"""Files of earlier contacts as the actor may see them, and their rows with something wrong."""

from __future__ import annotations

from django.db.models import QuerySet

from outreach.access.actor import Actor

from ..models import EarlierContactRow, EarlierContacts


def files_for(actor: Actor) -> QuerySet[EarlierContacts]:
    """The actor's files, newest first."""
    return EarlierContacts.objects.visible_to(actor).select_related("programme", "municipality")


def problem_rows(file: EarlierContacts) -> QuerySet[EarlierContactRow]:
    """Rows that are not used, in the file's order; without what they hold of a person."""
    rows = EarlierContactRow.objects.filter(file=file).exclude(problem_code="")
    return rows.only("row_number", "problem_code", "problem_column").order_by("row_number")


def padded_rows(file: EarlierContacts) -> QuerySet[EarlierContactRow]:
    """Rows whose CPR number is proposed with the zero it lost, in the file's order; without the number (C2)."""
    rows = EarlierContactRow.objects.filter(file=file, problem_code="leading_zero")
    return rows.only("row_number", "citizen_id").order_by("row_number")


def senders(actor: Actor) -> list[str]:
    """Whose spreadsheets the actor's municipality has had before, for the field's proposals."""
    named = EarlierContacts.objects.visible_to(actor).exclude(sender="").order_by("sender")
    return list(named.values_list("sender", flat=True).distinct()[:50])

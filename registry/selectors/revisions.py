"""How a corrected list of the same week differs from the one that is in use (IP04)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from ..models import NonresponderList
from ..sql import statement


@dataclass(frozen=True, slots=True)
class Revision:
    """Row numbers, as the spreadsheet shows them, of those whom both lists name but with another group or date."""

    other_group: list[int]
    other_day: list[int]


def revision_of(nonresponder_list: NonresponderList, newest: NonresponderList) -> Revision:
    """Compare the list's rows with what `newest`, a list of the same day, made of the same citizens. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            statement("revision"),
            {
                "list": nonresponder_list.pk,
                "programme": nonresponder_list.programme_id,
                "newest": newest.pk,
            },
        )
        rows = cursor.fetchall()
    return Revision(
        other_group=[number for number, group, _day in rows if group],
        other_day=[number for number, _group, day in rows if day],
    )

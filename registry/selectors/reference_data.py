"""The history of reference data, and the words of the keys in it."""

from __future__ import annotations

from typing import Any

from django.db.models import ForeignKey, Model, Q, QuerySet

from outreach.access.actor import Actor

from ..models import ReferenceChange


def history_of(actor: Actor, table: str, row_key: object) -> QuerySet[ReferenceChange]:
    """The changes of one row, newest first."""
    return ReferenceChange.objects.visible_to(actor).filter(table=table, row_key=str(row_key))


def found_rows(rows: QuerySet[Any], lookups: tuple[str, ...], text: str) -> QuerySet[Any]:
    """The rows that one of the look-ups finds the text in; all of them for an empty text."""
    words = text.strip()
    if not words:
        return rows
    condition = Q()
    for lookup in lookups:
        condition |= Q(**{lookup: words})
    return rows.filter(condition)


def words_of_keys(model: type[Model], changes: list[ReferenceChange]) -> dict[str, dict[Any, str]]:
    """{field: {key: words}} for the foreign keys and choices that the changes speak of: a query per foreign key."""
    words: dict[str, dict[Any, str]] = {}
    for field in model._meta.concrete_fields:
        if not isinstance(field, ForeignKey) and not field.choices:
            continue
        keys = {value for change in changes for value in change.changes.get(field.attname, []) if value is not None}
        if isinstance(field, ForeignKey) and keys:
            target = field.remote_field.model
            words[field.attname] = {row.pk: str(row) for row in target._base_manager.filter(pk__in=keys)}
        elif field.choices and keys:
            words[field.attname] = {value: str(label) for value, label in field.flatchoices}
    return words

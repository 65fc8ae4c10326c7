"""Everything that is stored about one citizen, table by table: what they get when they ask (A3, the right of access).

Told by the classification of every field, so that a new table cannot be forgotten: a field about staff is left out
(names of staff are withheld), and so are keys, encrypted bytes and what undo needs to put things back.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from outreach.audit.models import AccessEvent, Action
from outreach.privacy.classification import Sensitivity, collect
from registry.models import Citizen, Phone, PreviousNumber

from ..insight_titles import TITLES

# What undo puts back is said in the rows it came from; the rest are keys and places in a file.
TECHNICAL = {"id", "before", "household_key", "search_name", "sort_name", "step_key", "position", "batch", "gateway_id"}
TECHNICAL |= {"former_citizen_id", "same_as_row", "decision_step", "decision_before", "claimed_before", "encoding"}
# Staff by another name than the classification's: which colleague did it is not the citizen's to know (A3).
STAFF_FIELDS = {"by_name", "by_user_id", "undone_by_name", "checked_by_id", "assigned_before", "assigned_after"}
STAFF_FIELDS |= {"promised_by_user_id", "claimed_until_before"}
# What is shown to the person themselves is deciphered by its model.
DECIPHERED = {"Citizen": ("cpr_formatted",), "Phone": ("number",), "Relative": ("phone",), "Conversation": ("number",)}

Section = dict[str, Any]


def insight(citizen: Citizen) -> list[Section]:
    """Sections of `title`, `table` and `rows` (field → value as one reads it), those with rows only."""
    sections = []
    for label, title in TITLES.items():
        model = apps.get_model(label)
        rows = [_row(each) for each in _rows_of(model, citizen)]
        if rows:
            sections.append({"title": str(title), "table": model.__name__, "rows": rows})
    return sections


def look_ups(citizen: Citizen) -> list[AccessEvent]:
    """Each use of the citizen's data, newest first, also under the record they had before two were found to be one
    person. Whoever shows it leaves out the names of staff (A3)."""
    earlier = PreviousNumber.objects.filter(citizen=citizen, former_citizen_id__isnull=False)
    keys = [citizen.pk, *earlier.values_list("former_citizen_id", flat=True)]
    rows = AccessEvent.objects.filter(subject_kind="citizen", subject_id__in=[str(key) for key in keys])
    return list(rows.filter(municipality_id=citizen.municipality_id).exclude(action=Action.DENIED))


@lru_cache(maxsize=64)
def path_to_citizen(model: type[models.Model]) -> str:
    """The look-up from a row to its citizen, along the fewest foreign keys; empty when there is none."""
    if model is Citizen:
        return "pk"
    waiting: list[tuple[str, type[models.Model]]] = [("", model)]
    seen = {model}
    while waiting:
        prefix, here = waiting.pop(0)
        links = [field for field in here._meta.local_fields if isinstance(field, models.ForeignKey)]
        for field in links:
            if field.related_model is Citizen and field.name == "citizen":
                return f"{prefix}{field.name}"
        for field in links:
            target = field.related_model
            if target not in seen and target._meta.app_label in ("registry", "campaigns"):
                seen.add(target)
                waiting.append((f"{prefix}{field.name}__", target))
    return ""


def _rows_of(model: type[models.Model], citizen: Citizen) -> models.QuerySet[Any]:
    rows = model._default_manager.order_by("pk")
    if model.__name__ == "OptOut":
        return rows.filter(number_index__in=Phone.objects.filter(citizen=citizen).values("number_index"))
    return rows.filter(**{path_to_citizen(model): citizen.pk})


def _row(instance: models.Model) -> dict[str, Any]:
    row = {name: getattr(instance, name) for name in DECIPHERED.get(type(instance).__name__, ())}
    if programme := _programme_of(instance):
        row["programme"] = programme
    for field in _fields_of(type(instance)):
        shown = getattr(instance, f"get_{field.name}_display", None)
        value = shown() if shown is not None else getattr(instance, field.attname)
        if value not in (None, "", [], {}):
            row[field.name] = _readable(value)
    return row


def _programme_of(instance: Any) -> str:
    """Which vaccination a row is about, where it is about one."""
    if hasattr(instance, "programme_id"):
        return instance.programme.name if instance.programme_id is not None else ""
    follow_up = getattr(instance, "follow_up", None)
    return follow_up.programme.name if follow_up is not None else ""


@lru_cache(maxsize=64)
def _fields_of(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    classified = collect()
    return [
        field
        for field in model._meta.local_fields
        if field.name not in TECHNICAL
        and not isinstance(field, (models.BinaryField, models.ForeignKey))
        and field.name not in STAFF_FIELDS
        and classified[model._meta.app_label, model.__name__, field.name].sensitivity != Sensitivity.STAFF
    ]


def _readable(value: Any) -> Any:
    if isinstance(value, bool):
        return _("ja") if value else _("nej")
    if isinstance(value, datetime):
        return localtime(value).strftime("%d.%m.%Y %H.%M")
    if isinstance(value, date):
        return value.strftime("%d.%m.%Y")
    return value if isinstance(value, (int, float, str, list, dict)) else str(value)

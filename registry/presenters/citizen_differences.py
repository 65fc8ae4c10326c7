"""Where a file and a hand-made edit differ, in words. Never queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from ..citizen_fields import FIELD_COLUMNS, field_words
from ..models import CitizenDifference, CitizenEdit, EditedField
from ..services.citizen_differences import theirs_of
from .lists import moment_words


@dataclass(frozen=True, slots=True)
class DifferenceLine:
    """One choice: whose word, what stands here, what the file says."""

    id: int
    citizen_id: int
    name: str
    protected: bool
    field: str
    ours: str
    ours_by: str
    theirs: str
    theirs_from: str
    is_person: bool


def difference_line(difference: CitizenDifference, edit: CitizenEdit | None, *, today: date) -> DifferenceLine:
    """A line of the page; `edit` says who wrote ours."""
    field = EditedField(difference.field)
    source = difference.citizen_import
    # C5: a protected address is shown on the citizen's own pages only.
    protected = difference.citizen.is_protected(today)
    hides, hidden = field == EditedField.ADDRESS and protected, _("beskyttet adresse")
    return DifferenceLine(
        id=difference.pk,
        citizen_id=difference.citizen_id,
        name=difference.citizen.name,
        protected=protected,
        field=str(field.label),
        ours=hidden if hides else _ours(difference, field),
        ours_by=f"{edit.edited_by_name}, {moment_words(edit.edited_at)}" if edit else "",
        theirs=hidden if hides else _theirs(difference, field),
        theirs_from=f"{source.display_name if source else ''}, {moment_words(difference.found_at)}".lstrip(", "),
        is_person=field == EditedField.PERSON,
    )


def field_choices(counts: Mapping[str, int]) -> list[tuple[str, str, int]]:
    """Code, name and number of each field with something to choose, in the order of the forms."""
    return [(field.value, str(field.label), counts[field]) for field in EditedField if counts.get(field)]


def difference_lines(
    differences: Iterable[CitizenDifference], edits: Mapping[tuple[int, str], CitizenEdit], *, today: date
) -> list[DifferenceLine]:
    """Lines with their edits."""
    return [difference_line(each, edits.get((each.citizen_id, each.field)), today=today) for each in differences]


def _ours(difference: CitizenDifference, field: EditedField) -> str:
    if field == EditedField.PERSON:
        return _("svarene under det gældende nummer")
    if field not in FIELD_COLUMNS:
        return ", ".join(each.name for each in difference.citizen.relatives.all() if each.kind == field) or "–"
    citizen = difference.citizen
    return field_words(field, {name: getattr(citizen, name) for name in FIELD_COLUMNS[field]}) or "–"


def _theirs(difference: CitizenDifference, field: EditedField) -> str:
    if field == EditedField.PERSON:
        return _("svarene under det nummer, borgeren havde før")
    if field not in FIELD_COLUMNS:
        name = str(difference.theirs.get("name", ""))
        return _("%(name)s, med et andet telefonnummer") % {"name": name} if _has_phone(difference) else name
    return field_words(field, theirs_of(difference)) or "–"


def _has_phone(difference: CitizenDifference) -> bool:
    return bool(difference.theirs.get("phone_index"))

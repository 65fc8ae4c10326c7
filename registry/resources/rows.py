"""The base of every resource: own municipality only, every change by the service, rows counted once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from import_export import resources
from import_export.fields import Field
from tablib import Dataset

from outreach.access.actor import Actor
from outreach.design.spreadsheets import neutral

from ..services.reference_data import may_change_common, save_reference_row
from .cells import ALL, TextCell

MUNICIPALITY_COLUMN = "Kommunekode"


class MunicipalityCell(TextCell):
    """The code of the municipality a row belongs to, or ALL: written by us, only checked when read."""

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return f"{value:04d}" if value else ALL


def municipality_field() -> Field:
    """The column every table of municipal rows has."""
    return Field(column_name=MUNICIPALITY_COLUMN, attribute="municipality_id", widget=MunicipalityCell(), readonly=True)


class ReferenceResource(resources.ModelResource):
    """Rows of one table as one actor may see and change them. Subclasses say `table` and the fields.

    A municipal table may also hold rows for all municipalities (ALL in their column): they come back from a file as
    they went out, and only operations change them, whose own rows these are. `blank` names the columns that say which
    row is meant also when they are empty.
    """

    table: ClassVar[str]
    blank: ClassVar[frozenset[str]] = frozenset()
    is_common = False

    def __init__(self, *, by: Actor, rows: QuerySet[Any], now: datetime, origin: str = "") -> None:
        super().__init__()
        self.by, self.rows, self.now, self.origin = by, rows, now, origin
        self._seen: set[tuple[object, ...]] = set()

    @classmethod
    def titles(cls) -> list[str]:
        """The titles of all columns, as a file has them."""
        return [field.column_name for field in cls.fields.values()]

    @classmethod
    def needed_titles(cls) -> list[str]:
        """The titles of the columns that say which row is meant."""
        return [cls.fields[name].column_name for name in cls._meta.import_id_fields]

    @classmethod
    def is_municipal(cls) -> bool:
        """Whether a row belongs to a municipality, or holds for all of them; else the table is national."""
        return any(field.name == "municipality" for field in cls._meta.model._meta.fields)

    @property
    def municipality_id(self) -> int | None:
        """Whose row the current one is."""
        return None if self.is_common else self.by.municipality_code

    def get_queryset(self) -> QuerySet[Any]:
        return self.rows.filter(municipality=self.municipality_id) if self.is_municipal() else self.rows

    def get_instance(self, instance_loader: Any, row: dict[str, Any]) -> Model | None:
        """The stored row that is meant. A cell that can name none is the row's error; the library takes it for ours."""
        for name in self._meta.import_id_fields:
            field = self.fields[name]
            try:
                if field.column_name in row:
                    field.clean(row)
            except ValueError as error:
                raise ValidationError({field.attribute: str(error)}) from None
        found: Model | None = super().get_instance(instance_loader, row)
        return found

    def init_instance(self, row: Any = None) -> Model:
        made: Model = self._meta.model()
        if self.is_municipal():
            made.municipality_id = self.municipality_id  # type: ignore[attr-defined]
        return made

    def before_import_row(self, row: dict[str, Any], **kwargs: Any) -> None:
        """A row of another municipality, or one that stands twice, is an error and no change."""
        code = str(row.get(MUNICIPALITY_COLUMN) or "").strip()
        self.is_common = code.casefold() == ALL or (not code and self.by.is_system)
        if code and not self.is_common and code.lstrip("0") != str(self.by.municipality_code):
            raise ValidationError(_("Rækken hører til en anden kommune (%(code)s).") % {"code": code[:10]})
        cells = {title: str(row.get(title) or "").strip() for title in self.needed_titles()}
        missing = [title for title, cell in cells.items() if not cell and title not in self.blank]
        if missing:
            raise ValidationError(_("Rækken mangler %(names)s.") % {"names": " og ".join(missing)})
        key = (self.is_common, *("" if cell.casefold() == ALL else cell.casefold() for cell in cells.values()))
        if key in self._seen:
            raise ValidationError(_("Rækken står også tidligere i filen."))
        self._seen.add(key)

    def do_instance_save(self, instance: Model, is_create: bool) -> None:
        if self.is_common and not may_change_common(self.by):
            raise ValidationError(_("Rækken gælder alle kommuner og ændres af driften. Skriv jeres kommunekode i den."))
        save_reference_row(
            by=self.by,
            table=self.table,
            row=instance,
            origin=self.origin,
            now=self.now,
            purpose=_("Stamdata indlæst fra fil"),
        )

    def after_import(self, dataset: Dataset, result: Any, **kwargs: Any) -> None:
        """Nothing. The library would set the table's sequence anew, which the application's role may not: no file
        carries our keys.
        """

    def exported(self, rows: Iterable[Model] | QuerySet[Any]) -> Dataset:
        """The rows as a table of neutralised cells."""
        dataset = self.export(rows)
        clean = Dataset(headers=dataset.headers)
        for row in dataset:
            clean.append([neutral(cell) for cell in row])
        return clean


class RowMeta:
    """What every resource's Meta has: nothing kept of a dry run, unchanged rows skipped, models validated."""

    use_transactions = True
    skip_unchanged = True
    report_skipped = True
    clean_model_instances = True
    store_instance = True
    skip_html_diff = True

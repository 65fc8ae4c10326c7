"""The registry's places as files: institutions and housing areas."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export.fields import Field

from ..forms.reference_data import check_place
from ..models import HousingArea, Institution, InstitutionKind, Parish
from ..selectors.boundaries import parish_at
from .cells import ChoiceCell, CodeCell, DayCell, DecimalCell, TextCell
from .rows import ReferenceResource, RowMeta, municipality_field


def _text(column: str, attribute: str) -> Field:
    return Field(column_name=column, attribute=attribute, widget=TextCell())


def _day(column: str, attribute: str) -> Field:
    return Field(column_name=column, attribute=attribute, widget=DayCell())


def _decimal(column: str, attribute: str) -> Field:
    return Field(column_name=column, attribute=attribute, widget=DecimalCell())


def _parish() -> Field:
    return Field(column_name="Sognekode", attribute="parish", widget=CodeCell(Parish, digits=4))


class _PlaceResource(ReferenceResource):
    """What lies somewhere: its coordinates are in Denmark, and give the parish that a row does not name."""

    def import_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        super().import_instance(instance, row, **kwargs)
        check_place(instance.latitude, instance.longitude)
        if instance.parish_id is None and instance.latitude is not None:
            instance.parish = parish_at(instance.latitude, instance.longitude)


class InstitutionResource(_PlaceResource):
    """Institutions of one municipality, by institution number."""

    table = "institutions"
    number = _text("Institutionsnummer", "number")
    name = _text("Navn", "name")
    kind = Field(column_name="Type", attribute="kind", widget=ChoiceCell(InstitutionKind))
    address = _text("Adresse", "address")
    parish = _parish()
    latitude = _decimal("Breddegrad", "latitude")
    longitude = _decimal("Længdegrad", "longitude")
    closed_on = _day("Lukket fra", "closed_on")
    municipality = municipality_field()

    class Meta(RowMeta):
        model = Institution
        import_id_fields = ("number",)
        fields: ClassVar = (
            "number", "name", "kind", "address", "parish", "latitude", "longitude", "closed_on", "municipality",
        )  # fmt: skip

    def before_import_row(self, row: dict[str, Any], **kwargs: Any) -> None:
        """A number is unique in the country: another municipality's is an error, not a new institution."""
        number = str(row.get("Institutionsnummer") or "").strip()
        if number.isascii() and number.isdigit() and len(number) <= 6:
            row["Institutionsnummer"] = number = number.zfill(6)
        elif number:
            raise ValidationError(_("Institutionsnummeret er højst seks cifre."))
        super().before_import_row(row, **kwargs)
        if Institution.objects.filter(number=number).exclude(municipality=self.by.municipality_code).exists():
            raise ValidationError(_("Institutionen hører til en anden kommune. I kan kun ændre jeres egne."))


class HousingAreaResource(_PlaceResource):
    """Housing areas of one municipality, by name."""

    table = "housing_areas"
    name = _text("Navn", "name")
    parish = _parish()
    latitude = _decimal("Breddegrad", "latitude")
    longitude = _decimal("Længdegrad", "longitude")
    municipality = municipality_field()

    class Meta(RowMeta):
        model = HousingArea
        import_id_fields = ("name",)
        fields: ClassVar = ("name", "parish", "latitude", "longitude", "municipality")

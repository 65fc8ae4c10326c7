"""The registry's own tables as files: institutions, housing areas, deadlines, target groups."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export.fields import Field

from ..forms.reference_data import check_days, check_place
from ..models import DeadlineRule, GroupKind, HousingArea, Institution, InstitutionKind, Parish, Programme, TargetGroup
from ..selectors.boundaries import parish_at
from .cells import ChoiceCell, CodeCell, DayCell, DecimalCell, TextCell, WholeCell
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


class DeadlineRuleResource(ReferenceResource):
    """A municipality's own deadlines, one row per programme (K3). The common ones are exported, never changed."""

    table = "deadline_rules"
    programme = Field(column_name="Program", attribute="programme", widget=CodeCell(Programme))
    first_contact_days = Field(
        column_name="Arbejdsdage til første kontakt", attribute="first_contact_days", widget=WholeCell()
    )
    answer_days = Field(column_name="Arbejdsdage til svar", attribute="answer_days", widget=WholeCell())
    municipality = municipality_field()

    class Meta(RowMeta):
        model = DeadlineRule
        import_id_fields = ("programme",)
        fields: ClassVar = ("programme", "first_contact_days", "answer_days", "municipality")

    def get_queryset(self) -> Any:
        """Own rules: the common one of a programme is never the row that a file changes."""
        return self.rows.filter(municipality=self.by.municipality_code)

    def import_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        super().import_instance(instance, row, **kwargs)
        check_days(instance.first_contact_days, instance.answer_days)


class TargetGroupResource(ReferenceResource):
    """Target groups, which are national: to look at and export."""

    table = "target_groups"
    programme = Field(column_name="Program", attribute="programme", widget=CodeCell(Programme))
    code = _text("Målgruppe", "code")
    name = _text("Navn", "name")
    kind = Field(column_name="Afgrænses af", attribute="kind", widget=ChoiceCell(GroupKind))
    birth_years = _text("Årgange", "birth_years")
    valid_from = _day("Gælder fra", "valid_from")
    valid_to = _day("Gælder til", "valid_to")
    mandatory_from = _day("Pligt fra", "mandatory_from")
    mandatory_to = _day("Pligt til", "mandatory_to")

    class Meta(RowMeta):
        model = TargetGroup
        import_id_fields = ("programme", "code", "valid_from")
        fields: ClassVar = (
            "programme", "code", "name", "kind", "birth_years", "valid_from", "valid_to", "mandatory_from",
            "mandatory_to",
        )  # fmt: skip

    def dehydrate_birth_years(self, group: TargetGroup) -> str:
        return birth_year_words(group.birth_years)


def birth_year_words(years: list[int]) -> str:
    """Pairs of years as people write them: `1972–1976, til 1936`."""
    pairs = zip(years[::2], years[1::2], strict=True)
    return ", ".join(f"{first}–{last}" if first else _("til %(year)s") % {"year": last} for first, last in pairs)

"""The forms of reference data: search, one row, and a file of rows."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outreach.access.actor import Actor
from outreach.design.fields import DanishDateField
from outreach.design.widgets import FileDrop
from outreach.errors import UserError

from ..models import DeadlineRule, HousingArea, Institution, Parish, Programme
from ..selectors.boundaries import parish_at

LARGEST_FILE = 2 * 1024**2  # some 20,000 rows; the pages take fewer
SOUTH, NORTH, WEST, EAST = 54.4, 57.9, 7.9, 15.3
MOST_DAYS = 120


def check_place(latitude: float | None, longitude: float | None) -> None:
    """Raise ValidationError for half a place, or one outside Denmark."""
    if (latitude is None) != (longitude is None):
        raise ValidationError(_("Skriv både breddegrad og længdegrad, eller ingen af dem."))
    if (
        latitude is not None
        and longitude is not None
        and not (SOUTH <= latitude <= NORTH and WEST <= longitude <= EAST)
    ):
        raise ValidationError(_("Koordinaterne ligger ikke i Danmark. Skriv grader, fx 55,6151 og 12,3402."))


def check_days(first_contact_days: int | None, answer_days: int | None) -> None:
    """Raise ValidationError for deadlines that cannot be kept: none, or an answer before the first contact (K3)."""
    for days in (first_contact_days, answer_days):
        if days is not None and not 1 <= days <= MOST_DAYS:
            raise ValidationError(_("En frist er mellem 1 og %(most)s arbejdsdage.") % {"most": MOST_DAYS})
    if first_contact_days is not None and answer_days is not None and answer_days < first_contact_days:
        raise ValidationError(_("Fristen for svar kan ikke ligge før fristen for første kontakt."))


class ReferenceSearchForm(forms.Form):
    """The search box above a table."""

    marks_optional = False
    q = forms.CharField(label=gettext_lazy("Søg"), required=False, max_length=80)


class ReferenceForm(forms.ModelForm):
    """One row: the actor's municipality's, or everybody's where the table has no municipality.

    The municipality is never a field, but counts in what must be unique.
    """

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        if self.instance.pk is None and any(each.name == "municipality" for each in self.instance._meta.fields):
            self.instance.municipality_id = actor.municipality_code

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() - {"municipality"}  # type: ignore[misc]


class _PlaceForm(ReferenceForm):
    """A place: its parish may be left to the boundaries."""

    latitude = forms.FloatField(label=gettext_lazy("Breddegrad"), required=False, localize=True)
    longitude = forms.FloatField(label=gettext_lazy("Længdegrad"), required=False, localize=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parishes = Parish.objects.filter(shares__municipality=self.instance.municipality_id).order_by("name")
        self.fields["parish"] = forms.ModelChoiceField(
            parishes.distinct(),
            label=gettext_lazy("Sogn"),
            required=False,
            empty_label=gettext_lazy("Efter koordinaterne"),
        )
        for name in ("latitude", "longitude"):
            self.fields[name].widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "date-input"})

    def clean(self) -> dict[str, Any]:
        """Coordinates in Denmark; without a parish, the one they lie in."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        latitude, longitude = cleaned.get("latitude"), cleaned.get("longitude")
        if not self.errors:
            check_place(latitude, longitude)
            if latitude is not None and longitude is not None and cleaned.get("parish") is None:
                cleaned["parish"] = parish_at(latitude, longitude)
        return cleaned


class InstitutionForm(_PlaceForm):
    """A school, care home, workplace or other institution."""

    number = forms.CharField(
        label=gettext_lazy("Institutionsnummer"),
        max_length=6,
        help_text=gettext_lazy("Seks cifre"),
        validators=[RegexValidator(r"^[0-9]{6}$", gettext_lazy("Skriv seks cifre, fx 101001."))],
    )
    closed_on = DanishDateField(label=gettext_lazy("Lukket fra"), required=False)

    class Meta:
        model = Institution
        fields: ClassVar = ["number", "name", "kind", "address", "parish", "latitude", "longitude", "closed_on"]
        labels: ClassVar = {
            "name": gettext_lazy("Navn"),
            "kind": gettext_lazy("Type"),
            "address": gettext_lazy("Adresse"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            # Files and figures know it by the number.
            self.fields["number"].disabled = True


class HousingAreaForm(_PlaceForm):
    """A residential area."""

    class Meta:
        model = HousingArea
        fields: ClassVar = ["name", "parish", "latitude", "longitude"]
        labels: ClassVar = {"name": gettext_lazy("Navn")}


class DeadlineRuleForm(ReferenceForm):
    """The municipality's own deadlines for a programme (K3)."""

    programme = forms.ModelChoiceField(
        Programme.objects.filter(active=True).order_by("name"), label=gettext_lazy("Program"), empty_label=None
    )

    class Meta:
        model = DeadlineRule
        fields: ClassVar = ["programme", "first_contact_days", "answer_days"]
        labels: ClassVar = {
            "first_contact_days": gettext_lazy("Arbejdsdage til første kontakt"),
            "answer_days": gettext_lazy("Arbejdsdage til svar eller sidste forsøg"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            self.fields["programme"].disabled = True

    def clean(self) -> dict[str, Any]:
        """Deadlines that can be kept, and one set of them per programme."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        check_days(cleaned.get("first_contact_days"), cleaned.get("answer_days"))
        own = DeadlineRule.objects.filter(
            municipality=self.instance.municipality_id, programme=cleaned.get("programme")
        ).exclude(pk=self.instance.pk)
        if own.exists():
            raise ValidationError(_("I har allerede egne frister for programmet. Ret dem i stedet."))
        return cleaned


class ReferenceFileForm(forms.Form):
    """A file of rows, as the table's export has them."""

    file = forms.FileField(
        label=gettext_lazy("Fil"),
        widget=FileDrop(
            attrs={"accept": ".xlsx,.csv,.ods,.xls,.tsv"},
            hint=gettext_lazy("XLSX eller CSV med samme kolonner, som når tabellen hentes"),
        ),
        error_messages={
            "required": gettext_lazy("Vælg den fil, du vil indlæse."),
            "empty": gettext_lazy("Filen er tom. Hent den igen, og indlæs den på ny."),
        },
    )

    def clean_file(self) -> UploadedFile:
        """A file small enough to be shown row by row."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_FILE:
            raise ValidationError(_("Filen fylder over 2 MB. Del den i flere filer."))
        return file

    def refuse(self, error: UserError) -> None:
        """Every refusal is about the file."""
        self.add_error("file", error.message)

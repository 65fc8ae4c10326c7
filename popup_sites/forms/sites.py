"""Forms of a site: which municipality, and where in it."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from registry.danish_order import sort_key
from registry.models import HousingArea, Institution, Municipality, Parish

from ..models import SiteKind

# A rectangle round Denmark, Bornholm included, in degrees.
SOUTH, NORTH, WEST, EAST = 54.4, 57.9, 7.9, 15.3


class MunicipalityFilterForm(forms.Form):
    """Choose one of the region's municipalities; empty means all."""

    marks_optional = False
    kommune = forms.ModelChoiceField(
        Municipality.objects.none(), label=_("Kommune"), required=False, empty_label=_("Alle kommuner")
    )

    def __init__(
        self, *args: Any, municipalities: QuerySet[Municipality], empty_label: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kommune"]
        field.queryset = municipalities.order_by("name")  # type: ignore[attr-defined]
        if empty_label:
            field.empty_label = empty_label  # type: ignore[attr-defined]


class DegreesField(forms.FloatField):
    """Degrees with comma or full stop: `55,6154` or `55.6154`."""

    default_error_messages = {"invalid": _("Skriv graderne som et tal, fx 55,6154.")}

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"class": "date-input", "inputmode": "decimal", "autocomplete": "off"}
        super().__init__(widget=forms.TextInput(attrs=attrs), **kwargs)

    def to_python(self, value: Any) -> Any:
        """The degrees as a float. Reads both signs: in Django's Danish a full stop would separate thousands."""
        return super().to_python(value.strip().replace(",", ".") if isinstance(value, str) else value)


class SiteForm(forms.Form):
    """A new site in one municipality: a known place to take the point from, or degrees typed."""

    kind = forms.ChoiceField(choices=SiteKind.choices, label=_("Type sted"))
    name = forms.CharField(max_length=120, label=_("Navn"), help_text=_("Fx Vejleåparken, beboerhuset"))
    address = forms.CharField(max_length=200, label=_("Adresse"), help_text=_("Vej, nummer, postnummer og by"))
    place = forms.ChoiceField(
        label=_("Ligger ved"),
        required=False,
        help_text=_("Bruges til at regne afstanden til borgerne ud."),
    )
    latitude = DegreesField(
        label=_("Breddegrad"),
        required=False,
        min_value=SOUTH,
        max_value=NORTH,
        help_text=_("Kun hvis stedet ikke er på listen. Fx 55,6154"),
    )
    longitude = DegreesField(
        label=_("Længdegrad"), required=False, min_value=WEST, max_value=EAST, help_text=_("Fx 12,3582")
    )
    wheelchair_access = forms.BooleanField(label=_("Adgang for kørestole"), required=False)
    parking = forms.BooleanField(label=_("Parkering ved stedet"), required=False)
    public_transport = forms.CharField(
        max_length=120,
        label=_("Offentlig transport"),
        required=False,
        help_text=_("Fx bus 300S til Vejleåparken"),
    )

    def __init__(self, *args: Any, municipality: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        located = {"municipality": municipality, "latitude__isnull": False, "longitude__isnull": False}
        groups: list[tuple[Any, str, list[Any]]] = [
            (_("Boligområder"), "area", list(HousingArea.objects.filter(**located).select_related("parish"))),
            (
                _("Institutioner"),
                "institution",
                list(Institution.objects.filter(**located).select_related("parish")),
            ),
            (_("Sogne"), "parish", list(Parish.objects.filter(shares__municipality=municipality).distinct())),
        ]
        self._places = {f"{prefix}:{place.pk}": place for _label, prefix, places in groups for place in places}
        self.fields["place"].choices = [  # type: ignore[attr-defined]
            ("", _("Vælg et sted")),
            *(
                (label, [(f"{prefix}:{place.pk}", place.name) for place in sorted(places, key=_by_name)])
                for label, prefix, places in groups
                if places
            ),
        ]

    def clean(self) -> dict[str, Any]:
        """A point is needed, from the place or typed; half a typed point is a slip."""
        cleaned = super().clean() or {}
        typed = [cleaned.get("latitude"), cleaned.get("longitude")]
        broken = {"latitude", "longitude", "place"} & set(self.errors)
        if broken:
            return cleaned
        if typed.count(None) == 1:
            missing = "latitude" if typed[0] is None else "longitude"
            self.add_error(missing, _("Skriv både breddegrad og længdegrad, eller lad begge være tomme."))
        elif typed[0] is None and not cleaned.get("place"):
            self.add_error("place", _("Vælg et sted på listen, eller skriv breddegrad og længdegrad."))
        return cleaned

    def site_fields(self) -> dict[str, Any]:
        """Keyword arguments for `create_site`, municipality, `by` and `now` apart."""
        fields = {name: value for name, value in self.cleaned_data.items() if name != "place"}
        place = self._places.get(self.cleaned_data["place"])
        if place is None:
            return fields
        if fields["latitude"] is None:
            fields |= {"latitude": place.latitude, "longitude": place.longitude}
        fields["parish"] = place if isinstance(place, Parish) else place.parish
        if isinstance(place, HousingArea):
            fields["housing_area"] = place
        if isinstance(place, Institution):
            fields["institution"] = place
        return fields


def _by_name(place: Any) -> Any:
    return sort_key(place.name)

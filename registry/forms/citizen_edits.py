"""Forms with which a citizen is written down or changed by hand."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from outreach.design.fields import DanishDateField
from outreach.errors import UserError

from ..models import Citizen, Parish, PhoneKind, RelativeKind

_FIELD_OF = {
    "citizen_name": "name",
    "citizen_reason": "reason",
    "citizen_exists": "cpr",
    "phone_invalid": "phone",
    "relative_name": "name",
}
# The languages most called in; another is written as its two letters in the file.
LANGUAGES = [
    ("da", _("dansk")), ("en", _("engelsk")), ("ar", _("arabisk")), ("so", _("somali")), ("tr", _("tyrkisk")),
    ("ur", _("urdu")), ("pl", _("polsk")), ("fa", _("persisk")), ("bs", _("bosnisk")), ("uk", _("ukrainsk")),
    ("ro", _("rumænsk")), ("de", _("tysk")), ("fr", _("fransk")), ("es", _("spansk")), ("vi", _("vietnamesisk")),
]  # fmt: skip


class _ServiceForm(forms.Form):
    """A form whose service may refuse what it says."""

    def refuse(self, error: UserError) -> None:
        """Put a refusal of the service at the field it is about; CPR's own codes are about the number."""
        field = _FIELD_OF.get(error.code, "cpr" if error.code.startswith("cpr_") else None)
        self.add_error(field if field in self.fields else None, error.message)


class CitizenCreateForm(_ServiceForm):
    """Somebody no file has told of, with or without a CPR number (C2)."""

    name = forms.CharField(label=_("Navn"), max_length=200, error_messages={"required": _("Skriv borgerens navn.")})
    cpr = forms.CharField(
        label=_("CPR-nummer"),
        required=False,
        max_length=13,
        help_text=_("Lad feltet stå tomt, hvis borgeren ikke har et."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    birth_date = DanishDateField(
        label=_("Fødselsdato"), required=False, help_text=_("Uden CPR-nummer. Skriv den cirka, hvis den ikke kendes.")
    )
    birth_date_approximate = forms.BooleanField(label=_("Fødselsdatoen er cirka"), required=False)
    phone = forms.CharField(
        label=_("Telefonnummer"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    phone_kind = forms.ChoiceField(
        label=_("Type"), choices=[(PhoneKind.MOBILE, _("Mobil")), (PhoneKind.LANDLINE, _("Fastnet"))]
    )
    language = forms.ChoiceField(label=_("Sprog"), choices=LANGUAGES)
    reason = forms.CharField(
        label=_("Hvorfor oprettes borgeren?"),
        max_length=120,
        help_text=_("Fx »ringede selv og vil vaccineres«. Det står i adgangsloggen."),
        error_messages={"required": _("Skriv, hvorfor borgeren oprettes.")},
    )
    # Ticked after the possible duplicates were seen.
    seen_duplicates = forms.BooleanField(required=False, widget=forms.HiddenInput())


class CitizenEditForm(_ServiceForm):
    """What may be changed by hand. A file that later says otherwise asks first."""

    name = forms.CharField(label=_("Navn"), max_length=200, error_messages={"required": _("Skriv borgerens navn.")})
    address = forms.CharField(label=_("Adresse"), required=False, max_length=200)
    postal_code = forms.RegexField(
        r"^\d{4}$",
        label=_("Postnummer"),
        required=False,
        max_length=4,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 4}),
        error_messages={"invalid": _("Et postnummer har fire cifre.")},
    )
    city = forms.CharField(label=_("By"), required=False, max_length=80)
    parish = forms.ModelChoiceField(Parish.objects.none(), label=_("Sogn"), required=False, empty_label=_("Ukendt"))
    email = forms.EmailField(
        label=_("E-mail"), required=False, error_messages={"invalid": _("Skriv adressen som navn@eksempel.dk.")}
    )
    language = forms.ChoiceField(label=_("Sprog"), choices=LANGUAGES)
    needs_interpreter = forms.BooleanField(label=_("Har brug for tolk"), required=False)
    care_home = forms.BooleanField(label=_("Bor på plejehjem"), required=False)
    personal_care = forms.BooleanField(label=_("Personlig pleje"), required=False)
    practical_help = forms.BooleanField(label=_("Praktisk hjælp"), required=False)
    home_nursing = forms.BooleanField(label=_("Hjemmesygepleje"), required=False)
    digital_post_exempt = forms.BooleanField(label=_("Fritaget for Digital Post"), required=False)
    protected = forms.BooleanField(label=_("Navne- og adressebeskyttelse"), required=False)
    protected_until = DanishDateField(
        label=_("Beskyttet til og med"), required=False, help_text=_("Tomt felt: beskyttelsen har ingen slutdato.")
    )

    def __init__(self, *args: Any, citizen: Citizen, **kwargs: Any) -> None:
        """`citizen`: whose values stand in the fields."""
        kwargs["initial"] = {name: getattr(citizen, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)
        self.fields["parish"].queryset = Parish.objects.filter(  # type: ignore[attr-defined]
            main_municipality_id=citizen.municipality_id
        ).order_by("name")
        if citizen.parish_id and citizen.parish and citizen.parish.main_municipality_id != citizen.municipality_id:
            self.fields["parish"].queryset |= Parish.objects.filter(pk=citizen.parish_id)  # type: ignore[attr-defined]
        if citizen.language not in dict(LANGUAGES):
            self.fields["language"].choices = [*LANGUAGES, (citizen.language, citizen.language)]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """Columns, as the service takes them."""
        cleaned = dict(self.cleaned_data)
        parish = cleaned.pop("parish")
        return {**cleaned, "parish_id": parish.pk if parish else None}

    @property
    def services(self) -> list[forms.BoundField]:
        """The yes-or-no fields that stand together."""
        names = ("care_home", "personal_care", "practical_help", "home_nursing", "digital_post_exempt")
        return [self[name] for name in names]


class RelativeForm(_ServiceForm):
    """Guardian, relative or custody holder (K8)."""

    kind = forms.ChoiceField(label=_("Hvem"), choices=RelativeKind.choices)
    name = forms.CharField(label=_("Navn"), max_length=200, error_messages={"required": _("Skriv personens navn.")})
    relation = forms.CharField(label=_("Forhold"), required=False, max_length=80, help_text=_("Fx datter eller nabo"))
    phone = forms.CharField(
        label=_("Telefonnummer"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )

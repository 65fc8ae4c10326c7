"""The form of an own selection: criteria, programme and purpose."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from outreach.design.fields import DanishDateField
from outreach.errors import UserError

from ..models import Citizen, Institution, Municipality, Parish, ParishMunicipality, Programme
from ..selectors.reference import target_groups
from ..selectors.selections_criteria import SERVICES, Criteria
from .citizen_edits import LANGUAGES

MOST_STREETS = 50
_FIELD_OF = {"selection_dates": "ends_on", "selection_purpose": "purpose"}


class SelectionForm(forms.Form):
    """Whom to follow up without a list from SSI, in which programme, and why (L9)."""

    programme = forms.ModelChoiceField(Programme.objects.none(), label=_("Vaccinationsprogram"), empty_label=None)
    name = forms.CharField(
        label=_("Navn"),
        max_length=120,
        help_text=_("Så I kan kende udvalget igen, fx »65+ med pleje og hjælp«."),
        error_messages={"required": _("Skriv et navn til udvalget.")},
    )
    purpose = forms.CharField(
        label=_("Formål og hjemmel"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        help_text=_("Hvorfor må og skal I kontakte netop disse borgere? Teksten står på udvalget og i adgangsloggen."),
        error_messages={"required": _("Skriv formålet, og hvad der giver jer lov til det.")},
    )
    age_from = forms.IntegerField(label=_("Alder fra"), min_value=0, max_value=130, required=False)
    age_to = forms.IntegerField(label=_("Alder til og med"), min_value=0, max_value=130, required=False)
    age_on = DanishDateField(label=_("Alderen er pr."), error_messages={"required": _("Skriv en dato.")})
    services = forms.MultipleChoiceField(
        label=_("Får ydelser"),
        choices=[
            ("personal_care", _("Personlig pleje")),
            ("practical_help", _("Praktisk hjælp")),
            ("home_nursing", _("Hjemmesygepleje")),
            ("care_home", _("Bor på plejehjem")),
        ],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Sætter du flere flueben, skal borgeren have det hele."),
    )
    institution = forms.ModelChoiceField(
        Institution.objects.none(), label=_("Institution"), required=False, empty_label=_("Alle")
    )
    parishes = forms.ModelMultipleChoiceField(
        Parish.objects.none(), label=_("Sogne"), required=False, widget=forms.CheckboxSelectMultiple
    )
    streets = forms.CharField(
        label=_("Boligområde: veje"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2000,
        help_text=_("En vej på hver linje. Adressen skal begynde sådan, fx Vejleåparken."),
    )
    target_group = forms.ChoiceField(label=_("Målgruppe"), required=False)
    language = forms.ChoiceField(label=_("Sprog"), required=False)
    ends_on = DanishDateField(label=_("Sidste dag"), required=False, help_text=_("Tom, hvis I selv vil afslutte det."))

    def __init__(self, *args: Any, municipality: Municipality, today: date, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"age_on": today})
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["programme"].queryset = Programme.objects.filter(active=True).order_by("pk")
        fields["institution"].queryset = Institution.objects.filter(municipality=municipality).order_by("name")
        shared = ParishMunicipality.objects.filter(municipality=municipality)
        fields["parishes"].queryset = Parish.objects.filter(
            Q(main_municipality=municipality) | Q(pk__in=shared.values("parish"))
        ).order_by("name")
        # Languages that have no name here stand as their two letters, as the files have them.
        spoken = Citizen.objects.filter(municipality=municipality).exclude(language__in=dict(LANGUAGES))
        unnamed = spoken.order_by("language").values_list("language", flat=True).distinct()
        fields["language"].choices = [("", _("Alle")), *LANGUAGES, *((code, code) for code in unnamed)]
        codes = {
            group.code: group.order
            for programme in fields["programme"].queryset
            for group in target_groups(programme, today)
        }
        fields["target_group"].choices = [("", _("Alle")), *((c, c) for c in sorted(codes, key=lambda c: codes[c]))]

    def clean(self) -> dict[str, Any]:
        """The ages in order."""
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("age_from"), cleaned.get("age_to")
        if first is not None and last is not None and first > last:
            self.add_error("age_to", _("Alderen til og med er lavere end alderen fra. Ret en af dem."))
        return cleaned

    def criteria(self) -> Criteria:
        """What was asked for."""
        data = self.cleaned_data
        streets = tuple(line.strip() for line in data["streets"].splitlines() if line.strip())
        return Criteria(
            age_on=data["age_on"],
            age_from=data["age_from"],
            age_to=data["age_to"],
            **{service: service in data["services"] for service in SERVICES},
            institution=data["institution"].pk if data["institution"] else None,
            parishes=tuple(sorted(parish.pk for parish in data["parishes"])),
            streets=streets[:MOST_STREETS],
            target_group=data["target_group"],
            language=data["language"],
        )

    def statement(self) -> dict[str, Any]:
        """The rest, as the service takes it."""
        return {name: self.cleaned_data[name] for name in ("programme", "name", "purpose", "ends_on")}

    def refuse(self, error: UserError) -> None:
        """Put a refusal of the service at the field it is about."""
        self.add_error(_FIELD_OF.get(error.code), error.message)

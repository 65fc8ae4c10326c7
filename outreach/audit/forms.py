"""What an auditor may narrow the log by."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import Action


class AccessLogFilterForm(forms.Form):
    """All fields may be empty. There is no CPR field: the log is searched by person at work, kind and day."""

    person = forms.CharField(label=_("Medarbejder"), max_length=200, required=False)
    action = forms.ChoiceField(label=_("Hændelse"), choices=[("", _("Alle")), *Action.choices], required=False)
    from_day = forms.DateField(
        label=_("Fra dag"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    to_day = forms.DateField(
        label=_("Til og med dag"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

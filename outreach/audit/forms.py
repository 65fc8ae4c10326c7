"""What an auditor may narrow the log by."""

from django import forms
from django.utils.translation import gettext_lazy as _

from outreach.design.fields import DanishDateField

from .models import Action


class AccessLogFilterForm(forms.Form):
    """All fields may be empty. There is no CPR field: the log is searched by person at work, kind and day."""

    marks_optional = False

    person = forms.CharField(label=_("Medarbejder"), max_length=200, required=False)
    action = forms.ChoiceField(label=_("Hændelse"), choices=[("", _("Alle")), *Action.choices], required=False)
    from_day = DanishDateField(label=_("Fra dag"), required=False)
    to_day = DanishDateField(label=_("Til og med dag"), required=False)

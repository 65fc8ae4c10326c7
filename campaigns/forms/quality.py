"""The verdict on a sampled outcome, and how large the sample is (K13)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import QualityVerdict


class JudgeForm(forms.Form):
    """Sent once for each outcome."""

    verdict = forms.ChoiceField(choices=QualityVerdict)
    comment = forms.CharField(required=False, max_length=2000)


class QualitySettingsForm(forms.Form):
    """How large the sample is."""

    first_outcomes = forms.IntegerField(
        label=_("Nye medarbejdere: de første svar"), min_value=0, max_value=500, help_text=_("Alle bliver set.")
    )
    percent = forms.IntegerField(
        label=_("Derefter, procent"), min_value=0, max_value=100, help_text=_("Tilfældigt udvalgt.")
    )

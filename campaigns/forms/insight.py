"""Whose look-up report is wanted, and why."""

from django import forms
from django.utils.translation import gettext_lazy as _


class InsightForm(forms.Form):
    """The number is posted, never part of an address (A4)."""

    cpr = forms.CharField(label=_("CPR-nummer"), max_length=14, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    reason = forms.CharField(
        label=_("Sagens nummer eller anledning"), max_length=100, help_text=_("Står i adgangsloggen.")
    )

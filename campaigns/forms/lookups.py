"""What somebody who found no number says of it (C4)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import LookupPlace


class NothingFoundForm(forms.Form):
    """Where somebody looked; how it ended is the button that was pressed."""

    places = forms.MultipleChoiceField(
        label=_("Hvor har du ledt?"),
        choices=LookupPlace.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

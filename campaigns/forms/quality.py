"""The verdict on a sampled outcome, and how large the sample is (K13)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from outreach.access.models import User
from outreach.design.fields import DanishDateField

from ..models import QualityVerdict


class JudgeForm(forms.Form):
    """Sent once for each outcome."""

    verdict = forms.ChoiceField(choices=QualityVerdict)
    comment = forms.CharField(required=False, max_length=2000)
    # Of a call to be followed up: who, and by when.
    to_user = forms.ModelChoiceField(queryset=User.objects.none(), required=False)
    due = DanishDateField(required=False)

    def __init__(self, *args: Any, callers: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_user"].queryset = User.objects.filter(  # type: ignore[attr-defined]
            pk__in=[user.pk for user in callers]
        )


class QualitySettingsForm(forms.Form):
    """How large the sample is."""

    first_outcomes = forms.IntegerField(
        label=_("Nye medarbejdere: de første svar"), min_value=0, max_value=500, help_text=_("Alle bliver set.")
    )
    percent = forms.IntegerField(
        label=_("Derefter, procent"), min_value=0, max_value=100, help_text=_("Tilfældigt udvalgt.")
    )

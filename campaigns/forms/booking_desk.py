"""What the region's desk writes: a time, a proposal, or a no with its reason."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import RefusalReason
from ..services.bookings.desk import NOTE_LIMIT
from .bookings import TimeForm


class DeskTimeForm(TimeForm):
    """A time for the citizen, with a word to the municipality."""

    note = forms.CharField(
        label=_("Besked til kommunen"),
        max_length=NOTE_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class RefusalForm(forms.Form):
    """Why there is no time."""

    refusal = forms.ChoiceField(label=_("Hvorfor ikke?"), choices=RefusalReason.choices)
    refusal_note = forms.CharField(
        label=_("Forklaring til kommunen"),
        max_length=NOTE_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    marks_optional = False

    def clean(self) -> dict[str, Any]:
        """»Andet« says nothing without a word more."""
        values = super().clean() or {}
        if values.get("refusal") == RefusalReason.OTHER and not (values.get("refusal_note") or "").strip():
            self.add_error("refusal_note", _("Skriv til kommunen, hvorfor der ikke kan gives en tid."))
        return values

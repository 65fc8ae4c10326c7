"""The form of a list order."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from outreach.design.fields import DanishDateField
from outreach.errors import UserError

from ..models import Programme

_FIELD_OF = {"order_dates": "expires_on", "order_exists": "reference", "order_purpose": "purpose"}


class ListOrderForm(forms.Form):
    """An order at SSI that SST has approved for a purpose (L2)."""

    programme = forms.ModelChoiceField(Programme.objects.none(), label=_("Vaccinationsprogram"), empty_label=None)
    reference = forms.CharField(
        label=_("Bestillingens nummer"),
        max_length=60,
        help_text=_("Det står i godkendelsen fra SST."),
        error_messages={"required": _("Skriv nummeret på godkendelsen.")},
    )
    purpose = forms.CharField(
        label=_("Formål"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        help_text=_("Som det er godkendt. Listen må kun bruges til det."),
        error_messages={"required": _("Skriv det formål, bestillingen er godkendt til.")},
    )
    approved_on = DanishDateField(
        label=_("Godkendt"), error_messages={"required": _("Skriv den dato, bestillingen er godkendt.")}
    )
    expires_on = DanishDateField(
        label=_("Gælder til og med"),
        error_messages={"required": _("Skriv den sidste dag, bestillingen må bruges.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme"].queryset = Programme.objects.filter(active=True).order_by("pk")  # type: ignore[attr-defined]

    def refuse(self, error: UserError) -> None:
        """Put a refusal of the service at the field it is about."""
        self.add_error(_FIELD_OF.get(error.code), error.message)

"""The forms of a case opened by hand: for a citizen we know, and for one we do not."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from outreach.design.fields import DanishDateField
from outreach.errors import UserError

from ..models import CalledBy, Programme

_FIELD_OF = {
    "case_reason": "reason",
    "citizen_name": "name",
    "citizen_reason": "reason",
    "phone_invalid": "phone",
    "citizen_exists": "cpr",
}


class CaseForm(forms.Form):
    """Who called, about which programme, and why (L9)."""

    programme = forms.ModelChoiceField(Programme.objects.none(), label=_("Vaccinationsprogram"), empty_label=None)
    called_by = forms.ChoiceField(label=_("Hvem henvendte sig?"), choices=CalledBy.choices, widget=forms.RadioSelect)
    caller_name = forms.CharField(
        label=_("Navn på den, der henvendte sig"),
        max_length=200,
        required=False,
        help_text=_("Hvis det ikke var borgeren selv."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    reason = forms.CharField(
        label=_("Hvorfor oprettes sagen?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        error_messages={"required": _("Skriv med få ord, hvad henvendelsen handler om.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"called_by": CalledBy.CITIZEN})
        super().__init__(*args, **kwargs)
        self.fields["programme"].queryset = Programme.objects.filter(active=True).order_by("pk")  # type: ignore[attr-defined]

    def case(self) -> dict[str, Any]:
        """The case, as the service takes it."""
        return {name: self.cleaned_data[name] for name in ("programme", "called_by", "caller_name", "reason")}

    def refuse(self, error: UserError) -> None:
        """Put a refusal of the service at the field it is about."""
        name = _FIELD_OF.get(error.code, "cpr" if error.code.startswith("cpr") else "")
        self.add_error(name if name in self.fields else None, error.message)


class NewCitizenCaseForm(CaseForm):
    """The same for somebody who may be in no registry; posted, so that no number is part of an address (A4)."""

    name = forms.CharField(
        label=_("Borgerens navn"),
        max_length=200,
        error_messages={"required": _("Skriv borgerens navn.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    cpr = forms.CharField(
        label=_("CPR-nummer"),
        max_length=20,
        required=False,
        help_text=_("Tomt, hvis borgeren ikke har et eller ikke vil oplyse det."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    birth_date = DanishDateField(
        label=_("Fødselsdato"), required=False, help_text=_("Kun uden CPR-nummer. Fx 21.04.1939")
    )
    phone = forms.CharField(
        label=_("Telefonnummer"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    field_order = ("name", "cpr", "birth_date", "phone", "programme", "called_by", "caller_name", "reason")

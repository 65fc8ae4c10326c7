"""The forms of a list order: written down as approved, drafted, approved later, or ended."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from outreach.design.fields import DanishDateField
from outreach.errors import UserError

from ..models import ListOrderState, Programme
from ..services.list_orders import Approval
from ..target_group_rules import group_codes

_FIELD_OF = {
    "order_dates": "expires_on",
    "order_exists": "reference",
    "order_reference": "reference",
    "order_purpose": "purpose",
    "order_area": "area",
    "unknown_group": "groups",
    "reason": "because",
}


class _ServiceForm(forms.Form):
    """A form whose service may refuse what it says."""

    def refuse(self, error: UserError) -> None:
        """Put a refusal of the service at the field it is about."""
        field = _FIELD_OF.get(error.code)
        self.add_error(field if field in self.fields else None, error.message)


class ApprovalForm(_ServiceForm):
    """SST's answer to an order: its number and its days (L2)."""

    reference = forms.CharField(
        label=_("Bestillingens nummer"),
        max_length=60,
        help_text=_("Det står i godkendelsen fra SST."),
        error_messages={"required": _("Skriv nummeret på godkendelsen.")},
    )
    approved_on = DanishDateField(
        label=_("Godkendt"), error_messages={"required": _("Skriv den dato, bestillingen er godkendt.")}
    )
    expires_on = DanishDateField(
        label=_("Gælder til og med"),
        help_text=_("Dagen efter kontaktes de borgere ikke mere, som kun står på dens lister og ikke har svaret."),
        error_messages={"required": _("Skriv den sidste dag, bestillingen må bruges.")},
    )

    def approval(self) -> Approval:
        """The answer, as the service takes it."""
        return Approval(**{name: self.cleaned_data[name] for name in ("reference", "approved_on", "expires_on")})


class ListOrderForm(ApprovalForm):
    """An order at SSI that SST has approved for a purpose (L2)."""

    programme = forms.ModelChoiceField(Programme.objects.none(), label=_("Vaccinationsprogram"), empty_label=None)
    purpose = forms.CharField(
        label=_("Formål"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        help_text=_("Som det er godkendt. Listen må kun bruges til det."),
        error_messages={"required": _("Skriv det formål, bestillingen er godkendt til.")},
    )

    field_order = ("programme", "reference", "purpose", "approved_on", "expires_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme"].queryset = Programme.objects.filter(active=True).order_by("pk")  # type: ignore[attr-defined]


class DraftForm(_ServiceForm):
    """What an order asks for: where, whom, and what for. `places` are lines of the uptake table."""

    places = forms.MultipleChoiceField(
        label=_("Områder med lav tilslutning"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tallene for de områder, du vælger, følger med bestillingen."),
    )
    area = forms.CharField(
        label=_("Området med egne ord"),
        required=False,
        max_length=200,
        help_text=_("Fx »Vejleåparken, opgang 2-40«. Lad feltet stå tomt, hvis områderne ovenfor siger det."),
    )
    groups = forms.CharField(
        label=_("Målgrupper"),
        required=False,
        max_length=200,
        help_text=_("Fx 1-7 eller 10A. Lad feltet stå tomt, hvis bestillingen gælder alle inviterede."),
    )
    purpose = forms.CharField(
        label=_("Formål"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=1000,
        help_text=_("Hvad listen skal bruges til, hvornår, og hvem der gør det. Listen må kun bruges til det."),
        error_messages={"required": _("Skriv, hvad listen skal bruges til.")},
    )

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        """`places`: code and name with its figures, lowest uptake first."""
        super().__init__(*args, **kwargs)
        self.fields["places"].choices = places  # type: ignore[attr-defined]
        if not places:
            del self.fields["places"]

    def clean_groups(self) -> list[str]:
        """`1-3, 7` as codes."""
        return group_codes(self.cleaned_data["groups"])


class EndOrderForm(_ServiceForm):
    """Why an order was refused or is cancelled."""

    to = forms.ChoiceField(
        label=_("Hvad skete der?"),
        choices=[
            (ListOrderState.REFUSED.value, ListOrderState.REFUSED.label),
            (ListOrderState.CANCELLED.value, ListOrderState.CANCELLED.label),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Vælg, hvad der skete med bestillingen.")},
    )
    because = forms.CharField(
        label=_("Hvorfor?"),
        max_length=300,
        error_messages={"required": _("Skriv hvorfor. Begrundelsen bliver stående ved bestillingen.")},
    )

    def __init__(self, *args: Any, endings: list[ListOrderState], **kwargs: Any) -> None:
        """`endings`: what can still become of this order; a single one needs no choice."""
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        field.choices = [(each.value, each.label) for each in endings]  # type: ignore[attr-defined]
        if len(endings) == 1:
            field.initial, field.widget = endings[0].value, forms.HiddenInput()

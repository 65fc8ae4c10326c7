"""The grant, and which days and which breakdown of the workload to show (K12)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from outreach.design.fields import DanishDateField

from ..models import WorkBudget

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

ORE = 100
MOST_KRONER = 1_000_000_000


class WorkloadFilterForm(forms.Form):
    """Sent by GET. An unknown value is left out."""

    first = DanishDateField(label=_("Fra"), required=False)
    last = DanishDateField(label=_("Til"), required=False)
    by = forms.ChoiceField(
        label=_("Fordelt på"),
        required=False,
        choices=[("week", _("Uge")), ("list", _("Liste")), ("group", _("Målgruppe"))],
    )
    marks_optional = False


class KronerField(forms.DecimalField):
    """Kroner with øre as people write them (1.234,50); gives øre."""

    def __init__(self, *, label: StrOrPromise, help_text: StrOrPromise = "") -> None:
        super().__init__(
            label=label,
            help_text=help_text,
            min_value=Decimal(0),
            max_value=Decimal(MOST_KRONER),
            decimal_places=2,
            localize=True,
        )

    def clean(self, value: object) -> int | None:
        kroner = super().clean(value)
        return None if kroner is None else int(kroner * ORE)

    def prepare_value(self, value: object) -> object:
        return Decimal(value) / ORE if isinstance(value, int) else value


class BudgetForm(forms.Form):
    """A grant with its prices; money comes out in øre."""

    name = forms.CharField(label=_("Navn"), max_length=120)
    reference = forms.CharField(
        label=_("Bevilget i"), max_length=120, required=False, help_text=_("Fx udvalg, dato og punkt.")
    )
    amount = KronerField(label=_("Beløb i kroner"))
    starts_on = DanishDateField(label=_("Fra"))
    ends_on = DanishDateField(label=_("Til"))
    hourly_rate = KronerField(label=_("En times arbejde, i kroner"), help_text=_("Løn med alt, hvad der følger med."))
    segment_price = KronerField(label=_("En sms-del, i kroner"), help_text=_("En lang sms består af flere dele."))
    letter_price = KronerField(label=_("Et brev, i kroner"))
    ride_price = KronerField(label=_("En kørsel, i kroner"))

    @classmethod
    def of(cls, budget: WorkBudget) -> dict[str, object]:
        """The values of a grant, for a form that changes it."""
        return {name: getattr(budget, name) for name in cls.base_fields}

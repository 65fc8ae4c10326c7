"""Small forms on the citizen page, the search page and the look-up list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from outreach.messaging.numbers import normalise
from registry.models import PhoneKind, PhoneSource


class PhoneForm(forms.Form):
    """A number somebody found or was told, with its source (C4)."""

    number = forms.CharField(
        label=_("Telefonnummer"),
        max_length=40,
        error_messages={"required": _("Skriv det nummer, du har fundet.")},
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(
        label=_("Type"),
        choices=[(PhoneKind.MOBILE, _("Mobil")), (PhoneKind.LANDLINE, _("Fastnet"))],
        initial=PhoneKind.MOBILE,
    )
    source = forms.ChoiceField(
        label=_("Kilde"),
        choices=[
            (PhoneSource.CITIZEN, _("Oplyst af borgeren")),
            (PhoneSource.RELATIVE, _("Oplyst af pårørende")),
            (PhoneSource.LOOKED_UP, _("Slået op")),
        ],
    )

    def clean_number(self) -> str:
        """E.164."""
        number = normalise(self.cleaned_data["number"])
        if number is None:
            raise ValidationError(
                _("Det er ikke et gyldigt telefonnummer. Skriv otte cifre, eller landekode og nummer.")
            )
        return number


class FoundNumberForm(PhoneForm):
    """The same, on the look-up list: what is found there has been looked up, or a relative has told it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = [  # type: ignore[attr-defined]
            (PhoneSource.LOOKED_UP, _("Slået op")),
            (PhoneSource.RELATIVE, _("Oplyst af pårørende")),
        ]


class SearchForm(forms.Form):
    """One box for name, phone and CPR; posted, so that no number is ever part of an address (A4)."""

    query = forms.CharField(
        label=_("Navn, telefonnummer eller CPR-nummer"),
        max_length=200,
        error_messages={"required": _("Skriv et navn, et telefonnummer eller et CPR-nummer.")},
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
    )

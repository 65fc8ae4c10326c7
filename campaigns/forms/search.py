"""Who rang: a number typed or pasted in any form, or the name somebody gave (K10)."""

from __future__ import annotations

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from outreach.messaging.numbers import normalise

# Fewer digits are no telephone number: a name may hold a stray one.
FEWEST_DIGITS = 5
# What people copy along with a number: "Tlf.: 20 12 34 56", "tel:+4520123456".
AROUND_A_NUMBER = re.compile(r"^[^\d+(]+|[^\d)]+$")


class RingBackForm(forms.Form):
    """One box. After validation `number` is E.164 or "", and `name` what was given instead, or ""."""

    number = forms.CharField(
        label=_("Telefonnummer eller navn"),
        max_length=120,
        error_messages={"required": _("Indsæt det nummer, der ringede, eller skriv navnet.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    name = ""

    def clean_number(self) -> str:
        """E.164, or "" for a name. What has digits enough to be a number must be one."""
        text = self.cleaned_data["number"].strip()
        if sum(letter.isdecimal() for letter in text) < FEWEST_DIGITS and any(letter.isalpha() for letter in text):
            self.name = text
            return ""
        number = normalise(text) or normalise(AROUND_A_NUMBER.sub("", text))
        if number is None:
            raise ValidationError(
                _("Det er ikke et gyldigt telefonnummer. Skriv otte cifre, eller landekode og nummer.")
            )
        return number

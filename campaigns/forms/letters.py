"""Forms of letters: for whom a batch is made, who it comes from, and why a protected address is released."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

RELEASE = "release_"


class BatchForm(forms.Form):
    """The reasons whose citizens get a letter now; a field for each protected citizen, filled in to release."""

    reasons = forms.MultipleChoiceField(
        label=_("Hvem skal have brev nu?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Sæt flueben ved mindst én gruppe.")},
    )
    # Of the page as it was opened: posted twice, it is one batch.
    asked_as = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, reasons: list[tuple[str, str]], protected: list[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reasons"].choices = reasons  # type: ignore[attr-defined]
        for citizen_id, name in protected:
            self.fields[f"{RELEASE}{citizen_id}"] = forms.CharField(
                label=_("Hvorfor må adressen bruges til %(name)s?") % {"name": name},
                help_text=_("Lad feltet stå tomt, hvis borgeren ikke skal have brevet nu."),
                max_length=200,
                required=False,
            )

    def releases(self) -> list[tuple[int, str]]:
        """Citizen and reason of each release."""
        return [
            (int(name.removeprefix(RELEASE)), reason)
            for name, reason in self.cleaned_data.items()
            if name.startswith(RELEASE) and reason
        ]

    def release_fields(self) -> list[Any]:
        """The fields of the protected, for the template."""
        return [self[name] for name in self.fields if name.startswith(RELEASE)]


class SenderForm(forms.Form):
    """Who the letters come from."""

    phone = forms.CharField(label=_("Telefon, borgere kan ringe til"), max_length=20)
    unit = forms.CharField(label=_("Afdeling"), max_length=80, required=False)
    address = forms.CharField(label=_("Adresse"), max_length=120)
    postal_code = forms.CharField(
        label=_("Postnummer"), validators=[RegexValidator(r"^\d{4}$", _("Skriv fire cifre."))], max_length=4
    )
    city = forms.CharField(label=_("By"), max_length=80)
    cvr = forms.CharField(
        label=_("CVR-nummer"),
        help_text=_("Bruges som afsender i Digital Post."),
        validators=[RegexValidator(r"^\d{8}$", _("Skriv otte cifre."))],
        required=False,
    )

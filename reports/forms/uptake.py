"""Filters of the figures, and the upload of an uptake file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from outreach.design.fields import DanishDateField
from outreach.design.widgets import FileDrop
from registry.models import Municipality, Programme


class UptakeFilter(forms.Form):
    """Which breakdown, programme and, for a region or the nation, which municipality."""

    marks_optional = False

    opgjort = forms.CharField(required=False, widget=forms.HiddenInput)
    program = forms.ChoiceField(label=_("Program"), required=False)
    kommune = forms.ChoiceField(label=_("Kommune"), required=False)

    def __init__(
        self, *args: Any, programmes: Sequence[Programme], municipalities: Sequence[Municipality], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["program"].choices = [  # type: ignore[attr-defined]
            (each.code, each.name) for each in programmes
        ]
        if len(municipalities) > 1:
            self.fields["kommune"].choices = [  # type: ignore[attr-defined]
                (each.code_text, each.name) for each in municipalities
            ]
        else:
            del self.fields["kommune"]


class StatusNoteFilter(forms.Form):
    """The note's day and programme."""

    marks_optional = False

    program = forms.ChoiceField(label=_("Program"), required=False)
    dato = DanishDateField(label=_("Opgjort pr."), required=False, help_text="")

    def __init__(self, *args: Any, programmes: Sequence[Programme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["program"].choices = [  # type: ignore[attr-defined]
            (each.code, each.name) for each in programmes
        ]


class UptakeUpload(forms.Form):
    """One uptake file; its kind is read from its header."""

    file = forms.FileField(
        label=_("Fil med tilslutningstal"),
        widget=FileDrop(hint=_("CSV eller XLSX, højst 20 MB")),
        help_text=_("Pr. målgruppe, sogn, kommune, region, alder og køn eller institution. Overskriften viser hvad."),
        error_messages={"required": _("Vælg en fil, før du indlæser.")},
    )
    programme = forms.ModelChoiceField(
        label=_("Program"), queryset=Programme.objects.filter(active=True).order_by("pk"), empty_label=None
    )
    as_of = DanishDateField(
        label=_("Opgjort pr."), required=False, help_text=_("Lad feltet stå tomt, hvis datoen står i filens navn.")
    )
    source = forms.CharField(
        label=_("Kilde"),
        required=False,
        max_length=200,
        help_text=_("Trykkes under tallene, fx »FLIS fratrukket borgere i tidligere målgrupper«."),
    )

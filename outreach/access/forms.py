"""The form of a new key for another system."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class ApiKeyForm(forms.Form):
    """What the key is for, and how long it holds."""

    label = forms.CharField(
        label=_("Hvilket system er nøglen til?"),
        max_length=60,
        help_text=_("Fx Kommunens dataplatform. Navnet står på listerne og i adgangsloggen."),
        error_messages={"required": _("Skriv, hvilket system nøglen er til, med højst 60 tegn.")},
    )
    days = forms.TypedChoiceField(
        label=_("Gælder i"),
        choices=[(30, _("30 dage")), (90, _("90 dage")), (365, _("Et år"))],
        coerce=int,
        initial=90,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "api-key-%s")
        super().__init__(*args, **kwargs)

"""What somebody who found no number says of it (C4)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import LookupPlace


class NothingFoundForm(forms.Form):
    """Where somebody looked; how it ended is the button that was pressed. Who refuses needs no looking."""

    places = forms.MultipleChoiceField(
        label=_("Her har du ledt"),
        choices=LookupPlace.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Sæt flueben ved, hvor du har ledt.")},
    )

    def __init__(self, *args: Any, refused: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["places"].required = not refused

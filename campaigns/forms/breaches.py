"""The filter above the page of deadlines; sent by GET, holds no personal data."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.models import Programme

from ..selectors.deadlines import DeadlineFilter


class DeadlineFilterForm(forms.Form):
    """An unknown value shows those who are over the deadline."""

    marks_optional = False
    when = forms.ChoiceField(
        label=_("Frist"),
        required=False,
        choices=[("over", _("Overskredet")), ("today", _("I dag")), ("tomorrow", _("I morgen"))],
    )
    duty = forms.ChoiceField(
        label=_("Pligt"),
        required=False,
        choices=[("", _("Alle")), ("mandatory", _("Pligt")), ("voluntary", _("Frivillig"))],
    )
    clock = forms.ChoiceField(
        label=_("Mangler"),
        required=False,
        choices=[("", _("Alt")), ("first_contact", _("Første kontakt")), ("answer", _("Svar"))],
    )
    programme = forms.ModelChoiceField(
        Programme.objects.order_by("name"), label=_("Program"), required=False, empty_label=_("Alle")
    )

    def chosen(self) -> DeadlineFilter:
        """The filter, with what cannot be read left out."""
        self.is_valid()
        given: dict[str, Any] = self.cleaned_data
        programme = given.get("programme")
        return DeadlineFilter(
            when=given.get("when") or "over",
            duty=given.get("duty") or "",
            programme=programme.pk if programme else None,
            clock=given.get("clock") or "",
        )

"""The form of a citizen file."""

from django import forms
from django.utils.translation import gettext_lazy as _

from outreach.design.widgets import FileDrop
from outreach.errors import UserError


class CitizenImportForm(forms.Form):
    """A file from the municipality's own system, or a CPR extract (C1)."""

    file = forms.FileField(
        label=_("Fil med borgere"),
        widget=FileDrop(
            hint=_("CSV eller XLSX fra jeres eget system, eller et CPR-udtræk"),
        ),
        error_messages={
            "required": _("Vælg den fil, du vil indlæse."),
            "empty": _("Filen er tom. Hent den igen, og indlæs den på ny."),
        },
    )

    def refuse(self, error: UserError) -> None:
        """Every refusal of the service is about the file."""
        self.add_error("file", error.message)

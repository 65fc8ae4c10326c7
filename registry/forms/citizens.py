"""The form of a citizen file."""

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from outreach.design.formats import number_da
from outreach.design.widgets import FileDrop
from outreach.errors import UserError

# A page must answer within half a minute; larger files go by the command. A sheet holds about 12 rows per kB.
MOST_ROWS = 50_000
LARGEST_SHEET = 6 * 1024**2
_SHEETS = (".xlsx", ".ods", ".xls")


class CitizenImportForm(forms.Form):
    """A file from the municipality's own system, or a CPR extract (C1)."""

    file = forms.FileField(
        label=_("Fil med borgere"),
        widget=FileDrop(
            attrs={"accept": ".xlsx,.csv,.txt,.tsv,.ods,.xls"},
            hint=_("CSV eller XLSX fra jeres eget system, eller et CPR-udtræk. Højst 50.000 borgere"),
        ),
        error_messages={
            "required": _("Vælg den fil, du vil indlæse."),
            "empty": _("Filen er tom. Hent den igen, og indlæs den på ny."),
        },
    )

    def clean_file(self) -> UploadedFile:
        """A file that can be read while the page waits."""
        file: UploadedFile = self.cleaned_data["file"]
        is_sheet = (file.name or "").lower().endswith(_SHEETS)
        too_large = (file.size or 0) > LARGEST_SHEET if is_sheet else _lines(file) > MOST_ROWS + 1
        if too_large:
            raise forms.ValidationError(
                gettext(
                    "Filen har flere end %(limit)s borgere. Del den, eller bed driften om at indlæse den "
                    "med kommandoen import_citizens."
                )
                % {"limit": number_da(MOST_ROWS)}
            )
        return file

    def refuse(self, error: UserError) -> None:
        """Every refusal of the service is about the file."""
        self.add_error("file", error.message)


def _lines(file: UploadedFile) -> int:
    lines = sum(chunk.count(b"\n") for chunk in file.chunks())
    file.seek(0)
    return lines

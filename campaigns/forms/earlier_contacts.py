"""The forms of a spreadsheet of earlier contacts: the file, and what unknown words mean."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from outreach.design.formats import number_da
from outreach.design.widgets import FileDrop
from outreach.errors import UserError
from registry.forms.lists import MappingForm
from registry.models import Outcome, Programme

LEFT_OUT = "-"


class EarlierContactsForm(forms.Form):
    """A file, and the programme of rows that name none (L8)."""

    file = forms.FileField(
        label=_("Regneark med tidligere svar"),
        widget=FileDrop(
            attrs={"accept": ".xlsx,.csv,.txt,.tsv,.ods,.xls"},
            hint=_("XLSX, ODS, XLS eller CSV. Højst 200.000 kontakter"),
        ),
        error_messages={
            "required": _("Vælg den fil, du vil indlæse."),
            "empty": _("Filen er tom. Hent den igen, og indlæs den på ny."),
        },
    )
    programme = forms.ModelChoiceField(
        Programme.objects.none(),
        label=_("Vaccinationsprogram"),
        empty_label=None,
        help_text=_("For rækker, der ikke selv nævner et program."),
    )
    sender = forms.CharField(
        label=_("Hvem har ført regnearket?"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"list": "senders", "autocomplete": "off"}),
        help_text=_("Fx Hjemmeplejen Nord. Vi husker, hvad kolonnerne hedder hos hver. Tomt felt: kommunen."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme"].queryset = Programme.objects.filter(active=True).order_by("pk")  # type: ignore[attr-defined]

    def refuse(self, error: UserError) -> None:
        """Put a refusal of the service at the field it is about."""
        self.add_error("sender" if error.code == "sender_long" else "file", error.message)


class ColumnsForm(MappingForm):
    """Which column is which. A row names its citizen by CPR number or by phone: one of them is needed."""

    def clean(self) -> dict[str, Any]:
        """As for lists, and one of the two."""
        cleaned = super().clean()
        if not self.errors and not cleaned.get("cpr") and not cleaned.get("phone"):
            self.add_error("cpr", _("Vælg kolonnen med CPR-nummer eller den med telefon."))
        return cleaned


class AnswerWordsForm(forms.Form):
    """One choice for each word nobody has explained yet; words are numbered, so that none is part of a name."""

    # Some may be answered now and the rest later, but each must be before the file is taken in.
    marks_optional = False

    def __init__(self, *args: Any, words: list[tuple[str, int]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words = words
        choices = [("", _("Vælg")), *Outcome.choices, (LEFT_OUT, _("Er ikke en kontakt – tag den ikke med"))]
        for number, (word, rows) in enumerate(words):
            self.fields[f"word_{number}"] = forms.ChoiceField(
                label=ngettext("»%(word)s« (%(rows)s række)", "»%(word)s« (%(rows)s rækker)", rows)
                % {"word": word, "rows": number_da(rows)},
                choices=choices,
                required=False,
            )

    def meanings(self) -> dict[str, str]:
        """Word → outcome, "" for rows to leave out; only the words that were answered."""
        chosen = {word: self.cleaned_data[f"word_{number}"] for number, (word, _rows) in enumerate(self.words)}
        return {word: "" if value == LEFT_OUT else value for word, value in chosen.items() if value}

"""Forms of a weekly list: hand it in, say which column is which, override a gate."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from outreach.design.fields import DanishDateField
from outreach.design.formats import date_da
from outreach.design.widgets import FileDrop
from outreach.errors import UserError

from ..models import DEFAULT_SENDER, ListKind, ListOrder, Programme
from ..target_group_rules import group_codes

DEFAULT_WAITING_DAYS = 22  # [004]; 7 in [003]
STATED = ("programme", "as_of", "waiting_days", "groups", "order", "sender")
MEGABYTES = settings.UPLOAD_MAX_BYTES // 1024**2
_FIELD_OF = {
    "as_of_future": "as_of",
    "waiting_days": "waiting_days",
    "unknown_group": "groups",
    "order_other": "order",
    "order_expired": "order",
    "sender_long": "sender",
}


class OrderChoice(forms.ModelChoiceField):
    """An order with its purpose; one that has expired says so instead of being missing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = date.min

    def label_from_instance(self, order: Any) -> str:
        """`SST-12 · Vejleåparken · gælder til 31.05.2021`."""
        words = gettext("udløbet %(day)s") if order.expires_on < self.today else gettext("gælder til %(day)s")
        purpose = order.purpose if len(order.purpose) <= 60 else f"{order.purpose[:59]}…"
        return f"{order.reference} · {purpose} · {words % {'day': date_da(order.expires_on)}}"


class ListUploadForm(forms.Form):
    """What a list states (L2), and its file. Only these fields are read of what is posted."""

    file = forms.FileField(
        label=_("Listen fra SSI"),
        widget=FileDrop(
            attrs={"accept": ".xlsx,.xls,.ods,.csv,.tsv,.txt"},
            hint=format_lazy(_("XLSX, XLS, ODS, CSV eller TSV, højst {limit} MB"), limit=MEGABYTES),
        ),
        error_messages={
            "required": _("Vælg den fil, du vil indlæse."),
            "empty": _("Filen er tom. Hent listen igen, og indlæs den på ny."),
        },
    )
    programme = forms.ModelChoiceField(
        Programme.objects.none(),
        label=_("Vaccinationsprogram"),
        empty_label=None,
        error_messages={"required": _("Vælg det program, listen gælder.")},
    )
    as_of = DanishDateField(
        label=_("Data er trukket"),
        help_text=_("Datoen i listens overskrift eller i SSI's mail. Fx 20.04.2021"),
        error_messages={"required": _("Skriv den dato, SSI trak data.")},
    )
    waiting_days = forms.IntegerField(
        label=_("Ventetid i dage"),
        initial=DEFAULT_WAITING_DAYS,
        min_value=0,
        max_value=366,
        localize=True,
        widget=forms.TextInput(attrs={"class": "date-input", "inputmode": "numeric"}),
        help_text=_("Så længe siden er borgerne inviteret. SSI bruger 22 eller 7."),
        error_messages={
            "required": _("Skriv ventetiden som et antal dage, for eksempel 22."),
            "invalid": _("Skriv ventetiden som et antal dage, for eksempel 22."),
        },
    )
    groups = forms.CharField(
        label=_("Målgrupper på listen"),
        required=False,
        max_length=200,
        help_text=_("Fx 1-7 eller 1, 2, 10A. Lad feltet stå tomt, hvis filen selv siger det."),
    )
    sender = forms.CharField(
        label=_("Afsender"),
        required=False,
        max_length=60,
        initial=DEFAULT_SENDER,
        widget=forms.TextInput(attrs={"list": "senders", "autocomplete": "off"}),
        help_text=_("Hvem har lavet filen? Vi husker, hvad kolonnerne hedder hos hver afsender."),
    )
    kind = forms.ChoiceField(
        label=_("Slags liste"), choices=ListKind.choices, initial=ListKind.STANDING, widget=forms.RadioSelect
    )
    order = OrderChoice(
        ListOrder.objects.none(), label=_("Bestilling"), required=False, empty_label=_("Vælg bestilling")
    )

    def __init__(self, *args: Any, orders: QuerySet[ListOrder], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["programme"].queryset = Programme.objects.filter(active=True).order_by("pk")  # type: ignore[attr-defined]
        self.fields["order"].queryset = orders  # type: ignore[attr-defined]
        self.fields["order"].today = today  # type: ignore[attr-defined]
        self.fields["as_of"].initial = today

    def clean_groups(self) -> list[str]:
        """`1-3, 7` as ["1", "2", "3", "7"]: spaces, commas and ranges of whole numbers."""
        return group_codes(self.cleaned_data["groups"])

    def clean(self) -> dict[str, Any]:
        """An ordered list needs an order that still holds (L2); a weekly list has none."""
        cleaned = super().clean() or {}
        if cleaned.get("kind") != ListKind.ORDERED:
            cleaned["order"] = None
            return cleaned
        order = cleaned.get("order")
        if order is None and "order" not in self.errors:
            self.add_error("order", _("Vælg den bestilling, listen er leveret under."))
        elif order is not None and order.expires_on < self.today:
            self.add_error(
                "order",
                gettext(
                    "Bestillingen %(reference)s udløb den %(day)s. Vælg en anden, eller bestil listen igen hos SSI."
                )
                % {"reference": order.reference, "day": date_da(order.expires_on)},
            )
        return cleaned

    def refuse(self, error: UserError) -> None:
        """Put a refusal of the service at the field it is about; most are about the file."""
        self.add_error(_FIELD_OF.get(error.code, "file"), error.message)

    def statement(self) -> dict[str, Any]:
        """Keyword arguments of `receive_list`, the file apart."""
        return {name: self.cleaned_data[name] for name in STATED}


class MappingForm(forms.Form):
    """Our columns, each with one of the file's own headers. Built from what the file has."""

    def __init__(
        self,
        *args: Any,
        columns: list[tuple[str, str, bool]],
        header: list[tuple[str, str]],
        proposed: dict[str, str],
        **kwargs: Any,
    ) -> None:
        """`columns`: (our name, label, needed); `header`: the file's names, and in words; `proposed`: our → theirs."""
        super().__init__(*args, **kwargs)
        named = {name: words for name, words in header if name}
        choices = [("", _("Findes ikke i filen")), *named.items()]
        for name, label, needed in columns:
            self.fields[name] = forms.ChoiceField(
                label=label,
                choices=choices,
                required=needed,
                initial=proposed.get(name, ""),
                error_messages={"required": _("Vælg kolonnen. Uden den kan listen ikke læses.")},
            )

    def clean(self) -> dict[str, Any]:
        """One column of theirs for one of ours."""
        cleaned = super().clean() or {}
        taken: dict[str, str] = {}
        for name, theirs in list(cleaned.items()):
            if theirs and theirs in taken:
                self.add_error(name, _("Kolonnen er allerede valgt til et andet felt. Vælg en til hver."))
            taken[theirs] = name
        return cleaned

    def mapping(self) -> dict[str, str]:
        """Our name → their header; "" for what the file has not."""
        return dict(self.cleaned_data)


class OverrideForm(forms.Form):
    """Why a gate is overridden."""

    override = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Begrundelse"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Skriv, hvorfor listen er rigtig alligevel. Begrundelsen står i kvitteringen.")},
    )


class NoteForm(forms.Form):
    """Why a list is rejected, withdrawn or undone; stands in the receipt."""

    note = forms.CharField(label=_("Hvorfor?"), max_length=200, required=False)

"""What came of a talk with a health professional: one outcome, and what belongs to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from outreach.design.fields import DanishDateField, DanishTimeField
from outreach.design.widgets import ButtonChoice
from outreach.errors import UserError
from popup_sites.local_times import local_moment
from registry.models import Barrier

from ..call_back_times import quick_time
from ..models import DialogueOutcome
from .call_choices import OTHER_TIME, CallChoices, buttons
from .outcome_groups import NOTE, TALKED_WITH

KEYS = {each.value: str(number) for number, each in enumerate(DialogueOutcome, start=1)}


class DialogueForm(forms.Form):
    """Outcome, reason or time for the next talk, who was spoken with, and the note only advisers read."""

    outcome = forms.ChoiceField(
        label=_("Hvad kom der ud af fagsamtalen?"),
        choices=DialogueOutcome.choices,
        widget=ButtonChoice(hotkeys=KEYS),
        error_messages={"required": _("Vælg, hvad der kom ud af fagsamtalen.")},
    )
    talk_on = DanishDateField(label=_("Ring igen den"), required=False, help_text="")
    talk_time = DanishTimeField(label=_("Klokken"), required=False, help_text="")
    spoke_with_name = forms.CharField(label=_("Navn og relation"), required=False, max_length=200)
    interpreter = forms.BooleanField(label=_("Tolk medvirkede"), required=False)
    health_note = forms.CharField(
        label=_("Helbredsnote"),
        required=False,
        max_length=4000,
        help_text=_("Ses kun af sundhedsfaglige rådgivere."),
        widget=forms.Textarea(attrs={"rows": 4, "data-hotkey": NOTE}),
    )
    marks_optional = False

    def __init__(self, *args: Any, choices: CallChoices, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now, self.choices = now, choices
        self.fields["barrier"] = buttons(_("Hvorfor?"), Barrier.choices, layout="stacked")
        self.fields["talk"] = buttons(
            _("Hvornår taler I sammen igen?"), [*choices.quick, (OTHER_TIME, _("Andet tidspunkt …"))]
        )
        people = choices.people
        self.fields["spoke_with"] = forms.ChoiceField(
            label=_("Talt med"),
            required=False,
            choices=people,
            initial=people[0][0],
            widget=ButtonChoice(layout="row", hotkeys={people[0][0]: TALKED_WITH}),
        )
        if not choices.interpreted:
            del self.fields["interpreter"]

    def clean(self) -> dict[str, Any]:
        """Only what belongs to the outcome; a new talk needs its time."""
        cleaned = super().clean() or {}
        outcome = cleaned.get("outcome")
        if outcome != DialogueOutcome.DECLINED:
            cleaned["barrier"] = ""
        cleaned["talk_at"] = self._talk_at(cleaned) if outcome == DialogueOutcome.THINKING else None
        return cleaned

    def _talk_at(self, cleaned: dict[str, Any]) -> datetime | None:
        code = cleaned.get("talk")
        if code and code != OTHER_TIME:
            return quick_time(code, self.now)
        day, time = cleaned.get("talk_on"), cleaned.get("talk_time")
        if day is None or time is None:
            if not {"talk_on", "talk_time"} & set(self.errors):
                self.add_error("talk_on" if day is None else "talk_time", _("Skriv, hvornår I taler sammen igen."))
            return None
        try:
            moment = local_moment(day, time)
        except UserError as problem:
            self.add_error("talk_time", problem.message)
            return None
        if moment <= self.now:
            self.add_error("talk_on", _("Tidspunktet er passeret. Vælg et tidspunkt senere end nu."))
        return moment

"""The answer of a call: one outcome, and what belongs to it (K6, K7, K8)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from outreach.design.fields import DanishDateField, DanishTimeField
from outreach.design.widgets import ButtonChoice
from outreach.errors import UserError
from popup_sites.local_times import COPENHAGEN, local_moment
from registry.models import Barrier, Outcome
from registry.working_days import add_working_days

from ..models import SpokeWith
from .widgets import OutcomeChoice

REACHED = {
    Outcome.BOOKS_SELF: "1",
    Outcome.NEEDS_BOOKING_HELP: "2",
    Outcome.WANTS_POPUP: "3",
    Outcome.NEEDS_RIDE: "4",
    Outcome.HOME_ASSESSMENT: "5",
    Outcome.ALREADY_BOOKED: "6",
    Outcome.DECLINED: "7",
    Outcome.UNDECIDED: "8",
    Outcome.HEALTH_DIALOGUE: "9",
    Outcome.LANGUAGE: "0",
}
NOT_REACHED = {
    Outcome.NO_ANSWER: "q",
    Outcome.VOICEMAIL: "w",
    Outcome.BUSY: "e",
    Outcome.WRONG_NUMBER: "r",
    Outcome.CALL_BACK: "t",
}
MORE = "y"
LAST_CALL_HOUR = 16
REST = {
    Outcome.ALREADY_VACCINATED: "u",
    Outcome.BOOKED_ON_BEHALF: "i",
    Outcome.NEEDS_ESCORT: "o",
    Outcome.RELATIVE_REACHED: "p",
    Outcome.GUARDIAN_INFORMED: "a",
    Outcome.MOVED: "s",
    Outcome.DECEASED: "d",
    Outcome.DO_NOT_CONTACT: "f",
}
WITH_BARRIER = (Outcome.DECLINED, Outcome.UNDECIDED)
NOBODY_SPOKEN_WITH = (Outcome.NO_ANSWER, Outcome.VOICEMAIL, Outcome.BUSY, Outcome.WRONG_NUMBER)
SPOKEN_WITH_BY_OUTCOME = {
    Outcome.RELATIVE_REACHED: SpokeWith.RELATIVE,
    Outcome.GUARDIAN_INFORMED: SpokeWith.GUARDIAN,
}
# A relative tells of a death or a move, and may answer for the citizen; the rest follows from the outcome itself.
_ASKS_WHO = [each for each in Outcome if each not in NOBODY_SPOKEN_WITH and each not in SPOKEN_WITH_BY_OUTCOME]


class AnswerForm(forms.Form):
    """Outcome, barrier, who was spoken to, agreed time and note, for one or more programmes and people.

    `programmes` and `household` are (value, label) pairs to choose among; `guardian` puts "Værge orienteret" first
    among the reached, because nothing can be completed before it is recorded (K8).
    """

    outcome = forms.ChoiceField(label=_("Svar"), error_messages={"required": _("Vælg, hvad der kom ud af opkaldet.")})
    barrier = forms.ChoiceField(
        label=_("Hvorfor?"), required=False, choices=[("", _("Vælg årsag …")), *Barrier.choices]
    )
    call_back_on = DanishDateField(label=_("Ring igen den"), required=False, help_text="")
    call_back_time = DanishTimeField(label=_("Klokken"), required=False, help_text="")
    spoke_with = forms.ChoiceField(
        label=_("Talt med"),
        required=False,
        choices=[
            (SpokeWith.CITIZEN, SpokeWith.CITIZEN.label),
            (SpokeWith.RELATIVE, SpokeWith.RELATIVE.label),
            (SpokeWith.GUARDIAN, SpokeWith.GUARDIAN.label),
        ],
        initial=SpokeWith.CITIZEN,
        widget=ButtonChoice(layout="row"),
    )
    follow_ups = forms.MultipleChoiceField(
        label=_("Svaret gælder"), required=False, widget=forms.CheckboxSelectMultiple
    )
    also = forms.MultipleChoiceField(label=_("Husstand"), required=False, widget=forms.CheckboxSelectMultiple)
    note = forms.CharField(label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
    marks_optional = False

    def __init__(
        self,
        *args: Any,
        programmes: Sequence[tuple[str, str]],
        household: Sequence[tuple[str, str]] = (),
        guardian: bool = False,
        now: datetime,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        self._set_outcomes(guardian)
        self._set_choices("follow_ups", programmes, keep=len(programmes) > 1)
        self._set_choices("also", household, keep=bool(household))
        self.fields["call_back_on"].initial = _next_calling_day(now)
        if "follow_ups" in self.fields:
            self.fields["follow_ups"].initial = [value for value, _label in programmes]

    def _set_outcomes(self, guardian: bool) -> None:
        reached, rest = dict(REACHED), dict(REST)
        if guardian:
            reached[Outcome.GUARDIAN_INFORMED] = rest.pop(Outcome.GUARDIAN_INFORMED)
        groups = [(_("Truffet"), reached), (_("Ikke truffet"), NOT_REACHED), (_("Andet"), rest)]
        keys = {str(outcome): key for _label, group in groups for outcome, key in group.items()}
        field = self.fields["outcome"]
        field.widget = OutcomeChoice(hotkeys={**keys, "": MORE})
        field.choices = [  # type: ignore[attr-defined]
            (label, [(outcome.value, outcome.label) for outcome in group]) for label, group in groups
        ]

    def _set_choices(self, name: str, choices: Sequence[tuple[str, str]], *, keep: bool) -> None:
        if keep:
            self.fields[name].choices = list(choices)  # type: ignore[attr-defined]
        else:
            del self.fields[name]

    @property
    def asks_who(self) -> str:
        """The outcomes for which the form asks who was spoken to, for `data-shown-when`."""
        return ",".join(_ASKS_WHO)

    @property
    def asks_why(self) -> str:
        return ",".join(WITH_BARRIER)

    def clean_follow_ups(self) -> list[str]:
        """At least one programme."""
        chosen = self.cleaned_data["follow_ups"]
        if not chosen:
            raise ValidationError(_("Vælg mindst ét program, som svaret gælder."))
        return chosen

    def clean(self) -> dict[str, Any]:
        """Leave only what belongs to the outcome: without script the form shows every field."""
        cleaned = super().clean() or {}
        outcome = cleaned.get("outcome")
        cleaned["barrier"] = cleaned.get("barrier") if outcome in WITH_BARRIER else ""
        cleaned["spoke_with"] = self._spoken_with(outcome, cleaned.get("spoke_with"))
        cleaned["call_back_at"] = self._call_back_at(cleaned) if outcome == Outcome.CALL_BACK else None
        return cleaned

    def _spoken_with(self, outcome: str | None, chosen: str | None) -> str:
        if outcome in NOBODY_SPOKEN_WITH:
            return SpokeWith.NOBODY
        return SPOKEN_WITH_BY_OUTCOME.get(outcome) or chosen or SpokeWith.CITIZEN  # type: ignore[call-overload]

    def _call_back_at(self, cleaned: dict[str, Any]) -> datetime | None:
        day, time = cleaned.get("call_back_on"), cleaned.get("call_back_time")
        if day is None and "call_back_on" not in self.errors:
            self.add_error("call_back_on", _("Skriv, hvilken dag du skal ringe igen."))
        if time is None and "call_back_time" not in self.errors:
            self.add_error("call_back_time", _("Skriv, hvornår på dagen du skal ringe igen."))
        if day is None or time is None:
            return None
        try:
            moment = local_moment(day, time)
        except UserError as problem:
            self.add_error("call_back_time", problem.message)
            return None
        if moment <= self.now:
            self.add_error("call_back_on", _("Tidspunktet er passeret. Vælg et tidspunkt senere end nu."))
        return moment


def _next_calling_day(now: datetime) -> date:
    """Today before four in the afternoon, else the next working day: what people most often agree on."""
    local = now.astimezone(COPENHAGEN)
    return local.date() if local.hour < LAST_CALL_HOUR else add_working_days(local.date(), 1)

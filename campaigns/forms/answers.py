"""The answer of a call: one outcome and what belongs to it, for one or more programmes and people (K6–K8, C6, C8)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from outreach.design.fields import DanishDateField, DanishTimeField
from outreach.design.widgets import ButtonChoice
from outreach.errors import UserError
from popup_sites.local_times import COPENHAGEN, local_moment
from registry.models import Barrier, Outcome
from registry.working_days import add_working_days

from ..call_back_times import quick_time
from ..models import SpokeWith
from .call_choices import (
    LEFT_OUT,
    OTHER_TIME,
    SAME,
    CallChoices,
    Choices,
    joined_values,
    labelled,
    question_fields,
)
from .outcome_groups import (
    ASKS_WHO,
    HOUSEHOLD,
    MORE,
    NOBODY_SPOKEN_WITH,
    NOT_REACHED,
    NOTE,
    PER_MEMBER,
    PER_PROGRAMME,
    PROGRAMMES,
    REACHED,
    REST,
    SPOKEN_WITH_BY_OUTCOME,
    TALKED_WITH,
    WITH_BARRIER,
    WITH_BOOKED_TIME,
    WITH_NEEDS,
)
from .widgets import OutcomeChoice

LAST_CALL_HOUR = 16


class AnswerForm(forms.Form):
    """Every question has its field; which of them show follows from the outcome, and only those count.

    Without script all of them show. For each further programme and household member there are two fields of their
    own, `programme_<key>` and `member_<key>`, each with a `…_barrier`.
    """

    outcome = forms.ChoiceField(label=_("Svar"), error_messages={"required": _("Vælg, hvad der kom ud af opkaldet.")})
    call_back_on = DanishDateField(label=_("Ring igen den"), required=False, help_text="")
    call_back_time = DanishTimeField(label=_("Klokken"), required=False, help_text="")
    booked_on = DanishDateField(label=_("Dag for tiden"), required=False, help_text="")
    booked_time = DanishTimeField(label=_("Klokken"), required=False, help_text="")
    booked_place = forms.CharField(label=_("Sted"), required=False, max_length=200)
    wishes = forms.CharField(
        label=_("Ønsker"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"placeholder": _("fx efter kl. 11, ikke torsdag")}),
    )
    worry = forms.CharField(label=_("Hvad er borgeren i tvivl om?"), required=False, max_length=500)
    talk_on = DanishDateField(label=_("Ønsker fagsamtale den"), required=False, help_text="")
    talk_time = DanishTimeField(label=_("Klokken"), required=False, help_text="")
    spoke_with_name = forms.CharField(label=_("Navn og relation"), required=False, max_length=200)
    interpreter = forms.BooleanField(label=_("Tolk medvirkede"), required=False)
    guardian_told = forms.BooleanField(label=_("Værgen er orienteret i dette opkald"), required=False)
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "data-hotkey": NOTE}),
    )
    marks_optional = False

    def __init__(self, *args: Any, choices: CallChoices, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now, self.choices = now, choices
        self._set_outcomes(choices.guardian)
        self.fields.update(question_fields(choices))
        self._set_people(choices)
        self._set_others(choices)
        self.fields["call_back_on"].initial = _next_calling_day(now)

    def _set_outcomes(self, guardian: bool) -> None:
        reached, not_reached, rest = dict(REACHED), dict(NOT_REACHED), dict(REST)
        if guardian:
            # K8: nothing can be completed before it is recorded, so it stands among the first.
            reached[Outcome.GUARDIAN_INFORMED] = rest.pop(Outcome.GUARDIAN_INFORMED)
        if not self.choices.phones:
            not_reached.pop(Outcome.WRONG_NUMBER)
        groups = [(_("Truffet"), reached), (_("Ikke truffet"), not_reached), (_("Andet"), rest)]
        keys = {str(outcome): key for _label, group in groups for outcome, key in group.items()}
        field = self.fields["outcome"]
        field.widget = OutcomeChoice(hotkeys={**keys, "": MORE})
        field.choices = [  # type: ignore[attr-defined]
            (label, [(outcome.value, outcome.label) for outcome in group]) for label, group in groups
        ]

    def _set_people(self, choices: CallChoices) -> None:
        """K8: a child is not among those spoken with; who it was is chosen from the people known, or written."""
        people = [(value, label or SpokeWith.CITIZEN.label) for value, label in choices.people]
        self.fields["spoke_with"] = forms.ChoiceField(
            label=_("Talt med"),
            required=False,
            choices=people,
            initial=people[0][0],
            widget=ButtonChoice(layout="row", hotkeys={people[0][0]: TALKED_WITH} if len(people) > 1 else {}),
        )
        if not choices.interpreted:
            del self.fields["interpreter"]
        if not choices.guardian:
            del self.fields["guardian_told"]

    def _set_others(self, choices: CallChoices) -> None:
        """One answer per programme (C8) and per person (C6), the same as the first unless said otherwise."""
        if len(choices.programmes) > 1:
            options = [("", _("Samme svar")), (LEFT_OUT, _("Ikke talt om det")), *labelled(PER_PROGRAMME)]
            self._add_other("programme", choices.programmes, options, key=PROGRAMMES)
        options = [("", _("Ikke med i opkaldet")), (SAME, _("Samme svar")), *labelled(PER_MEMBER)]
        self._add_other("member", choices.household, options, key=HOUSEHOLD)

    def _add_other(self, prefix: str, named: Choices, options: Sequence[tuple[str, Any]], *, key: str) -> None:
        for position, (value, label) in enumerate(named):
            attributes = {"data-hotkey": key} if position == 0 else {}
            self.fields[f"{prefix}_{value}"] = forms.ChoiceField(
                label=label, required=False, choices=options, widget=forms.Select(attrs=attributes)
            )
            self.fields[f"{prefix}_{value}_barrier"] = forms.ChoiceField(
                label=_("Hvorfor?"), required=False, choices=[("", _("Vælg årsag …")), *Barrier.choices]
            )

    @property
    def programme_rows(self) -> list[tuple[Any, Any, str]]:
        """Answer, reason and when the reason shows, for each programme beside the first answer."""
        return self._rows("programme", self.choices.programmes) if len(self.choices.programmes) > 1 else []

    @property
    def member_rows(self) -> list[tuple[Any, Any, str]]:
        """The same for each person of the household."""
        return self._rows("member", self.choices.household)

    def _rows(self, prefix: str, named: Choices) -> list[tuple[Any, Any, str]]:
        names = [f"{prefix}_{value}" for value, _label in named]
        return [(self[name], self[f"{name}_barrier"], f"{name}:{joined_values(WITH_BARRIER)}") for name in names]

    @property
    def shown_when(self) -> dict[str, str]:
        """For `data-shown-when`: which outcomes ask which question."""
        return {
            "who": f"outcome:{joined_values(ASKS_WHO)}",
            "why": f"outcome:{joined_values(WITH_BARRIER)}",
            "needs": f"outcome:{joined_values(WITH_NEEDS)}",
            "booked": f"outcome:{joined_values(WITH_BOOKED_TIME)}",
            "programmes": f"outcome:{joined_values(PER_PROGRAMME)}",
            "other_person": f"spoke_with:{SpokeWith.RELATIVE.value}",
            "other_time": f"call_back:{OTHER_TIME}",
        }

    def clean(self) -> dict[str, Any]:
        """Leave only what belongs to the outcome: without script the form shows every field."""
        cleaned = super().clean() or {}
        outcome = cleaned.get("outcome")
        cleaned["barrier"] = cleaned.get("barrier") if outcome in WITH_BARRIER else ""
        cleaned["spoke_with"] = self._spoken_with(outcome, cleaned.get("spoke_with"))
        cleaned["call_back_at"] = self._call_back_at(cleaned) if outcome == Outcome.CALL_BACK else None
        booked = outcome in WITH_BOOKED_TIME
        cleaned["booked_at"] = self._moment(cleaned, "booked_on", "booked_time") if booked else None
        if outcome == Outcome.BOOKED_ON_BEHALF and not self.errors:
            self._require_time_and_place(cleaned)
        talks = outcome == Outcome.HEALTH_DIALOGUE
        cleaned["talk_at"] = self._moment(cleaned, "talk_on", "talk_time") if talks else None
        if len(self.choices.programmes) > 1 and outcome in PER_PROGRAMME and self._nothing_spoken_of(cleaned):
            first = f"programme_{self.choices.programmes[0][0]}"
            self.add_error(first, _("Vælg mindst ét program, som svaret gælder."))
        return cleaned

    def _require_time_and_place(self, cleaned: dict[str, Any]) -> None:
        """K11: it becomes a booking, with a receipt that says when and where."""
        if cleaned["booked_at"] is None:
            self.add_error("booked_on", _("Skriv, hvornår tiden er."))
        if not (cleaned.get("booked_place") or "").strip():
            self.add_error("booked_place", _("Skriv, hvor tiden er. Borgeren får tid og sted på sms."))

    def _nothing_spoken_of(self, cleaned: dict[str, Any]) -> bool:
        return all(cleaned.get(f"programme_{value}") == LEFT_OUT for value, _label in self.choices.programmes)

    def _spoken_with(self, outcome: str | None, chosen: str | None) -> str:
        if outcome in NOBODY_SPOKEN_WITH:
            return SpokeWith.NOBODY
        first = self.choices.people[0][0]
        kind = (chosen or first).split(":")[0]
        told = SPOKEN_WITH_BY_OUTCOME.get(outcome)  # type: ignore[call-overload]
        if told is None or kind == told:
            return chosen or first
        return str(told)

    def _call_back_at(self, cleaned: dict[str, Any]) -> datetime | None:
        code = cleaned.get("call_back")
        if code and code != OTHER_TIME:
            at = quick_time(code, self.now)
            if at is None:
                self.add_error("call_back", _("Tidspunktet er passeret. Vælg et andet."))
            return at
        for name, problem in (
            ("call_back_on", _("Skriv, hvilken dag du skal ringe igen.")),
            ("call_back_time", _("Skriv, hvornår på dagen du skal ringe igen.")),
        ):
            if cleaned.get(name) is None and name not in self.errors:
                self.add_error(name, problem)
        return self._moment(cleaned, "call_back_on", "call_back_time")

    def _moment(self, cleaned: dict[str, Any], day_field: str, time_field: str) -> datetime | None:
        """Day and time as one moment later than now; None when one is missing (a day alone says nothing)."""
        day, time = cleaned.get(day_field), cleaned.get(time_field)
        if day is None or time is None:
            if (day is None) != (time is None) and not {day_field, time_field} & set(self.errors):
                missing = time_field if time is None else day_field
                self.add_error(missing, _("Skriv både dag og klokkeslæt."))
            return None
        try:
            moment = local_moment(day, time)
        except UserError as problem:
            self.add_error(time_field, problem.message)
            return None
        if moment <= self.now:
            self.add_error(day_field, _("Tidspunktet er passeret. Vælg et tidspunkt senere end nu."))
        return moment


def _next_calling_day(now: datetime) -> date:
    """Today before four in the afternoon, else the next working day: what people most often agree on."""
    local = now.astimezone(COPENHAGEN)
    return local.date() if local.hour < LAST_CALL_HOUR else add_working_days(local.date(), 1)

"""The contact plan and the sending window as forms: what is typed becomes a value, and the value says what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outreach.design.fields import DanishDateField
from registry.models import NextStepKind, TargetGroup

from ..contact_plans import MOST_STEPS, STEP_KINDS, ContactPlan, PlanStep, hours_words, problems, window_problems
from ..sending_window import Window

NO_STEP = ""
FEW_DIGITS = {"inputmode": "numeric", "class": "number-input"}


@dataclass(frozen=True)
class StepFields:
    """One line of the form's steps."""

    number: int
    kind: forms.BoundField
    delay: forms.BoundField
    attempts: forms.BoundField
    retry: forms.BoundField
    hours: forms.BoundField


@dataclass(frozen=True)
class DutyFields:
    """One target group with the days of its duty."""

    code: str
    name: str
    first: forms.BoundField
    last: forms.BoundField


class HoursField(forms.CharField):
    """Whole hours with commas or "og" between: `10, 14 og 17` becomes (10, 14, 17)."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value).replace(" og ", ",").replace(";", ",").replace("kl.", "")
        parts = [part.strip() for part in text.split(",") if part.strip()]
        if not all(part.isascii() and part.isdigit() and len(part) <= 2 for part in parts):
            raise ValidationError(_("Skriv hele timer med komma imellem, fx 10, 14, 17."))
        return tuple(int(part) for part in parts)


class PlanForm(forms.Form):
    """A programme's plan. `groups` are the target groups whose duty can be dated."""

    marks_optional = False
    quiet_gap_hours = forms.IntegerField(
        label=gettext_lazy("Timer mellem to beskeder"),
        help_text=gettext_lazy("Mindst 24, og der går lige så lang tid efter et opkald"),
        widget=forms.TextInput(attrs=FEW_DIGITS),
    )
    first_contact_days = forms.IntegerField(
        label=gettext_lazy("Arbejdsdage til første kontakt"), widget=forms.TextInput(attrs=FEW_DIGITS)
    )
    answer_days = forms.IntegerField(
        label=gettext_lazy("Arbejdsdage til svar eller dokumenterede forsøg"), widget=forms.TextInput(attrs=FEW_DIGITS)
    )

    def __init__(self, *args: Any, plan: ContactPlan, groups: Sequence[TargetGroup], **kwargs: Any) -> None:
        kwargs["initial"] = _initial(plan)
        super().__init__(*args, **kwargs)
        self.groups = groups
        kinds = [(NO_STEP, _("Intet trin")), *((kind.value, kind.label) for kind in STEP_KINDS)]
        for number in range(1, MOST_STEPS + 1):
            words = {"number": number}
            self.fields[f"kind_{number}"] = forms.ChoiceField(
                label=_("Trin %(number)s") % words, choices=kinds, required=False
            )
            for name, label in (
                ("delay", _("Trin %(number)s: arbejdsdage efter trinnet før")),
                ("attempts", _("Trin %(number)s: forsøg")),
                ("retry", _("Trin %(number)s: arbejdsdage mellem forsøg")),
            ):
                self.fields[f"{name}_{number}"] = forms.IntegerField(
                    label=label % words, required=False, widget=forms.TextInput(attrs=FEW_DIGITS)
                )
            self.fields[f"hours_{number}"] = HoursField(
                label=_("Trin %(number)s: klokkeslæt") % words, required=False, max_length=60
            )
        for group in groups:
            code = {"code": group.code}
            for name, label in (
                ("from", _("Målgruppe %(code)s: pligt fra")),
                ("to", _("Målgruppe %(code)s: pligt til")),
            ):
                self.fields[f"duty_{name}_{group.code}"] = DanishDateField(
                    label=label % code, required=False, help_text=""
                )

    def step_rows(self) -> list[StepFields]:
        """The lines of the steps, in order."""
        return [
            StepFields(number, *(self[f"{name}_{number}"] for name in ("kind", "delay", "attempts", "retry", "hours")))
            for number in range(1, MOST_STEPS + 1)
        ]

    def duty_rows(self) -> list[DutyFields]:
        """The lines of the target groups."""
        return [
            DutyFields(group.code, group.name, self[f"duty_from_{group.code}"], self[f"duty_to_{group.code}"])
            for group in self.groups
        ]

    def clean(self) -> dict[str, Any]:
        """One plan, with what is wrong with it as a whole."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            for sentence in problems(self.plan()):
                self.add_error(None, sentence)
        return cleaned

    def plan(self) -> ContactPlan:
        """The plan as typed; call it after the fields were cleaned."""
        given = self.cleaned_data
        steps = []
        for number in range(1, MOST_STEPS + 1):
            if given[f"kind_{number}"] == NO_STEP:
                continue
            attempts, retry = given[f"attempts_{number}"], given[f"retry_{number}"]
            # Hours say when to ring; an SMS goes in the sending window, and a letter waits for the office.
            hours = given[f"hours_{number}"] if given[f"kind_{number}"] != NextStepKind.SMS else ()
            steps.append(
                PlanStep(
                    kind=given[f"kind_{number}"],
                    delay_days=given[f"delay_{number}"] or 0,
                    attempts=1 if attempts is None else attempts,
                    retry_days=1 if retry is None else retry,
                    hours=hours,
                )
            )
        return ContactPlan(
            steps=tuple(steps),
            quiet_gap_hours=given["quiet_gap_hours"],
            first_contact_days=given["first_contact_days"],
            answer_days=given["answer_days"],
            duties={
                group.code: (given[f"duty_from_{group.code}"], given[f"duty_to_{group.code}"]) for group in self.groups
            },
        )


class WindowForm(forms.Form):
    """When the municipality's SMS may go (S4)."""

    marks_optional = False
    opens = forms.IntegerField(label=gettext_lazy("Tidligst kl."), widget=forms.TextInput(attrs=FEW_DIGITS))
    closes = forms.IntegerField(label=gettext_lazy("Senest kl."), widget=forms.TextInput(attrs=FEW_DIGITS))
    sundays = forms.BooleanField(label=gettext_lazy("Også om søndagen"), required=False)
    holidays = forms.BooleanField(label=gettext_lazy("Også på helligdage"), required=False)
    messages_per_minute = forms.IntegerField(
        label=gettext_lazy("Højst så mange sms'er i minuttet"),
        help_text=gettext_lazy("Så der er nogen ved telefonen, når borgerne ringer tilbage"),
        widget=forms.TextInput(attrs=FEW_DIGITS),
    )

    def __init__(self, *args: Any, window: Window, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(window, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """A window that opens before it closes, by day."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            for sentence in window_problems(self.window()):
                self.add_error(None, sentence)
        return cleaned

    def window(self) -> Window:
        """The window as typed."""
        return Window(**{name: self.cleaned_data[name] for name in self.base_fields})


def _initial(plan: ContactPlan) -> dict[str, Any]:
    values: dict[str, Any] = {
        "quiet_gap_hours": plan.quiet_gap_hours,
        "first_contact_days": plan.first_contact_days,
        "answer_days": plan.answer_days,
    }
    for number, step in enumerate(plan.steps, start=1):
        values |= {
            f"kind_{number}": step.kind,
            f"delay_{number}": step.delay_days,
            f"attempts_{number}": step.attempts,
            f"retry_{number}": step.retry_days,
            f"hours_{number}": hours_words(step.hours),
        }
    for code, (first, last) in plan.duties.items():
        values |= {f"duty_from_{code}": first, f"duty_to_{code}": last}
    return values

"""What a caseworker writes in the inbox: an answer, an outcome, whose number it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from outreach.access.models import User
from registry.models import Barrier, Outcome

# What can be told in writing. What needs a talk (a booked time, a language, a guardian) is recorded after a call.
WRITTEN_OUTCOMES = [
    (
        _("Vil gerne"),
        [
            (Outcome.BOOKS_SELF, Outcome.BOOKS_SELF.label),
            (Outcome.NEEDS_BOOKING_HELP, Outcome.NEEDS_BOOKING_HELP.label),
            (Outcome.WANTS_POPUP, Outcome.WANTS_POPUP.label),
            (Outcome.NEEDS_RIDE, Outcome.NEEDS_RIDE.label),
            (Outcome.HOME_ASSESSMENT, Outcome.HOME_ASSESSMENT.label),
        ],
    ),
    (
        _("Er klaret"),
        [
            (Outcome.ALREADY_BOOKED, Outcome.ALREADY_BOOKED.label),
            (Outcome.ALREADY_VACCINATED, Outcome.ALREADY_VACCINATED.label),
        ],
    ),
    (
        _("Nej eller i tvivl"),
        [
            (Outcome.DECLINED, Outcome.DECLINED.label),
            (Outcome.UNDECIDED, Outcome.UNDECIDED.label),
            (Outcome.HEALTH_DIALOGUE, Outcome.HEALTH_DIALOGUE.label),
            (Outcome.DO_NOT_CONTACT, Outcome.DO_NOT_CONTACT.label),
        ],
    ),
    (
        _("Om personen"),
        [
            (Outcome.WRONG_NUMBER, Outcome.WRONG_NUMBER.label),
            (Outcome.MOVED, Outcome.MOVED.label),
            (Outcome.DECEASED, Outcome.DECEASED.label),
        ],
    ),
]
LONGEST_ANSWER = 1600


class AnswerForm(forms.Form):
    """A caseworker's own words. `health_confirmed` is asked for when the text names health."""

    text = forms.CharField(
        label=_("Dit svar"),
        required=False,  # said in the service's words
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Skriv neutralt: intet CPR-nummer, intet om helbred. En sms kan læses af andre."),
    )
    health_confirmed = forms.BooleanField(label=_("Teksten skal sendes, som den er"), required=False)
    marks_optional = False


class OutcomeForm(forms.Form):
    """What the reply says, as it would be recorded after a call."""

    outcome = forms.ChoiceField(label=_("Svaret betyder"), choices=[("", _("Vælg")), *WRITTEN_OUTCOMES])
    barrier = forms.ChoiceField(label=_("Grund"), required=False, choices=[("", _("Ikke oplyst")), *Barrier.choices])
    marks_optional = False


class AssignConversationForm(forms.Form):
    """Who goes on with it; empty = whoever comes next."""

    to_user = forms.ModelChoiceField(label=_("Kollega"), queryset=User.objects.none(), required=False)
    marks_optional = False

    def __init__(self, *args: Any, colleagues: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to_user"]
        field.queryset = User.objects.filter(pk__in=[user.pk for user in colleagues])  # type: ignore[attr-defined]
        field.empty_label = _("Den næste, der er ledig")  # type: ignore[attr-defined]
        field.label_from_instance = lambda user: user.display_name  # type: ignore[attr-defined]


class WhoseNumberForm(forms.Form):
    """Find the citizen a number belongs to; by name, telephone or CPR as everywhere."""

    query = forms.CharField(label=_("Find borgeren"), max_length=100, help_text=_("Navn, telefon eller CPR-nummer"))

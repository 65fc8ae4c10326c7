"""What the answer form offers for one citizen, and the questions that outcomes ask (K6, K7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from outreach.design.widgets import ButtonChoice
from registry.models import Barrier, Outcome

from ..models import CallNeed, SpokeWith, WorryTopic
from .outcome_groups import QUESTION_KEYS
from .widgets import ButtonChecks

Choices = Sequence[tuple[str, Any]]
SAME, LEFT_OUT, OTHER_TIME = "same", "none", "other"
HELPS = [("interpreter", _("Tolk")), ("relative", _("Pårørende"))]


@dataclass(frozen=True)
class CallChoices:
    """What this citizen's form offers: pairs of value and label. `people` are those who may have been spoken with,
    `quick` the times to call back; `interpreted` names the language an interpreter would speak, or is empty.
    """

    programmes: Choices = ()
    household: Choices = ()
    people: Choices = ((SpokeWith.CITIZEN.value, ""),)
    sessions: Choices = ()
    phones: Choices = ()
    quick: Choices = ()
    languages: Choices = ()
    language: str = "da"
    interpreted: str = ""
    guardian: bool = False
    child: bool = False


def _keyed(choices: Choices) -> dict[str, str]:
    """The bottom row's letters, in order, for the choices of a question."""
    return dict(zip([value for value, _label in choices], QUESTION_KEYS, strict=False))


def buttons(label: Any, choices: Choices, *, layout: str = "grid", **options: Any) -> forms.ChoiceField:
    """One choice among buttons, each with a key of the bottom row."""
    widget = ButtonChoice(layout=layout, hotkeys=_keyed(choices))
    return forms.ChoiceField(label=label, required=False, choices=choices, widget=widget, **options)


def question_fields(choices: CallChoices) -> dict[str, forms.Field]:
    """The questions that an outcome may ask, each with its keys."""
    quick = [*choices.quick, (OTHER_TIME, _("Andet tidspunkt …"))]
    sessions = [*choices.sessions, ("", _("Ved ikke endnu"))]
    fields: dict[str, forms.Field] = {}
    fields["barrier"] = buttons(_("Hvorfor?"), Barrier.choices, layout="stacked")
    fields["call_back"] = buttons(_("Hvornår skal du ringe igen?"), quick)
    fields["session"] = buttons(_("Hvilket sted?"), sessions, layout="stacked")
    fields["topic"] = buttons(_("Hvad skal fagsamtalen handle om?"), WorryTopic.choices)
    fields["language_help"] = buttons(_("Hvem kan hjælpe?"), HELPS, layout="row")
    fields["wrong_phone"] = buttons(_("Hvilket nummer er forkert?"), choices.phones, layout="stacked")
    if len(choices.phones) == 1:
        fields["wrong_phone"].initial = choices.phones[0][0]
    fields["language"] = forms.ChoiceField(
        label=_("Hvilket sprog taler borgeren?"), required=False, choices=choices.languages, initial=choices.language
    )
    fields["needs"] = forms.MultipleChoiceField(
        label=_("Hvad har borgeren brug for?"),
        required=False,
        choices=CallNeed.choices,
        widget=ButtonChecks(hotkeys=_keyed(CallNeed.choices)),
    )
    return fields


def labelled(outcomes: Sequence[Outcome]) -> list[tuple[str, Any]]:
    """Value and label of each."""
    return [(each.value, each.label) for each in outcomes]


def joined_values(outcomes: Sequence[Outcome]) -> str:
    """The values as `data-shown-when` takes them."""
    return ",".join(each.value for each in outcomes)

"""Filters above the call queue, and what to do with the calls that are ticked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from outreach.access.models import User

from ..selectors.queue_page import QueueFilter

STATES = [
    ("due", _("Klar nu")),
    ("later", _("Senere")),
    ("agreed", _("Aftalt i dag")),
    ("claimed", _("I gang")),
    ("untried", _("Ikke ringet endnu")),
    ("retry", _("Ringet forgæves")),
]
DEADLINES = [
    ("overdue", _("Over fristen")),
    ("today", _("I dag")),
    ("tomorrow", _("I morgen")),
    ("later", _("Senere")),
    ("none", _("Uden frist")),
]
PRIORITIES = [("agreed", _("Aftalt tid")), ("mandatory", _("Pligt")), ("voluntary", _("Frivillig"))]
# A number with more digits is no key of the database.
KEY_DIGITS = 19
NOBODY = ("0", _("Den næste, der er ledig"))


class QueueFilterForm(forms.Form):
    """Sent by GET; holds no personal data. An unknown value shows the whole queue.

    `languages` are (code, name) pairs.
    """

    state = forms.ChoiceField(label=_("Vis"), required=False, choices=[("", _("Hele køen")), *STATES])
    deadline = forms.ChoiceField(label=_("Frist"), required=False, choices=[("", _("Alle")), *DEADLINES])
    priority = forms.ChoiceField(label=_("Gruppe"), required=False, choices=[("", _("Alle")), *PRIORITIES])
    language = forms.ChoiceField(label=_("Sprog"), required=False)
    caller = forms.TypedChoiceField(label=_("Hos"), required=False, coerce=lambda value: int(value), empty_value=None)
    marks_optional = False

    def __init__(
        self, *args: Any, languages: Sequence[tuple[str, str]], callers: Sequence[User], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [  # type: ignore[attr-defined]
            ("", _("Alle")),
            *languages,
        ]
        self.fields["caller"].choices = [  # type: ignore[attr-defined]
            ("", _("Alle")),
            NOBODY,
            *[(str(user.pk), user.display_name) for user in callers],
        ]

    def chosen(self) -> QueueFilter:
        """The filter; what does not validate is left out."""
        self.is_valid()
        return QueueFilter(**{name: value for name, value in self.cleaned_data.items() if name in self.fields})


class HandOnForm(forms.Form):
    """What to do with the ticked calls. `to_user` counts for `assign` only; empty = whoever comes next."""

    act = forms.ChoiceField(choices=[(each, each) for each in ("assign", "release", "take_over")])
    to_user = forms.ModelChoiceField(label=_("Tildel til"), queryset=User.objects.none(), required=False)

    def __init__(self, *args: Any, callers: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_user"].queryset = User.objects.filter(  # type: ignore[attr-defined]
            pk__in=[user.pk for user in callers]
        )

    def task_ids(self) -> list[int]:
        """The ticked calls, any key: the service takes those of the own municipality."""
        ticked = self.data.getlist("task") if isinstance(self.data, QueryDict) else []
        return [int(value) for value in ticked if value.isdecimal() and len(value) < KEY_DIGITS]

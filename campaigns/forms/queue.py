"""Filters above the call queue, and the choice of a caller for one task."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from outreach.access.models import User

from ..selectors.queue_page import QueueFilter


class QueueFilterForm(forms.Form):
    """Sent by GET; holds no personal data. An unknown value shows the whole queue.

    `languages` are (code, name) pairs.
    """

    state = forms.ChoiceField(
        label=_("Vis"),
        required=False,
        choices=[("", _("Hele køen")), ("due", _("Klar nu")), ("claimed", _("I gang"))],
    )
    deadline = forms.ChoiceField(
        label=_("Frist"),
        required=False,
        choices=[("", _("Alle")), ("overdue", _("Over fristen")), ("today", _("I dag"))],
    )
    language = forms.ChoiceField(label=_("Sprog"), required=False)
    caller = forms.TypedChoiceField(
        label=_("Medarbejder"), required=False, coerce=lambda value: int(value), empty_value=None
    )
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
            ("0", _("Ingen")),
            *[(str(user.pk), user.display_name) for user in callers],
        ]

    def chosen(self) -> QueueFilter:
        """The filter; what does not validate is left out."""
        self.is_valid()
        return QueueFilter(**{name: value for name, value in self.cleaned_data.items() if name in self.fields})


class AssignForm(forms.Form):
    """Who is to make the call; empty = whoever comes next."""

    to_user = forms.ModelChoiceField(label=_("Tildel til"), queryset=User.objects.none(), required=False)

    def __init__(self, *args: Any, callers: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_user"].queryset = User.objects.filter(  # type: ignore[attr-defined]
            pk__in=[user.pk for user in callers]
        )

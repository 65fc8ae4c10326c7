"""Widgets DKFDS lacks: a drop zone for files and radios drawn as buttons."""

from collections.abc import Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any

from django import forms
from django.utils.functional import Promise


class FileDrop(forms.FileInput):
    """A file input in a drop zone. `hint` says what fits: kinds and size ("XLSX, CSV … højst 50 MB")."""

    template_name = "design/widgets/file_drop.html"

    def __init__(self, attrs: dict[str, Any] | None = None, *, hint: str | Promise = "") -> None:
        super().__init__(attrs)
        self.hint = hint

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Adds the hint to Django's context."""
        context = super().get_context(name, value, attrs)
        context["widget"]["hint"] = self.hint
        return context


class ButtonChoice(forms.RadioSelect):
    """Radios that look like buttons, in the groups of the choices, each with its key.

    `hotkeys` maps a value to the key that picks it; `layout` is "grid" (two columns), "stacked" or "row".
    """

    template_name = "design/widgets/button_choice.html"
    draws_itself = True

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        choices: Any = (),
        *,
        hotkeys: Mapping[str, str] | None = None,
        layout: str = "grid",
    ) -> None:
        super().__init__(attrs, choices)
        self.hotkeys = dict(hotkeys or {})
        self.layout = layout

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Adds the layout, and puts neighbouring options without a group into one block."""
        context = super().get_context(name, value, attrs)
        context["widget"]["layout"] = self.layout
        context["widget"]["blocks"] = [
            (label, [option for _, options, _ in groups for option in options])
            for label, groups in groupby(context["widget"]["optgroups"], key=itemgetter(0))
        ]
        return context

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds each option's key."""
        option = super().create_option(name, value, *args, **kwargs)
        option["hotkey"] = self.hotkeys.get(str(value), "")
        return option

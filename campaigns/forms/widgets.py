"""The outcome buttons: three groups of radios, the third opened by "Andet …"."""

from typing import Any

from outreach.design.widgets import ButtonChoice


class OutcomeChoice(ButtonChoice):
    """Radios as buttons. The last group, of the rarer outcomes, stays folded until its button or a choice opens it.

    Folded by style alone, so it opens without script too; its keys work only while it is open.
    """

    template_name = "campaigns/widgets/outcome_choice.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Adds the key of "Andet …" and whether it starts open."""
        context = super().get_context(name, value, attrs)
        rest = context["widget"]["optgroups"][-1][1] if context["widget"]["optgroups"] else []
        context["widget"]["more_hotkey"] = self.hotkeys.get("", "")
        context["widget"]["more_open"] = any(option["selected"] for option in rest)
        return context


class ButtonChecks(ButtonChoice):
    """Checkboxes that look like buttons: several may be chosen."""

    template_name = "campaigns/widgets/button_checks.html"
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """All that were ticked."""
        return data.getlist(name) if hasattr(data, "getlist") else data.get(name)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Nothing ticked is an answer too."""
        return False

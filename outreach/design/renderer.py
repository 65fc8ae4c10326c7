"""Draws every Django form with the markup and classes of the Danish common design system (DKFDS).

Set as FORM_RENDERER; a template then writes `{{ form.name.as_field_group }}` or `{{ form }}`.
"""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.forms.widgets import Input

# The widget's own class is kept in front of these. Order matters: subclasses before their parents.
_CLASS_BY_WIDGET: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "form-checkbox"),
    (forms.RadioSelect, "form-radio"),
    (forms.CheckboxInput, "form-checkbox"),
    (forms.Select, "form-select"),
    (forms.FileInput, "form-file"),
    (forms.Textarea, "form-input"),
    (Input, "form-input"),
)


def design_class(widget: forms.Widget) -> str:
    """The DKFDS class of a widget, or an empty string for one that draws itself."""
    if getattr(widget, "draws_itself", False) or widget.is_hidden:
        return ""
    return next((name for kind, name in _CLASS_BY_WIDGET if isinstance(widget, kind)), "")


class DesignBoundField(BoundField):
    """A bound field that adds DKFDS classes to its widget and knows how its label is drawn."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        """Django's attributes plus the design class; classes given by the form come first."""
        drawn = widget or self.field.widget
        built = super().build_widget_attrs(attrs, drawn)
        classes = [built.get("class") or drawn.attrs.get("class", ""), design_class(drawn)]
        joined = " ".join(str(name) for name in classes if name)
        return {**built, "class": joined} if joined else built

    @property
    def marks_optional(self) -> bool:
        """Say "(frivilligt)" at the label, unless the form is a filter (`marks_optional = False` on the form)."""
        return not self.field.required and getattr(self.form, "marks_optional", True)

    @property
    def is_single_checkbox(self) -> bool:
        """A lone checkbox has its label to the right and no label above."""
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def error_target(self) -> str:
        """The id an error summary links to: the first control that can take focus."""
        if self.id_for_label:
            return self.id_for_label
        choices = self.subwidgets
        return choices[0].id_for_label or "" if choices else ""


class DesignRenderer(TemplatesSetting):
    """Form, field and error templates under templates/django/forms/."""

    form_template_name = "django/forms/form.html"
    field_template_name = "django/forms/field.html"
    bound_field_class = DesignBoundField

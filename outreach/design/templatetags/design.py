"""Template tags of the frame: error summaries and pagination. {% load design %}."""

from collections.abc import Iterator
from dataclasses import dataclass

from django import forms, template
from django.core.paginator import Page
from django.http import QueryDict

register = template.Library()


@dataclass(frozen=True)
class ErrorLink:
    """One line of an error summary; `target` is the id of the field, empty for the form as a whole."""

    message: str
    target: str


@register.filter
def error_links(form: forms.BaseForm | None) -> list[ErrorLink]:
    """Every error of a bound form in field order, the form's own first; a field's is named by its label."""
    return [] if form is None else list(_errors_of(form))


def _errors_of(form: forms.BaseForm) -> Iterator[ErrorLink]:
    for message in form.non_field_errors():
        yield ErrorLink(str(message), "")
    for field in form:
        for message in field.errors:
            named = str(field.label) if str(field.label).endswith("?") else f"{field.label}:"
            yield ErrorLink(f"{named} {message}", getattr(field, "error_target", field.id_for_label))


@register.simple_tag
def page_address(parameters: QueryDict | None, number: int) -> str:
    """The query string of another page with every other parameter kept: `?group=7&page=2`."""
    kept = parameters.copy() if parameters is not None else QueryDict(mutable=True)
    kept["page"] = str(number)
    return f"?{kept.urlencode()}"


@register.filter
def page_numbers(page: Page) -> list[int | str]:
    """Page numbers around the current one; gaps are `…`."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))

"""Forms of the text library: one for each kind of text, each giving the content that a version holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from outreach.design.fields import DanishDateField

from ..models import ContentClass
from ..texts.catalogue import LETTER, SCRIPT, SMS, TextDefinition

# A script shows this many empty rows for further worries.
EMPTY_ROWS = 2


class TextForm(forms.Form):
    """What every kind has: why it was written, and which version the writer saw. `parts` are the kind's own fields."""

    parts: ClassVar[tuple[str, ...]] = ()
    note = forms.CharField(label=_("Hvorfor retter du?"), max_length=200, required=False)
    after = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean_body(self) -> str:
        """The text as it will be sent: browsers write line ends as two characters."""
        return str(self.cleaned_data["body"]).replace("\r\n", "\n").strip()

    def content(self) -> dict[str, Any]:
        """The parts of the text, as the model holds them."""
        return {part: self.cleaned_data[part] for part in self.parts}

    @classmethod
    def initial_from(cls, content: Mapping[str, Any]) -> dict[str, Any]:
        """The form's first values for a text."""
        return dict(content)


class MessageForm(TextForm):
    """An SMS."""

    body = forms.CharField(label=_("Tekst"), widget=forms.Textarea(attrs={"rows": 6}), max_length=1600, strip=True)
    content_class = forms.ChoiceField(label=_("Indhold"), choices=ContentClass)
    field_order = ["body", "content_class", "note", "after"]
    parts = ("body", "content_class")


class LetterForm(TextForm):
    """A letter; an empty line parts paragraphs, `##` begins a heading and `*` a point in a list."""

    title = forms.CharField(label=_("Overskrift"), max_length=120)
    body = forms.CharField(
        label=_("Brevets tekst"),
        widget=forms.Textarea(attrs={"rows": 24}),
        max_length=6000,
        help_text=_("En tom linje deler afsnit. Begynd en overskrift med ## og et punkt med *."),
    )
    field_order = ["title", "body", "note", "after"]
    parts = ("title", "body")


class ScriptForm(TextForm):
    """A call script: three parts of paragraphs, and a row for each worry with its answer."""

    opening = forms.CharField(label=_("Sådan begynder du"), widget=forms.Textarea(attrs={"rows": 7}), max_length=4000)
    further = forms.CharField(
        label=_("Sådan fortsætter du"), widget=forms.Textarea(attrs={"rows": 6}), max_length=4000, required=False
    )
    closing = forms.CharField(
        label=_("Sådan slutter du"), widget=forms.Textarea(attrs={"rows": 5}), max_length=4000, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(self._rows()):
            self.fields[f"worry_{number}"] = forms.CharField(label=_("Bekymring"), max_length=120, required=False)
            self.fields[f"answer_{number}"] = forms.CharField(
                label=_("Svar"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
            )

    def _rows(self) -> int:
        source = self.data if self.is_bound else self.initial
        return sum(1 for name in source if str(name).startswith("worry_")) + (0 if self.is_bound else EMPTY_ROWS)

    def pairs(self) -> list[tuple[Any, Any]]:
        """The rows of worries as bound fields, for the template."""
        return [(self[f"worry_{number}"], self[f"answer_{number}"]) for number in range(self._rows())]

    def clean(self) -> dict[str, Any]:
        """A worry needs its answer, and an answer its worry."""
        cleaned = super().clean() or {}
        for number in range(self._rows()):
            worry, answer = cleaned.get(f"worry_{number}", ""), cleaned.get(f"answer_{number}", "")
            if worry and not answer:
                self.add_error(f"answer_{number}", _("Skriv et svar, eller slet bekymringen."))
            if answer and not worry:
                self.add_error(f"worry_{number}", _("Skriv, hvad borgeren er bekymret for."))
        return cleaned

    def content(self) -> dict[str, Any]:
        """Lists of paragraphs, and worries with their answers."""
        parts = {part: paragraphs(self.cleaned_data[part]) for part in ("opening", "further", "closing")}
        answers = [
            {"worry": self.cleaned_data[f"worry_{number}"], "answer": self.cleaned_data[f"answer_{number}"]}
            for number in range(self._rows())
            if self.cleaned_data.get(f"worry_{number}")
        ]
        return {**parts, "answers": answers}

    @classmethod
    def initial_from(cls, content: Mapping[str, Any]) -> dict[str, Any]:
        """Paragraphs joined by an empty line; a field for each worry and answer."""
        initial = {part: "\n\n".join(content[part]) for part in ("opening", "further", "closing")}
        for number, each in enumerate(content["answers"]):
            initial |= {f"worry_{number}": each["worry"], f"answer_{number}": each["answer"]}
        return initial


def paragraphs(text: str) -> list[str]:
    """`a⏎⏎b` as ["a", "b"]."""
    blocks = text.replace("\r\n", "\n").split("\n\n")
    return [block.strip() for block in blocks if block.strip()]


FORMS: dict[str, type[TextForm]] = {SMS: MessageForm, SCRIPT: ScriptForm, LETTER: LetterForm}


def text_form(text: TextDefinition, data: Any = None, content: Mapping[str, Any] | None = None) -> TextForm:
    """The form for a kind of text, bound to `data` or filled with `content`."""
    form_class = FORMS[text.kind]
    initial: dict[str, Any] = {"content_class": text.content_class}
    if content is not None:
        initial |= form_class.initial_from(content)
    return form_class(data, initial=initial)


class WithdrawForm(forms.Form):
    """Why a text is taken out of use."""

    note = forms.CharField(label=_("Hvorfor?"), max_length=200)


class PriceForm(forms.Form):
    """What a segment costs, from a day on."""

    ore = forms.DecimalField(
        label=_("Øre for én sms-del"), min_value=0, max_value=1000, max_digits=7, decimal_places=2, localize=True
    )
    valid_from = DanishDateField(label=_("Fra og med"))


class LanguageForm(forms.Form):
    """Which text to translate into a language that has no column yet."""

    marks_optional = False
    text = forms.ChoiceField(label=_("Tekst"))
    language = forms.ChoiceField(label=_("Sprog"))

    def __init__(self, *args: Any, texts: list[tuple[str, Any]], languages: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["text"].choices = texts  # type: ignore[attr-defined]
        self.fields["language"].choices = languages  # type: ignore[attr-defined]
